"""Where a cut rests on a person, an agreement, a replica, a model or a dataset: each stretch of each clip, frame by frame."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.check.answer import instances
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import Sheet, cell
from edgecode.answers.paper_notes.releases import ReleaseNote, note_for, note_text
from edgecode.answers.uses.derived import derived_uses, reached_spans
from edgecode.checks.considered import Asking, Considered, consents_for, licenses_for, same_picture_of
from edgecode.checks.lifecycle import LIVE
from edgecode.checks.register import Register
from edgecode.checks.uses import Span, Use
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number
from edgecode.terms.identity import RecordId

Meant: TypeAlias = Callable[[Use, Sequence[Considered]], bool]
COLUMNS = (
    "No.",
    "Cut",
    "Reel",
    "Track",
    "Clip",
    "Record in",
    "Record out",
    "Frames",
    "Version",
    "How",
    "Person",
    "Relies on",
    "Covers",
    "Released",
    "Seen",
    "Edge code",
)


class Resting(Struct, frozen=True):
    """One stretch of a clip that rests on what was asked about. *how*: in which way, for people. *relied*: the agreements that come
    nearest for it, by label and where it ended by how it stands, with yes, no or unknown for whether each covered it. *released*: legal
    released it after the loss of one."""

    view: CutView
    span: Span
    version: RecordId
    how: str
    alias: str = ""
    relied: tuple[tuple[str, str], ...] = ()
    released: ReleaseNote | None = None


class Moment(Struct, frozen=True):
    """When agreements are looked at: a day, and milliseconds since 1970 against which answers of keepers grow old."""

    today: str
    now: int


def asking_at(use: Use, register: Register, moment: Moment) -> Asking:
    """A use, asked about at a moment and no gate."""
    return Asking(use, register, moment.today, moment.now, None, same_picture_of(use))


def rests_on(use: Use, register: Register, moment: Moment) -> list[Considered]:
    """The agreement that comes nearest for a use's person, and the one for each of its materials."""
    asking = asking_at(use, register, moment)
    found = consents_for(asking)[:1]
    return found + [one for material in use.material for one in licenses_for(asking, material)[:1]]


def of_person(
    views: Iterable[CutView], chains: Chains, register: Register, person: int, moment: Moment
) -> list[Resting]:
    """Wherever somebody is depicted or heard, or something that was made or trained of them is."""
    return _of_uses(views, chains, register, moment, lambda use, relied: use.person == person)


def of_replica(
    views: Iterable[CutView], chains: Chains, register: Register, replica: RecordId, moment: Moment
) -> list[Resting]:
    """Wherever something made by a replica is on screen."""
    return _of_uses(views, chains, register, moment, lambda use, relied: replica in use.about)


def of_agreement(
    views: Iterable[CutView], chains: Chains, register: Register, agreement: RecordId, moment: Moment
) -> list[Resting]:
    """Wherever a use rests on an agreement: of everything on file that one comes nearest, whether or not it covers the use."""
    return _of_uses(
        views, chains, register, moment, lambda use, relied: any(one.agreement.id == agreement for one in relied)
    )


def of_versions(
    views: Iterable[CutView], chains: Chains, register: Register, versions: Sequence[RecordId]
) -> list[Resting]:
    """Wherever something is on screen that is one of *versions* (models, datasets, any), or was made from it in however many steps."""
    found: list[Resting] = []
    for view in views:
        for version, spans in reached_spans(view, chains, register, versions):
            how = "shown" if version in versions else "made from it"
            found += [Resting(view, span, version, how) for span in instances(spans)]
    return sorted(found, key=_order)


def _of_uses(
    views: Iterable[CutView],
    chains: Chains,
    register: Register,
    moment: Moment,
    is_meant: Meant,
) -> list[Resting]:
    found: list[Resting] = []
    for view in views:
        for use in derived_uses(view, chains, register):
            relied = rests_on(use, register, moment)
            if is_meant(use, relied):
                how = f"{use.kind}, {use.how}" if use.how else use.kind
                labels = tuple((_called(one), covering(one)) for one in relied)
                consent = next((one for one in relied if one.agreement.kind == "consent"), None)
                note = note_for(asking_at(use, register, moment), consent)
                found += [
                    Resting(view, span, use.version, how, use.alias, labels, note) for span in instances(use.spans)
                ]
    return sorted(found, key=_order)


def _order(one: Resting) -> tuple[str, str, bool, int, int, str]:
    return one.view.name, one.view.cut, one.span.medium != "picture", one.span.first, one.span.clip, one.how


def _called(one: Considered) -> str:
    """An agreement by its label, and where it stands if it gives nothing any more: ``C-01 (revoked)``."""
    return one.agreement.label if one.state in (None, *LIVE) else f"{one.agreement.label} ({one.state})"


def covering(one: Considered) -> str:
    """Whether an agreement gives what a use asks for: yes, no or unknown."""
    if one.covers is None or (one.covers and one.doubted):
        return "unknown"
    return "yes" if one.covers else "no"


def frames_of(found: Iterable[Resting], medium: str) -> int:
    """Frames of one cut in picture or sound, each counted once."""
    return len({frame for one in found if one.span.medium == medium for frame in range(one.span.first, one.span.end)})


def resting_sheet(found: Sequence[Resting], chains: Chains, *, what: str, foot: Sequence[str] = ()) -> Sheet:
    """Every stretch as a row, and the sums for each cut below. Nothing is said as nothing."""
    chains.read(number for one in found if (number := _dense(chains, one.version)) is not None)
    rows = tuple(_row(number, one, chains) for number, one in enumerate(found, 1))
    return Sheet(f"WHERE USED  {what}", COLUMNS, rows, foot=(*_sums(found), *foot))


def _sums(found: Sequence[Resting]) -> Iterator[str]:
    cuts = {one.view.cut: one.view for one in found}
    for cut, view in cuts.items():
        here = [one for one in found if one.view.cut == cut]
        picture, sound = frames_of(here, "picture"), frames_of(here, "sound")
        yield f"{view.name}: {counted(picture, 'frame')} of picture, {counted(sound, 'frame')} of sound, each counted once"
    if not found:
        yield "0 frames in the cuts of this production"


def _row(number: int, one: Resting, chains: Chains) -> tuple[str, ...]:
    view, span = one.view, one.span
    clip = view.clips[span.clip] if span.clip >= 0 else None
    dense = _dense(chains, one.version)
    shown = chains.ref(dense) if dense is not None else None
    return (
        str(number),
        view.name,
        next((name for name, frames in view.reels if span.first in frames), "1"),
        track_name(clip, view.tracks) if clip is not None else "all",
        clip_name(clip) if clip is not None else "the whole cut",
        view.clock.label(span.first),
        view.clock.label(span.end),
        cell(span.frames),
        cell(shown.name if shown is not None else None),
        one.how,
        one.alias or "none",
        ", ".join(label for label, _ in one.relied) or "none",
        ", ".join(covers for _, covers in one.relied) or "none",
        note_text(one.released) if one.released is not None else "no",
        span.visibility.value,
        cell(shown.edge_code if shown is not None else None),
    )


def _dense(chains: Chains, version: RecordId) -> int | None:
    found = chains.store.rows("version_id", key_of(version)) if version else []
    return first_number(found) if found else None
