"""The dupe list: the same person, replica, model, dataset or archive item in more than one place of the cuts in force."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.answers.agreements.resting import Moment, covering, rests_on
from edgecode.answers.chain import Chains
from edgecode.answers.check.answer import instances
from edgecode.answers.cuts.figures import clip_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.checks.considered import Considered
from edgecode.checks.findings import Finding
from edgecode.checks.register import Register
from edgecode.checks.uses import Span, Use

DUPE_COLUMNS = (
    "No.",
    "What",
    "Name",
    "Person ref",
    "Production",
    "Cut",
    "Reel",
    "Shot",
    "Record in",
    "Record out",
    "Frames",
    "Use kind",
    "Agreed?",
    "Outside by",
    "First use",
    "Finding",
    *LAST_COLUMNS,
)
What = Literal["person", "replica", "model", "dataset", "archive item"]
WHATS: tuple[What, ...] = ("person", "replica", "model", "dataset", "archive item")
NOT_JUDGED = "not judged: the rules were not asked"


class CutUses(Struct, frozen=True):
    """The uses of one cut; *findings* None: the rules were not asked."""

    view: CutView
    uses: Sequence[Use]
    findings: Sequence[Finding] | None


class _Item(Struct, frozen=True, order=True):
    """What is used: its kind, its key, and its name for people."""

    rank: int
    name: str
    key: str

    @property
    def what(self) -> What:
        return WHATS[self.rank]


class _Place(Struct, frozen=True):
    of: CutUses
    use: Use
    span: Span


def dupe_list(
    cuts: Sequence[CutUses],
    chains: Chains,
    register: Register,
    moment: Moment,
    *,
    production: str,
    what: Iterable[What] = WHATS,
) -> Sheet:
    """Every use of what is used in more than one stretch, group by group, each in the order of the cuts. *what*: these kinds alone.

    People who cannot be told are in no group, and are counted at the foot: nobody knows whether two of them are one.
    """
    wanted = set(what)
    groups: dict[_Item, list[_Place]] = {}
    unknown = 0
    for one in cuts:
        for use in one.uses:
            unknown += use.person_state in ("erased", "unknown")
            for item in _items(use, chains, register):
                if item.what in wanted:
                    groups.setdefault(item, []).extend(_Place(one, use, span) for span in instances(use.spans))
    again = {item: places for item, places in groups.items() if _is_used_again(places)}
    rows, number = [], 0
    for item in sorted(again):
        places = sorted(again[item], key=_order)
        for place in places:
            number += 1
            rows.append(_row(number, item, place, places[0], chains, register, moment, production))
    return Sheet(f'DUPES  "{production}"', DUPE_COLUMNS, tuple(rows), foot=tuple(_foot(groups, again, cuts, unknown)))


def _items(use: Use, chains: Chains, register: Register) -> Iterator[_Item]:
    """What a use is of. What has a record of its own goes by it; a model that is known by name alone goes by name and digests."""
    if use.person is not None and use.alias:
        yield _Item(0, use.alias, use.alias)
    for record in sorted(use.about):
        if record in register.replicas:
            replica = register.replicas[record]
            yield _Item(1, f"{replica.kind} of {replica.whom.alias or 'somebody'}".replace("_", " "), record)
        elif record in register.datasets:
            yield _Item(3, _name(chains, record), record)
    if use.kind in ("licensed_material", "archival_alteration"):
        yield from (_Item(4, _name(chains, record), record) for record in use.material)
    dense = chains.dense(use.version) if use.version else None
    if dense is None:
        return
    seen = set()
    for step in chains.lineage(dense, None):
        for model in step.models:
            key = "\n".join((model.name, *(f"{dialect}:{value}" for dialect, value in sorted(model.hashes.items()))))
            if key not in seen:
                seen.add(key)
                yield _Item(2, model.name, key)


def _name(chains: Chains, record: str) -> str:
    dense = chains.dense(record)
    return chains.ref(dense).name if dense is not None else NOT_RECORDED


def _is_used_again(places: Sequence[_Place]) -> bool:
    """Whether it stands in two stretches that are not the same clip's, or in two cuts."""
    return len({(place.of.view.cut, place.span.clip, place.span.first) for place in places}) > 1


def _order(place: _Place) -> tuple[str, str, int, bool, int, str]:
    return (
        place.of.view.name,
        place.of.view.cut,
        place.span.first,
        place.span.medium != "picture",
        place.span.clip,
        place.use.kind,
    )


def _row(
    number: int,
    item: _Item,
    place: _Place,
    first: _Place,
    chains: Chains,
    register: Register,
    moment: Moment,
    production: str,
) -> tuple[str, ...]:
    view, span, use = place.of.view, place.span, place.use
    held = [one for one in place.of.findings or () if one.use.key == use.key and one.held("deliver") != "open"]
    relied = ", ".join(map(_agreed, rests_on(use, register, moment)))
    dense = chains.dense(use.version) if use.version else None
    step = chains.first_step(dense) if dense is not None else None
    outside = (
        NOT_JUDGED
        if place.of.findings is None
        else "; ".join(one.card.title for one in held[:2]) or "no rule that judged holds it"
    )
    return (
        str(number),
        item.what,
        item.name,
        use.alias or {"erased": "somebody erased", "unknown": "somebody unknown"}.get(use.person_state, "none"),
        production,
        view.name,
        next((name for name, reel in view.reels if span.first in reel), "1"),
        clip_name(view.clips[span.clip]) if span.clip >= 0 else NOT_RECORDED,
        view.clock.label(span.first),
        view.clock.label(span.end),
        str(span.frames),
        use.kind.replace("_", " "),
        relied or "no agreement on file",
        outside,
        "yes" if place is first else "no",
        ", ".join(one.name for one in held) or ("not judged" if place.of.findings is None else "none"),
        cell(chains.ref(dense).edge_code if dense is not None else ""),
        step.grade if step is not None and step.kind is not None else "unaccounted",
        cell(str(step.ledger) if step is not None else ""),
    )


def _agreed(one: Considered) -> str:
    """``C-01 (revoked): yes``: whether it covers the use, and how it stands where it is in force no more."""
    standing = f" ({one.state})" if one.state not in ("active", None) else ""
    return f"{one.agreement.label}{standing}: {covering(one)}"


def _foot(
    groups: Mapping[_Item, Sequence[_Place]],
    again: Mapping[_Item, Sequence[_Place]],
    cuts: Sequence[CutUses],
    unknown: int,
) -> Iterator[str]:
    for what in WHATS:
        used = sum(1 for item in groups if item.what == what)
        more = sum(1 for item in again if item.what == what)
        yield f"{counted(used, what)} used, {more:,} in more than one place of {counted(len(cuts), 'cut')}"
    if unknown:
        yield f"{counted(unknown, 'use')} of people who cannot be told stand in no group: nobody knows whether two of them are one."
    yield "Other productions are not looked at: who somebody is there is known under another reference (edgecode export parquet)."
