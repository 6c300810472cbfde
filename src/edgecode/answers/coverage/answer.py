"""Coverage of a cut: how many of its frames are accounted for and which are not, as the contract coverage/1."""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.answers.cuts.explained import MediaRoots
from edgecode.answers.cuts.figures import Figures, Gap, Reel, Sums, figures, gap_rows, reel, sums
from edgecode.answers.cuts.loading import load_cut, production_title
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.cut import NO_NOTES, CutNotes
from edgecode.errors import HeldError
from edgecode.index.store import IndexStore
from edgecode.terms.timebase import FrameRange

SCHEMA = "edgecode.coverage/1"


class LedgerPoint(Struct, frozen=True):
    """The state of the record that an answer was given from: log, size, root in 64 hexadecimal characters."""

    origin: str
    size: int
    root: str


class Coverage(Sums, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag=SCHEMA):
    """The answer, exactly as ``edgecode coverage --json`` prints it (docs/reference/coverage-json.md).

    The sums at the top are the picture's; *audio* holds the sound's, zero frames when the cut carries no sound. *start* is the
    record timecode of the first frame in frames from 00:00:00:00 at *rate*. *rows_missing*: rows of the cut that could not be
    read, so that it may be longer; *events_unread*: entries of the record that this release could not read; both are left out
    of the JSON when they are zero, and hold the cut when they are not. *notes*: losses that legal released, and decisions on
    the profile and the rules; left out where there are none.
    """

    production: str
    cut: str
    rate: str
    start: int
    gaps: tuple[Gap, ...]
    audio: Figures
    reels: tuple[Reel, ...]
    ledger: LedgerPoint
    rows_missing: int = 0
    events_unread: int = 0
    notes: CutNotes = NO_NOTES


def coverage_of(
    view: CutView,
    *,
    production: str,
    ledger: LedgerPoint,
    waived: Iterable[FrameRange] = (),
    notes: CutNotes = NO_NOTES,
) -> Coverage:
    """The coverage of a cut. *waived*: frames of the picture whose gaps somebody waived; they stay unaccounted."""
    waived = tuple(waived)
    seen, heard = view.runs(), view.runs("sound")
    picture = sums(seen, waived=waived)
    return Coverage(
        production=production,
        cut=view.name,
        rate=str(view.clock.rate),
        start=view.clock.start,
        **{name: getattr(picture, name) for name in Sums.__struct_fields__},
        gaps=gap_rows(seen, clips=view.clips, tracks=view.tracks, clock=view.clock),
        audio=figures(heard, gaps=gap_rows(heard, clips=view.clips, tracks=view.tracks, clock=view.clock)),
        reels=tuple(reel(name, span, seen, waived=waived) for name, span in view.reels),
        ledger=ledger,
        rows_missing=view.told.rows_missing,
        events_unread=view.unread,
        notes=notes,
    )


def coverage(store: IndexStore, cut: str, *, roots: MediaRoots, ledger: LedgerPoint) -> Coverage:
    """The coverage of a cut of the index, by its name or record id. Raises as `loading.load_cut` does."""
    return coverage_of(load_cut(store, cut, roots=roots), production=production_title(store), ledger=ledger)


def is_sound_alone(view: CutView) -> bool:
    """Whether a cut has tracks of sound and no other (a mix): its empty picture says nothing, and the sound decides."""
    return bool(view.tracks) and all(track.kind == "sound" for track in view.tracks)


def held(coverage: Coverage, *, sound: bool = False) -> bool:
    """Whether somebody must act: frames that are unaccounted and not waived, a cut without frames, rows of the cut or entries of
    the record that could not be read (what they say could change any answer). *sound* asks the same of the mix."""
    open_frames = coverage.unaccounted - coverage.waived
    if sound:
        open_frames += coverage.audio.unaccounted - coverage.audio.waived
    return open_frames > 0 or not coverage.frames or coverage.rows_missing > 0 or coverage.events_unread > 0


def exit_status(coverage: Coverage, *, sound: bool = False) -> int:
    """0 when every frame is accounted for or waived, else 10 (held)."""
    return HeldError.exit_status if held(coverage, sound=sound) else 0
