"""What a turnover asks: the frames of a cut that a house outside is to account for, row by row (edgecode.turnover-request/1)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from edgecode.answers.cuts.accounts import MEDIA, capped, version_frames
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.sheets import Sheet, cell
from edgecode.answers.lists import record_frames
from edgecode.errors import InputError, NotFoundError
from edgecode.events.door_kinds import AskedFrames
from edgecode.index.catalogue import VersionRow, version_rows
from edgecode.index.conform import Match
from edgecode.index.store import IndexStore
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import Reason
from edgecode.terms.frame_spans import FrameSpans, lacking, shared, spans
from edgecode.terms.origins import letter_of, reasons_of

SCHEMA = "edgecode.turnover-request/1"


class RequestRow(Struct, frozen=True, omit_defaults=True):
    """One asked range. *row*: its number from 1. *first*, *end*: half open, in the frames of the *file* or, where no file is known, of the
    *cut*. *record*: the same in the cut. *file*: its name; *sha256*, *sequence_root*: its content. *reasons*: why it is open now."""

    row: int
    shot: str
    counted_in: str
    first: int
    end: int
    record: tuple[int, int]
    record_tc: tuple[str, str]
    track: str
    file: str = ""
    sha256: str = ""
    sequence_root: str = ""
    reasons: tuple[str, ...] = ()


class TurnoverRequest(Struct, frozen=True, tag_field="schema", tag=SCHEMA):
    """What is handed over. *origin*: the log of whoever asks. *turnover*: the record of the request in it."""

    turnover: str
    number: str
    production: str
    origin: str
    cut: str
    rate: str
    due: str
    rows: tuple[RequestRow, ...]


class Asked(Struct, frozen=True):
    """A row and what the record keeps of it."""

    row: RequestRow
    frames: AskedFrames
    clip: int


def chosen_clips(
    view: CutView, *, shots: Sequence[str] = (), reels: Sequence[str] = (), clips: Sequence[int] = ()
) -> list[int]:
    """Indexes of the clips that are asked about, in cut order: those whose name begins so, of a reel of the cut, by number in the cut list.

    Raises NotFoundError ``turnover.no_clip`` for a word that fits none, InputError ``turnover.nothing_asked``.
    """
    if not (shots or reels or clips):
        raise InputError(
            "turnover.nothing_asked", "nothing is asked for", "Give --shot NAME, --reel R1 or --clip NUMBER"
        )
    wanted: set[int] = set()
    for word in shots:
        wanted |= _found(word, {n for n, one in enumerate(view.clips) if _is_called(one, word)})
    spans = dict(view.reels)
    for word in reels:
        span = spans.get(word.upper().removeprefix("R").lstrip("0") or word)
        inside = {
            n for n, one in enumerate(view.clips) if span and _overlap(record_frames(one), (span.first, span.end))
        }
        wanted |= _found(word, inside)
    order = sorted(range(len(view.clips)), key=lambda n: (view.clips[n].record_in, view.clips[n].path, n))
    for number in clips:
        wanted |= _found(str(number), {order[number - 1]} if 0 < number <= len(order) else set())
    kinds = {n for n in wanted if view.clips[n].kind not in ("black", "title") and view.clips[n].enabled}
    if not kinds:
        raise NotFoundError(
            "turnover.no_clip",
            "what was named holds no clip that anybody could account for",
            "List them: edgecode cut-list CUT",
        )
    return [n for n in order if n in kinds]


def asked_rows(store: IndexStore, view: CutView, clips: Iterable[int]) -> list[Asked]:
    """A row for each clip: the frames of its file, where one is known and the alignment can be computed, else of the cut."""
    chosen = list(clips)
    versions = [match.version for n in chosen if (match := view.match_of.get(n)) and match.version is not None]
    known = version_rows(store, versions, places=False)
    reasons = _reasons(view)
    return [
        _asked(view, n, known, row=row, reasons=tuple(reasons.get(n, ())))
        for row, n in enumerate(_on_screen(view, chosen), 1)
    ]


def shown_whole(view: CutView, number: int, file: VersionRow, frames: FrameSpans) -> FrameSpans:
    """The frames of a clip's file that are on screen in *frames* of the cut alone: what other frames of the clip show as well (a retime
    shows one twice) is left out."""
    clip, match = view.clips[number], view.match_of.get(number)
    others = lacking(spans([_within(view, clip)]), frames)
    if match is None:
        return ()
    if file.first is None or file.end is None:
        return () if others else ((0, 1),)
    return lacking(_touched(clip, match, file, frames), _touched(clip, match, file, others))


def _touched(clip: Clip, match: Match, file: VersionRow, frames: FrameSpans) -> FrameSpans:
    low, high = file.first or 0, file.end or 0
    found = (version_frames(clip, match, Fraction(first), Fraction(end)) or (low, high) for first, end in frames)
    return shared(((low, high),), spans(found))


def request_sheet(request: TurnoverRequest) -> Sheet:
    """The cut list of what is asked."""
    columns = (
        "No.",
        "Shot",
        "Track",
        "Record in",
        "Record out",
        "File",
        "Counted in",
        "First frame",
        "Last frame",
        "Open",
    )
    rows = tuple(
        (
            str(one.row),
            cell(one.shot),
            one.track,
            *one.record_tc,
            cell(one.file),
            one.counted_in,
            str(one.first),
            str(one.end - 1),
            ", ".join(one.reasons) or "none",
        )
        for one in request.rows
    )
    return Sheet(f"TURNOVER {request.number}  {request.production}", columns, rows)


def _asked(view: CutView, number: int, known: dict[int, VersionRow], *, row: int, reasons: tuple[str, ...]) -> Asked:
    clip, match = view.clips[number], view.match_of.get(number)
    first, end = _within(view, clip)
    file = known.get(match.version) if match is not None and match.version is not None else None
    span = _of_file(clip, view, number, file)
    counted_in, (low, high) = ("file", span) if span is not None and file is not None else ("cut", (first, end))
    said = RequestRow(
        row,
        clip_name(clip),
        counted_in,
        low,
        high,
        (first, end),
        (view.clock.label(first), view.clock.label(end)),
        track_name(clip, view.tracks),
        file.name if file is not None else "",
        (file.sha256 or "") if file is not None else "",
        (file.sequence_root or "") if file is not None else "",
        reasons,
    )
    asked = (
        AskedFrames(low, high, version=file.key)
        if counted_in == "file" and file is not None
        else AskedFrames(low, high, clip=view.keys[number])
    )
    return Asked(said, asked, number)


def _of_file(clip: Clip, view: CutView, number: int, file: VersionRow | None) -> tuple[int, int] | None:
    """The frames of its file that a clip shows, no more than the file has; (0, 1) of what has no frame numbers."""
    match = view.match_of.get(number)
    if match is None or file is None:
        return None
    if file.first is None or file.end is None:
        return 0, 1
    shown = version_frames(clip, match, clip.record_in, clip.record_out) or (file.first, file.end)
    low, high = max(shown[0], file.first), min(shown[1], file.end)
    return (low, high) if low < high else None


def _within(view: CutView, clip: Clip) -> tuple[int, int]:
    first, end = record_frames(clip)
    return max(0, first), min(view.clock.frames, end)


def _on_screen(view: CutView, clips: Iterable[int]) -> list[int]:
    return [n for n in clips if _within(view, view.clips[n])[0] < _within(view, view.clips[n])[1]]


def _reasons(view: CutView) -> dict[int, list[str]]:
    found: dict[int, dict[Reason, None]] = {}
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                account = capped(one.account, effects_visible=view.effects_visible)
                if letter_of(account) == "U":
                    found.setdefault(one.clip, {}).update(dict.fromkeys(reasons_of(account)))
    return {clip: [reason.value for reason in reasons] for clip, reasons in found.items()}


def _is_called(clip: Clip, word: str) -> bool:
    names = (
        clip_name(clip),
        clip.name,
        *clip.media.names,
        *(target.rpartition("/")[2] for target in clip.media.targets),
    )
    return any(name.casefold().startswith(word.casefold()) for name in names if name)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def _found(word: str, clips: set[int]) -> set[int]:
    if not clips:
        raise NotFoundError(
            "turnover.no_clip",
            f"no clip of the cut is meant by {word[:64]}",
            "Give the beginning of a clip's name, a reel (R1) or a number of edgecode cut-list CUT",
        )
    return clips
