"""Edge codes in cuts: the comment ``EDGECODE: …`` and the metadata ``edgecode: {"code": …}``, in the one form we store."""

import re

from edgecode.errors import InputError
from edgecode.terms.identity import is_record_id, read_edge_code

_COMMENT = re.compile(r"^\**\s*EDGE[ _-]?CODE\s*[:=]?\s+(.+)$", re.IGNORECASE)


def code_in(comment: str) -> str | None:
    """What an ``EDGECODE:`` comment says after the word; None when the comment is about something else."""
    match = _COMMENT.match(comment.strip())
    return match[1].strip() if match else None


def settled_code(written: str) -> str | None:
    """An edge code or a record id in the form we store; None when it is neither."""
    text = written.strip()
    if is_record_id(text.lower()):
        return text.lower()
    try:
        return str(read_edge_code(text))
    except InputError:
        return None
