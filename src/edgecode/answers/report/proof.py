"""The digest of a paper, and the code that a page carries: made again by whoever has the paper's JSON or the ledger (decision 0024)."""

from hashlib import sha256

import msgspec

from edgecode.answers.report.paper import Paper
from edgecode.events.codec import canonical
from edgecode.terms.identity import edge_digits

_PAPER = b"edgecode paper v1\n"
_PAGE = b"edgecode page v1\n"


def paper_digest(paper: Paper) -> bytes:
    """The SHA-256 digest of a paper."""
    return sha256(_PAPER + canonical(msgspec.to_builtins(paper))).digest()


def page_code(digest: bytes, first: int, last: int) -> str:
    """The proof code of a page with the lines *first* to *last*, as printed: two groups of five digits. 0, 0 is a page without a line."""
    digits = edge_digits(sha256(_PAGE + digest + canonical([first, last])).hexdigest())
    return f"{digits[:5]} {digits[5:]}"
