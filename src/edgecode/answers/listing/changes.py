"""The change list between two cuts: what came, went, grew, slipped or was made anew, and what of it nobody has agreed to yet."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from edgecode.answers.agreements.relied import RelyingOn, relied_text
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.accounts import MEDIA
from edgecode.answers.cuts.figures import clip_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.answers.listing.pairing import Pair, UsedClip, paired
from edgecode.answers.listing.used_clips import Counted, generated_difference, used_clips
from edgecode.answers.matchback.answer import grade_text, origin_text
from edgecode.terms.origins import Account, letter_of
from edgecode.terms.timebase import exact_number

CHANGE_COLUMNS = (
    "No.",
    "Change",
    "Old event",
    "New event",
    "Old record in",
    "New record in",
    "Head ±",
    "Tail ±",
    "Running total",
    "Clip",
    "Version old → new",
    "Origin",
    "Affects",
    "Still covered?",
    "Chase",
    *LAST_COLUMNS,
)
NOT_JUDGED = "not judged: the rules were not asked"
_SHOWN = 3
"""So many findings of one clip stand on its line; the check lists all."""


class HeldFinding(Struct, frozen=True):
    """A finding that holds a delivery. *key*: the same in every cut; *title*, *fix*: the rule's own words; *who*: who has to act;
    *reopened*: it was answered for something else than what is shown now."""

    key: str
    title: str
    fix: str
    who: str
    reopened: bool = False


ByClip = Mapping[int, Sequence[HeldFinding]]


class Judged(Struct, frozen=True):
    """What holds a delivery of either cut, by number of the clip in its view."""

    old: ByClip
    new: ByClip


class _Row(Struct, frozen=True):
    pair: Pair
    words: tuple[str, ...]
    covered: str
    chase: str


def change_list(
    old: CutView,
    new: CutView,
    chains: Chains,
    *,
    production: str = "",
    relying: RelyingOn | None = None,
    judged: Judged | None = None,
) -> Sheet:
    """Every clip that is not the same in both cuts, in the order of the newer one; clips are paired by what they show and which part of it.

    The running total counts frames of clips (hidden ones never count), so that its last line is the difference between both cuts.
    *judged* None: the rules were not asked, and every line says so.
    """
    rate = new.clock.rate.fraction
    olds = {one.number: one for one in used_clips(old, chains, rate=rate)}
    news = {one.number: one for one in used_clips(new, chains, rate=rate)}
    pairs = paired(list(olds.values()), list(news.values()))
    rows = [row for pair in pairs if (row := _changed(pair, judged, new)) is not None]
    accounts = {"old": _accounts(old), "new": _accounts(new)}
    total, lines = Fraction(0), []
    for number, row in enumerate(rows, 1):
        total += row.pair.difference
        lines.append(_line(number, row, total, old, new, chains, accounts, relying))
    return Sheet(
        _title(old, new, production),
        CHANGE_COLUMNS,
        tuple(lines),
        head=_head(rows, len(pairs), generated_difference(old, new, olds, news), judged),
        foot=_foot(old, new, olds, news, total),
    )


def _title(old: CutView, new: CutView, production: str) -> str:
    named = f'"{production}"  ' if production else ""
    return (
        f"CHANGES  {named}{old.name} → {new.name}   {new.clock.rate.spoken} fps   {counted(new.clock.frames, 'frame')}"
    )


def _changed(pair: Pair, judged: Judged | None, new: CutView) -> _Row | None:
    """The line of a pair, None for one that is the same and of which the same is asked."""
    words = pair.words
    covered, chase, is_new = _coverage(pair, judged, new)
    if not words and is_new:
        words = ("scope",)
    return _Row(pair, words, covered, chase) if words else None


def _coverage(pair: Pair, judged: Judged | None, new: CutView) -> tuple[str, str, bool]:
    """Whether what is on file covers the clip as it stands now, what to chase, and whether something is asked that was not before."""
    if pair.new is None:
        return "it is no longer shown", "nothing", False
    short = _beyond(pair.new, new)
    if judged is None:
        return "; ".join(filter(None, (short, NOT_JUDGED))), "edgecode check", False
    # A finding of a whole cut has another key in another cut, and says the same there.
    was = judged.old.get(pair.old.number, ()) if pair.old is not None else ()
    before = {word for one in was for word in (one.key, one.title)}
    here = judged.new.get(pair.new.number, ())
    if not here:
        return (f"no: {short}", "the vendor: more frames", False) if short else ("yes", "nothing", False)
    fresh = [one for one in here if one.reopened or not before & {one.key, one.title}]
    told = [*([f"no: {short}"] if short else []), *(_told(one, before) for one in here[:_SHOWN])]
    if len(here) > _SHOWN:
        told.append(f"and {counted(len(here) - _SHOWN, 'more finding')}: edgecode check {new.name}")
    chase = dict.fromkeys(f"{one.who}: {one.fix}" for one in here[:_SHOWN])
    return "; ".join(told), "; ".join(chase), bool(fresh)


def _told(finding: HeldFinding, before: Collection[str]) -> str:
    if finding.reopened:
        return f"no: {finding.title} (what was answered was for something else)"
    if finding.key not in before and finding.title not in before:
        return f"newly needed: {finding.title}"
    return f"no: {finding.title}"


def _beyond(clip: UsedClip, view: CutView) -> str:
    """What a clip shows beyond the frames that its version has."""
    match = view.match_of.get(clip.number)
    if match is None or match.outside is None:
        return ""
    frames = clip.clip.record_out.__ceil__() - match.outside.__floor__()
    return f"{counted(frames, 'frame')} more than the version has, from {view.clock.label(match.outside.__floor__())}"


def _accounts(view: CutView) -> dict[int, Account]:
    found: dict[int, Account] = {}
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                found[one.clip] = found.get(one.clip, 0) | one.account
    return found


def _line(
    number: int,
    row: _Row,
    total: Fraction,
    old: CutView,
    new: CutView,
    chains: Chains,
    accounts: Mapping[str, Mapping[int, Account]],
    relying: RelyingOn | None,
) -> tuple[str, ...]:
    pair = row.pair
    view, clip, side = (new, pair.new, "new") if pair.new is not None else (old, pair.old, "old")
    assert clip is not None
    account = accounts[side].get(clip.number, 0)
    version = _version(view, clip)
    first, end = clip.clip.record_in.__floor__(), clip.clip.record_out.__ceil__()
    relied = relied_text(relying(view, clip.number, first, end)) if relying is not None else ""
    return (
        str(number),
        " + ".join(row.words),
        _event(old, pair.old),
        _event(new, pair.new),
        _place(old, pair.old),
        _place(new, pair.new),
        "0" if None in (pair.old, pair.new) else _signed(pair.head),
        _signed(pair.difference if None in (pair.old, pair.new) else pair.tail),
        _plus(total),
        clip_name(clip.clip),
        _versions(old, new, pair, chains),
        origin_text(account),
        relied or "no agreement on file",
        row.covered,
        row.chase,
        *_evidence(chains, version, account),
    )


def _signed(value: Fraction | None) -> str:
    """Frames added at one end; the tail of a clip that came or went is the whole clip, so that both ends sum up to the difference."""
    return "not known" if value is None else _plus(value)


def _plus(value: Fraction) -> str:
    return f"+{exact_number(value)}" if value > 0 else str(exact_number(value))


def _event(view: CutView, clip: UsedClip | None) -> str:
    if clip is None:
        return "none"
    return cell(clip.clip.event or str(clip.number + 1))


def _place(view: CutView, clip: UsedClip | None) -> str:
    return "none" if clip is None else view.clock.label(clip.clip.record_in.__floor__())


def _version(view: CutView, clip: UsedClip) -> int | None:
    match = view.match_of.get(clip.number)
    return match.version if match is not None else None


def _versions(old: CutView, new: CutView, pair: Pair, chains: Chains) -> str:
    before = _named(old, pair.old, chains)
    after = _named(new, pair.new, chains)
    return after if before == after else f"{before} → {after}"


def _named(view: CutView, clip: UsedClip | None, chains: Chains) -> str:
    if clip is None:
        return "none"
    version = _version(view, clip)
    return cell(chains.ref(version).name if version is not None else None)


def _evidence(chains: Chains, version: int | None, account: Account) -> tuple[str, str, str]:
    code = chains.ref(version).edge_code if version is not None else ""
    step = chains.first_step(version) if version is not None else None
    grade = "unaccounted" if letter_of(account) == "U" else grade_text(account)
    return cell(code), grade, cell(str(step.ledger) if step is not None else "")


def _head(rows: Sequence[_Row], pairs: int, generated: Counted, judged: Judged | None) -> tuple[str, ...]:
    chased = [number for number, row in enumerate(rows, 1) if row.chase not in ("nothing", "edgecode check")]
    kinds = [row.words[0] for row in rows]
    added, removed = kinds.count("added"), kinds.count("removed")
    must = f"YOU MUST CHASE: {len(chased)}"
    if judged is None:
        must = "YOU MUST CHASE: not known, the rules were not asked (edgecode check)"
    elif chased:
        must += f"   lines {', '.join(map(str, chased[:40]))}{' …' if len(chased) > 40 else ''}"
    frames = ", ".join(
        f"{exact_number(value)} {word}"
        for value, word in ((generated.came, "in"), (generated.went, "out"), (generated.stayed, "kept"))
    )
    return (
        must,
        f"Generated frames of picture: {frames}",
        f"Clips: {added:,} added, {removed:,} removed, {len(rows) - added - removed:,} changed, {pairs - len(rows):,} the same",
    )


def _foot(
    old: CutView, new: CutView, olds: Mapping[int, UsedClip], news: Mapping[int, UsedClip], total: Fraction
) -> tuple[str, ...]:
    before, after = (sum((one.frames for one in side.values()), Fraction(0)) for side in (olds, news))
    lengths = f"{old.name} {counted(old.clock.frames, 'frame')}, {new.name} {counted(new.clock.frames, 'frame')}"
    remapped = "" if old.clock.rate == new.clock.rate else f"; counted at {new.clock.rate.spoken} fps"
    return (
        f"Frames of clips: {exact_number(before)} before, {exact_number(after)} now, difference {_plus(total)}{remapped}",
        f"The cuts: {lengths}. Clips are paired by what they show, never by where they stand",
    )
