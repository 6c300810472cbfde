"""Who is seen or heard in a frame, through everything that it was made from: by alias, or as somebody who was erased. Never by name."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from edgecode.answers.chain import Chains, Unknown
from edgecode.index.persons import Seen, seen_in
from edgecode.terms.identity import RecordId


class PersonSeen(Struct, frozen=True):
    """Somebody who is behind what is on screen. *alias* None: they were erased, on the day *erased_on*, which is no gap; or *state* is
    ``unknown``: the record says that there is somebody, and cannot tell who, although no erasure says so.

    *how*: depicted, heard, performed, or their likeness was a source. *version*: the version that they are noted in, on screen or
    behind it.
    """

    alias: str | None
    how: str
    state: Literal["recorded", "erased", "unknown"]
    erased_on: str | None
    version: RecordId


def people_behind(chains: Chains, version: int, frames: tuple[int, int] | None) -> tuple[PersonSeen, ...]:
    """Everybody noted in *frames* of a version (None: all) or in what these frames were made from, each once."""
    rows = chains.behind(version, frames)
    needed = {row.version: row.frames for row in rows}
    is_narrowed = frames is not None and chains.row(version).first is not None
    if frames is not None and is_narrowed:
        needed[version] = (frames,)
    found = [
        _person(chains, one)
        for one in seen_in(chains.store, sorted(needed))
        # Of a version with frames none may be needed: what is asked lies beyond its ends.
        if (needed[one.version] or not is_narrowed or chains.row(one.version).first is None)
        and _reaches(one, needed[one.version])
    ]
    return tuple(dict.fromkeys(found))


def unknown_people(people: Iterable[PersonSeen]) -> tuple[Unknown, ...]:
    """Those of *people* of whom nobody can tell who they are, as what is not known."""
    return tuple(
        Unknown(
            one.version,
            "person",
            "Who is it? Bring back the copy of the ledger and of keys.db in which it can be read; if they were erased, order it "
            "again: edgecode person erase --again",
        )
        for one in people
        if one.state == "unknown"
    )


def person_text(person: PersonSeen) -> str:
    """``P-01 (heard)``, or ``a person, erased 2026-11-23 (heard)``, or ``somebody, unknown (heard)``."""
    who = person.alias or ("somebody, unknown" if person.state == "unknown" else f"a person, erased {person.erased_on}")
    return f"{who} ({person.how.replace('-', ' ')})"


def people_text(people: Iterable[PersonSeen]) -> str:
    """Everybody, once for each way in which they are there."""
    return ", ".join(dict.fromkeys(map(person_text, people)))


def _reaches(one: Seen, needed: Iterable[tuple[int, int]]) -> bool:
    """Whether the noted frames meet the needed ones; a note without frames, and a need without frames, is of all of them."""
    ranges = list(needed)
    if one.first is None or one.end is None or not ranges:
        return True
    return any(first < one.end and one.first < end for first, end in ranges)


def _person(chains: Chains, one: Seen) -> PersonSeen:
    without: Literal["erased", "unknown"] = "erased" if one.erased is not None else "unknown"
    state: Literal["recorded", "erased", "unknown"] = "recorded" if one.alias is not None else without
    return PersonSeen(one.alias, one.how, state, one.erased, chains.row(one.version).key)
