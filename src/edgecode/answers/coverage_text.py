"""Coverage for people: the headline block, the strip, how well it is known, and the gaps; picture first, then sound."""

from collections.abc import Iterable, Iterator

from edgecode.answers.columns import aligned, counted, printable, share
from edgecode.answers.coverage import Coverage, held
from edgecode.answers.cut_accounts import Run
from edgecode.answers.cut_view import CutView
from edgecode.answers.figures import Figures, Gap, Sums
from edgecode.answers.strip import drawn, legend, strip
from edgecode.terms.evidence import Grade
from edgecode.terms.origins import grade_of, letter_of

_COLUMNS = ("camera", "capture", "human", "generated", "mixed (with AI)", "archive", "UNACCOUNTED", "waived")


def coverage_text(
    answer: Coverage,
    view: CutView,
    *,
    columns: int = 100,
    colour: bool = False,
    gaps_shown: int = 20,
    sound: bool = True,
) -> str:
    """The whole answer as text, ending with a line end. *columns*: the width of the strip; at most *gaps_shown* gaps of each."""
    lines = [*_title(answer, view), ""]
    lines += _block(answer, view.runs(), columns=columns, colour=colour)
    lines += ["", *_gap_list(answer.gaps, answer.unaccounted, shown=gaps_shown)]
    if sound:
        lines += ["", *_sound(answer.audio, view, columns=columns, colour=colour, gaps_shown=gaps_shown)]
    if view.unread:
        entries = counted(view.unread, "entry of the record", "entries of the record")
        lines += ["", f"{entries} cannot be read by this release: what they say is missing here. Update edgecode."]
    lines += ["", _gate(answer)]
    return "\n".join(lines) + "\n"


def resting_line(runs: Iterable[Run]) -> str:
    """How many accounted frames rest on inference or declaration alone. Printed always, zero included."""
    accounted = [run for run in runs if letter_of(run.account) != "U"]
    resting = sum(run.frames for run in accounted if run.rests_on_word)
    total = counted(sum(run.frames for run in accounted), "accounted frame")
    sentence = f"Of {total} {resting:,} rest on a name-and-timecode match or on somebody's word alone."
    capped = sum(run.frames for run in accounted if grade_of(run.account) is Grade.DECLARED and not run.rests_on_word)
    if not capped:
        return sentence
    return f"{sentence[:-1]}; {capped:,} more are graded\ndeclared because this format cannot show effects."


def _title(answer: Coverage, view: CutView) -> Iterator[str]:
    clock = view.clock
    drop = " drop-frame" if clock.drop_frame else ""
    yield "   ".join(
        (
            f'COVERAGE  "{printable(answer.production)}"  {printable(answer.cut)}',
            f"{clock.rate.spoken} fps{drop}",
            counted(len(answer.reels), "reel"),
            counted(answer.frames, "frame"),
            f"ledger size {answer.ledger.size:,}",
        )
    )
    yield f"{clock.label(0)} – {clock.label(answer.frames)}   {clock.seconds(answer.frames)} seconds"


def _block(answer: Coverage, runs: list[Run], *, columns: int, colour: bool) -> Iterator[str]:
    header = ("Picture", "frames", *_COLUMNS)
    reels = [_row(f"Reel {reel.reel}", reel) for reel in answer.reels] if len(answer.reels) > 1 else []
    yield from aligned([header, *reels, _row("Total", answer)], right=range(1, 10))
    yield ""
    yield from _strip(runs, columns=columns, colour=colour)
    yield ""
    yield from _knowledge(answer, runs)


def _row(name: str, sums: Sums) -> tuple[str, ...]:
    with_ai = sum(frames for classes, frames in sums.mixed.items() if "G" in classes)
    counts = sums.by_origin
    mixed = f"{counts['M']:,} ({with_ai:,})"
    return (
        name,
        f"{sums.frames:,}",
        *(f"{counts[letter]:,}" for letter in "CPHG"),
        mixed,
        f"{counts['A']:,}",
        f"{sums.unaccounted:,}",
        f"{sums.waived:,}",
    )


def _strip(runs: list[Run], *, columns: int, colour: bool) -> Iterator[str]:
    letters = strip(runs, columns)
    yield drawn(letters, colour=colour)
    yield legend(letters, colour=colour)


def _knowledge(sums: Sums, runs: list[Run], *, word: str = "On screen") -> Iterator[str]:
    yield f"Accounted for: {sums.accounted:,} of {counted(sums.frames, 'frame')} ({share(sums.accounted, sums.frames)})."
    rows = [
        ("AI use", *(_part(name, sums.ai[name]) for name in ("none", "assistive", "generative", "unknown"))),
        ("Evidence", *(_part(name, sums.by_grade[name]) for name in ("corroborated", "signed", "logged", "declared"))),
        ("Matched by", *(_part(name, sums.by_conform[name]) for name in ("content", "id", "inferred", "declared"))),
        (word, *(_part(name, sums.by_visibility[name]) for name in ("certain", "possible"))),
    ]
    yield from aligned(rows)
    yield resting_line(runs)
    empty = sum(run.frames for run in runs if not run.contributors and letter_of(run.account) != "U")
    if empty:
        shown = "silence" if word == "Heard" else "black"
        yield (
            f"{counted(empty, 'frame')} {'has' if empty == 1 else 'have'} nothing on any track and "
            f"{'counts' if empty == 1 else 'count'} as {shown}: true only if this list holds the whole cut."
        )
    if sums.effects_not_visible:
        yield (
            f"Effects not visible in this format: {counted(sums.effects_not_visible, 'frame')}. "
            f"Unless a model is recorded their AI use is unknown,"
        )
        yield "and no frame of this cut is graded above declared: hand over an OTIO, FCPXML or AAF of the same cut, or"
        yield "say that the effects were plain ones: edgecode answer CUT --effects plain."


def _part(name: str, frames: int) -> str:
    return f"{name} {frames:,}"


def _sound(audio: Figures, view: CutView, *, columns: int, colour: bool, gaps_shown: int) -> Iterator[str]:
    if not audio.frames:
        yield "SOUND     This cut carries no sound: nothing is said about the mix."
        return
    header = ("Sound", "frames", "recorded", *_COLUMNS[1:])
    yield from aligned([header, _row("Total", audio)], right=range(1, 10))
    yield ""
    runs = view.runs("sound")
    yield from _strip(runs, columns=columns, colour=colour)
    yield ""
    yield from _knowledge(audio, runs, word="Heard")
    yield ""
    yield from _gap_list(audio.gaps, audio.unaccounted, shown=gaps_shown)


def _gap_list(gaps: tuple[Gap, ...], unaccounted: int, *, shown: int) -> Iterator[str]:
    if not gaps:
        yield "No gaps."
        return
    yield f"{counted(unaccounted, 'frame')} in {counted(len(gaps), 'gap')}:"
    header = ("In", "Out", "Frames", "Track", "Clip", "Reason", "Question that settles it")
    rows = [
        (gap.in_tc, gap.out_tc, f"{gap.frames:,}", gap.track, gap.clip, gap.reason.value, gap.reason.question)
        for gap in gaps[:shown]
    ]
    yield from aligned([header, *rows], right=(2,), indent="  ", limit=60)
    if len(gaps) > shown:
        yield f"  … and {len(gaps) - shown:,} more: edgecode missing"


def _gate(answer: Coverage) -> str:
    unread = [
        counted(answer.rows_missing, "row of the cut", "rows of the cut") if answer.rows_missing else "",
        counted(answer.events_unread, "entry of the record", "entries of the record") if answer.events_unread else "",
    ]
    if said := " and ".join(part for part in unread if part):
        return f"HELD: {said} could not be read, and what they say could change this answer."
    if not answer.frames:
        return "HELD: this cut has no frames."
    if not answer.unaccounted:
        return "Every frame of the picture is accounted for."
    if not held(answer):
        return f"Not held: all {counted(answer.unaccounted, 'unaccounted frame')} are waived; they stay unaccounted."
    open_frames = answer.unaccounted - answer.waived
    return f"HELD: {counted(open_frames, 'frame')} of the picture {'is' if open_frames == 1 else 'are'} unaccounted and not waived."
