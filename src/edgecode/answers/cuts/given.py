"""What somebody answered about versions and clips that nothing recorded explains: the words that stand, and their entry of the record."""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.index.cuts import CutRow
from edgecode.index.keys import record_of
from edgecode.index.making import gather
from edgecode.index.rows import data, first_number, ids_text, number, text
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind


class Given(Struct, frozen=True):
    """An answer in force: its id, the kind of making that it declares, and its entry of the ledger."""

    key: RecordId
    kind: StepKind
    log_index: int


def given_for_versions(store: IndexStore, versions: Iterable[int]) -> dict[int, Given]:
    """For each version that nothing but an answer explains, that answer; the choice is that of `index.accounts`."""
    asked = sorted(set(versions))
    named: dict[int, list[int]] = {version: [version] for version in asked}
    for version, twin, _, was_seen, *_ in store.rows("twins", ids_text(asked)):
        if was_seen:
            named[number(version)].append(number(twin))
    said: dict[int, tuple[str, bytes]] = {}
    for one, kind, _, key in store.rows(
        "answered_versions", ids_text({one for group in named.values() for one in group})
    ):
        said[number(one)] = text(kind), data(key)
    answered = [version for version in asked if any(one in said for one in named[version])]
    made = gather(store, answered)
    found = {}
    for version in answered:
        if not made.is_explained(version) and made.answer(version) is not None:
            found[version] = _given(store, *next(said[one] for one in named[version] if one in said))
    return found


def given_for_clips(store: IndexStore, cut: CutRow) -> dict[int, Given]:
    """For each clip of a cut that an answer names, by index in the clips, the latest answer in force about its making."""
    said = {
        number(position): (text(kind), data(key))
        for position, about, kind, _, key in store.rows("answered_clips", cut.id)
        if about == "making"
    }
    return {position: _given(store, *one) for position, one in said.items()}


def _given(store: IndexStore, kind: str, key: bytes) -> Given:
    return Given(record_of(key), StepKind(kind), first_number(store.rows("answer_entry", key)))
