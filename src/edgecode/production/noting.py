"""Gathers what papers about a cut say beside their own matter (`answers.paper_notes.cut`), from the register as it stands."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.check.answer import released_lines
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.cut import NO_NOTES, CutNotes, RulesDecided
from edgecode.answers.paper_notes.profile_changes import ProfileChanged, profile_changes
from edgecode.answers.paper_notes.releases import ReleasedUse
from edgecode.answers.uses.derived import derived_uses
from edgecode.checks.pack_states import Deciding, decision_flaw
from edgecode.checks.profile import AGREEMENTS
from edgecode.checks.register import Register
from edgecode.checks.releases import has_releases, released_in
from edgecode.checks.rules.open_words import settled
from edgecode.checks.uses import Use
from edgecode.errors import UnavailableError
from edgecode.index.persons import day_of
from edgecode.index.store import IndexStore
from edgecode.production.persons.noting import judged_at
from edgecode.production.record import Record
from edgecode.production.rule_packs.choosing import decided, packs_of


def notes_for(
    record: Record,
    view: CutView | None,
    *,
    index: IndexStore | None = None,
    register: Register | None = None,
    uses: Iterable[Use] | None = None,
    on: tuple[str, int] | None = None,
) -> CutNotes:
    """What is to be said beside an answer about a cut, or about none. *index*: another one than the record's own. *uses*: of the cut, where
    they are derived already. *on*: the day and moment for which releases are held, now without it."""
    store = index or record.index
    desk = register or Register.read(store, origin=record.log.origin)
    now = judged_at(record, desk)
    day, moment = on or (day_of(now), now)
    released: tuple[ReleasedUse, ...] = ()
    if view is not None and has_releases(desk):
        found = derived_uses(view, Chains(store), desk) if uses is None else uses
        released = released_lines(released_in(found, desk, today=day, now=moment), view)
    notes = CutNotes(
        released=released,
        profile_changes=tuple(profile_changes(desk)),
        rules_decided=tuple(_rules_decided(record, store, desk)),
    )
    return NO_NOTES if notes == NO_NOTES else notes


def notes_in_pack(record: Record, index: IndexStore, view: CutView, *, is_opened: bool) -> CutNotes:
    """The same for a pack about a cut: as of the newest entry, so that the record alone settles it, and without what is sealed.

    *is_opened*: what the production says of itself is open in this pack; else of the profile only the agreements that it declared are said.
    """
    register = Register.read(index, origin=record.log.origin)
    notes = notes_for(record, view, index=index, register=register, on=(day_of(register.newest), register.newest))
    changes = [one if is_opened or one.name in AGREEMENTS else _sealed(one) for one in notes.profile_changes]
    return (
        replace(
            notes,
            released=tuple(replace(one, clip="") for one in notes.released),
            profile_changes=tuple(changes),
        )
        if notes is not NO_NOTES
        else NO_NOTES
    )


def _sealed(one: ProfileChanged) -> ProfileChanged:
    return replace(one, before="(sealed)", after="(sealed)" if one.after is not None else None)


_SORTS: Sequence[tuple[str, ...]] = (("on", "off"), ("adopted", "cap_kept"), ("parameters",))


def _rules_decided(record: Record, store: IndexStore, register: Register) -> Iterator[RulesDecided]:
    """Of each pack and sort the newest decision that counts, and newer ones that do not."""
    if not register.pack_decisions:
        return
    known = decided(store, register.pack_decisions, origin=record.log.origin)
    flaws = _flaws(record, register, known)
    for pack in sorted({one.decision.pack for one in known}):
        for sort in _SORTS:
            listed = [n for n, one in enumerate(known) if one.decision.pack == pack and one.decision.choice in sort]
            counting = [n for n in listed if flaws[n] == ""]
            for n in [n for n in listed if not counting or n >= counting[-1]]:
                yield _line(known[n], flaws[n])


def _line(one: Deciding, flaw: str | None) -> RulesDecided:
    said = one.decision
    return RulesDecided(
        decision=said.id,
        pack=said.pack,
        choice=said.choice,
        by=one.alias,
        on=said.at,
        signed=one.signed,
        counts=None if flaw is None else not flaw,
        why="the rules of the clearance desk are not installed here" if flaw is None else flaw,
    )


def _flaws(record: Record, register: Register, known: Sequence[Deciding]) -> list[str | None]:
    """Why each decision does not count, "" where it does; None where the packs cannot be read here."""
    try:
        packs = {pack.id: pack for pack in packs_of(record, register=register)}
        profile = settled(register.profile)
        return [
            decision_flaw(packs[one.decision.pack], one, profile) if one.decision.pack in packs else "the pack is gone"
            for one in known
        ]
    except UnavailableError:
        return [None] * len(known)
