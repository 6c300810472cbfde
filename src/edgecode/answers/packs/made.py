"""What `edgecode pack --json` says of the file that it wrote (pack-made/1)."""

from msgspec import Struct

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.terms.identity import RecordId, Sha256


class PackMadeAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.pack-made/1"):
    """*file*: its name. *sha256*, *bytes*: of the whole file. *head*: the signed head that its proofs are under. *witnesses*:
    organisations that cosigned this head and count under the production's own policy; *reached*: whether they are enough for it."""

    file: str
    sha256: Sha256
    bytes: int
    pack: RecordId
    events: int
    head: LedgerPoint
    witnesses: tuple[str, ...]
    reached: bool
