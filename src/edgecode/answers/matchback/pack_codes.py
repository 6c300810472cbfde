"""What edge codes name in an evidence pack, by its own answer, after the pack was judged."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from edgecode.answers.matchback.codes import Lookup, Named
from edgecode.ledger.packs import verify_pack
from edgecode.ledger.verify import Verdict
from edgecode.ledger.zips import read_zip
from edgecode.terms.identity import EdgeCode


class _Version(Struct, frozen=True):
    id: str
    ledger: tuple[int, ...]
    edge_code: str = ""
    frames: tuple[int, int] | None = None


class _Answer(Struct, frozen=True):
    versions: tuple[_Version, ...] = ()


def named_in_pack(data: bytes) -> Lookup | None:
    """How a pack looks codes up; None where the pack does not verify. Versions go by their record ids: a pack has no names."""
    if verify_pack(data).verdict in (Verdict.INVALID, Verdict.DIVERGED, Verdict.UNVERIFIABLE):
        return None
    answer = msgspec.json.decode(read_zip(data).members["answer.json"], type=_Answer)
    known: dict[str, list[_Version]] = {}
    for version in answer.versions:
        if version.edge_code:
            known.setdefault(_digits(version.edge_code), []).append(version)

    def named(code: EdgeCode) -> Sequence[Named]:
        # Ten characters may name what has fifteen since a clash, and the other way round.
        found = [
            one
            for digits, versions in known.items()
            if digits.startswith(code.digits) or code.digits.startswith(digits)
            for one in versions
        ]
        return [_named(one) for one in found]

    return named


def _named(one: _Version) -> Named:
    first, end = one.frames or (None, None)
    return Named(one.id, one.edge_code, "as the pack says", ", ".join(map(str, one.ledger)), first, end)


def _digits(code: str) -> str:
    return "".join(code.split()[1:])
