"""The corridor between the rooms: opens a production's record and does what a user asks of it. It alone joins rooms."""

from edgecode.production.audit.whole import audit_of
from edgecode.production.corridor import Production
from edgecode.production.doors.cut_files import read_cuts

__all__ = ["Production", "audit_of", "read_cuts"]
