"""Cuts from the editing room: OTIO and EDL files read into one value, with every problem said."""

from edgecode.ingest.editorial.assembly import assemble
from edgecode.ingest.editorial.reading import read_cut, read_together

__all__ = ["assemble", "read_cut", "read_together"]
