"""Coverage for people: the headline block, the strip, how well it is known, and the gaps; picture first, then sound."""

from collections.abc import Iterable, Iterator
from shlex import quote

from edgecode.answers.coverage.answer import Coverage, held, is_sound_alone
from edgecode.answers.coverage.strip import drawn, legend, strip
from edgecode.answers.cuts.accounts import Medium, Run
from edgecode.answers.cuts.figures import UNREAD, Gap, Sums, clip_name, gap_runs, track_name
from edgecode.answers.cuts.gap_words import GapGroup, gap_groups, gap_question, places_text
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import aligned, counted, flowed, printable, share, width, wrapped
from edgecode.answers.layout.fitting import Weights, fitted
from edgecode.answers.paper_notes.cut import notes_text
from edgecode.terms.evidence import Grade
from edgecode.terms.origins import grade_of, letter_of

MIXED = "mixed (with AI)"
_COLUMNS = ("camera", "capture", "human", "generated", MIXED, "archive", "UNACCOUNTED", "waived")
GAP_COLUMNS = ("In", "Out", "Frames", "Track", "Clip", "Reason", "Question that settles it")
GAP_WEIGHTS = Weights(
    ("In", "Out", "Frames", "Clip", "Reason"), below=("Question that settles it",), important=("Track",)
)


def coverage_text(
    answer: Coverage,
    view: CutView,
    *,
    columns: int = 100,
    colour: bool = False,
    gaps_shown: int = 20,
    sound: bool = True,
) -> str:
    """The whole answer as text, ending with a line end. *columns*: no line is longer; at most *gaps_shown* gaps of each."""
    lines = [*_title(answer, view, columns=columns), ""]
    alone = is_sound_alone(view)
    if alone:
        lines += wrapped("PICTURE   This cut has no track of picture: nothing is said about the picture.", columns)
    else:
        lines += _block(answer, view.runs(), columns=columns, colour=colour)
        lines += ["", *_gap_list(answer.gaps, answer, view, medium="picture", shown=gaps_shown, columns=columns)]
    if sound or alone:
        lines += ["", *_sound(answer, view, columns=columns, colour=colour, gaps_shown=gaps_shown)]
    if view.unread:
        entries = counted(view.unread, "entry of the record", "entries of the record")
        told = f"{entries} cannot be read by this release: what they say is missing here. Update edgecode."
        lines += ["", *wrapped(told, columns)]
    notes = notes_text(answer.notes, columns=columns)
    lines += ["", *notes] if notes else []
    lines += ["", *wrapped(_gate(answer, alone=alone), columns)]
    return "\n".join(lines) + "\n"


def resting_line(runs: Iterable[Run]) -> str:
    """How many accounted frames rest on inference or declaration alone. Printed always, zero included."""
    accounted = [run for run in runs if letter_of(run.account) != "U"]
    resting = sum(run.frames for run in accounted if run.rests_on_word)
    total = counted(sum(run.frames for run in accounted), "accounted frame")
    rest = "rests" if resting == 1 else "rest"
    sentence = f"Of {total} {resting:,} {rest} on a name-and-timecode match or on somebody's word alone."
    capped = sum(run.frames for run in accounted if grade_of(run.account) is Grade.DECLARED and not run.rests_on_word)
    if not capped:
        return sentence
    are = "is" if capped == 1 else "are"
    return f"{sentence[:-1]}; {capped:,} more {are} graded declared because this format cannot show effects."


def _title(answer: Coverage, view: CutView, *, columns: int) -> list[str]:
    clock = view.clock
    drop = " drop-frame" if clock.drop_frame else ""
    parts = (
        f'COVERAGE  "{printable(answer.production)}"  {printable(answer.cut)}',
        f"{clock.rate.spoken} fps{drop}",
        counted(len(answer.reels), "reel"),
        counted(answer.frames, "frame"),
        f"ledger size {answer.ledger.size:,}",
    )
    span = f"{clock.label(0)} – {clock.label(answer.frames)}   {clock.seconds(answer.frames)} seconds"
    return [*flowed(parts, columns), span]


def _block(answer: Coverage, runs: list[Run], *, columns: int, colour: bool) -> Iterator[str]:
    reels = [_row(f"Reel {reel.reel}", reel) for reel in answer.reels] if len(answer.reels) > 1 else []
    yield from _origins([("Picture", "frames", *_COLUMNS), *reels, _row("Total", answer)], columns=columns)
    yield ""
    yield from _strip(runs, columns=columns, colour=colour)
    yield ""
    yield from _knowledge(answer, runs, cut=answer.cut, columns=columns)


def _origins(rows: list[tuple[str, ...]], *, columns: int) -> Iterator[str]:
    """Frames by origin, a row for each reel; where that is too wide, a line for each origin with as many reels as fit."""
    wide = aligned(rows, right=range(1, len(rows[0])))
    if width(wide[0]) <= columns:
        yield from wide
        return
    header, *reels, total = rows
    shown = len(reels)
    while True:
        turned = [line for lines in zip(header, total, *reels[:shown], strict=True) for line in _mixed_apart(lines)]
        lines = aligned(turned, right=range(1, shown + 2))
        if not shown or max(map(width, lines)) <= columns:
            break
        shown -= 1
    yield from lines
    if shown < len(reels):
        yield from wrapped(f"{counted(len(reels) - shown, 'reel')} more: --json, or a wider terminal.", columns)


def _mixed_apart(line: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The frames of mixed origin on one line and those of them with AI on the next, so that numbers stand below each other."""
    name, *values = line
    if name != MIXED:
        return [line]
    parts = [value.rstrip(")").partition(" (") for value in values]
    return [("mixed", *(part[0] for part in parts)), ("  with AI", *(part[2] for part in parts))]


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
    yield from legend(letters, colour=colour, columns=columns)


def _knowledge(
    sums: Sums, runs: list[Run], *, cut: str, columns: int, word: str = "On screen", shown: str = "black"
) -> Iterator[str]:
    total = counted(sums.frames, "frame")
    yield f"Accounted for: {sums.accounted:,} of {total} ({share(sums.accounted, sums.frames)})."
    yield from _breakdowns(sums, word=word, columns=columns)
    yield from wrapped(_with_ai(sums), columns)
    yield from wrapped(resting_line(runs), columns)
    empty = sum(run.frames for run in runs if not run.contributors and letter_of(run.account) != "U")
    if empty:
        have, count = ("has", "counts") if empty == 1 else ("have", "count")
        told = f"{counted(empty, 'frame')} {have} nothing on any track and {count} as {shown}, an edit decision: "
        told += f"{empty:,} of the {sums.by_origin['H']:,} under human {'is' if empty == 1 else 'are'} that, which is "
        yield from wrapped(f"{told}true only if this list holds the whole cut.", columns)
    if sums.effects_not_visible:
        yield from _hidden_effects(sums.effects_not_visible, cut=cut, columns=columns, is_sound=shown == "silence")


def _hidden_effects(frames: int, *, cut: str, columns: int, is_sound: bool) -> Iterator[str]:
    told = (
        f"Effects not visible in this format: {counted(frames, 'frame')}. Unless a model is recorded their AI use is unknown, and "
        f"no frame of this cut is graded above declared: hand over an OTIO of the same cut"
    )
    if is_sound:
        yield from wrapped(f"{told}.", columns)
        return
    yield from wrapped(f"{told}, or say that the effects were plain ones:", columns)
    yield f"  {printable(f'edgecode answer {quote(cut)} --effects plain')}"


def _with_ai(sums: Sums) -> str:
    """The frames with AI as the sum of what other figures and papers count apart. Printed always, zero included."""
    made = sums.by_origin["G"] + sum(frames for classes, frames in sums.mixed.items() if "G" in classes)
    other, assisted = max(sums.ai["generative"] - made, 0), sums.ai["assistive"]
    return (
        f"With AI: {counted(made + other + assisted, 'frame')} = {made:,} generated or mixed with generated + {other:,} with generative "
        f"AI and unaccounted or counted as another origin + {assisted:,} assistive."
    )


def _breakdowns(sums: Sums, *, word: str, columns: int) -> list[str]:
    rows = [
        ("AI use", *(_part(name, sums.ai[name]) for name in ("none", "assistive", "generative", "unknown"))),
        ("Evidence", *(_part(name, sums.by_grade[name]) for name in ("corroborated", "signed", "logged", "declared"))),
        ("Matched by", *(_part(name, sums.by_conform[name]) for name in ("content", "id", "inferred", "declared"))),
        (word, *(_part(name, sums.by_visibility[name]) for name in ("certain", "possible"))),
    ]
    lines = aligned(rows)
    if max(map(width, lines)) <= columns:
        return lines
    return [line for first, *parts in rows for line in flowed((f"{first:<10}", *parts), columns, gap="  ")]


def _part(name: str, frames: int) -> str:
    return f"{name} {frames:,}"


def _sound(answer: Coverage, view: CutView, *, columns: int, colour: bool, gaps_shown: int) -> Iterator[str]:
    audio = answer.audio
    if not audio.frames:
        yield from wrapped("SOUND     This cut carries no sound: nothing is said about the mix.", columns)
        return
    yield from _origins([("Sound", "frames", "recorded", *_COLUMNS[1:]), _row("Total", audio)], columns=columns)
    yield ""
    runs = view.runs("sound")
    yield from _strip(runs, columns=columns, colour=colour)
    yield ""
    yield from _knowledge(audio, runs, cut=answer.cut, columns=columns, word="Heard", shown="silence")
    yield ""
    yield from _gap_list(audio.gaps, answer, view, medium="sound", shown=gaps_shown, columns=columns)


def _gap_list(
    gaps: tuple[Gap, ...], answer: Coverage, view: CutView, *, medium: Medium, shown: int, columns: int
) -> Iterator[str]:
    """The gaps, one row for each clip and reason."""
    if not gaps:
        yield "No gaps."
        return
    unaccounted = answer.audio.unaccounted if medium == "sound" else answer.unaccounted
    yield f"{counted(unaccounted, 'frame')} in {counted(len(gaps), 'gap')}:"
    groups = gap_groups(gap_runs(view.runs(medium)))
    rows = [_gap_row(view, group) for group in groups[:shown]]
    if rows:
        table = fitted(GAP_COLUMNS, rows, columns=columns, weights=GAP_WEIGHTS, right=("Frames",), indent="  ")
        yield from table.lines
        yield from (line for note in table.notes for line in wrapped(note, columns, indent="  "))
    if len(groups) > shown:
        yield f"  … and {len(groups) - shown:,} more: {printable(f'edgecode missing {quote(answer.cut)}')}"


def _gap_row(view: CutView, group: GapGroup) -> tuple[str, ...]:
    clip = view.clips[group.clip] if group.clip >= 0 else None
    return (
        view.clock.label(group.first),
        view.clock.label(group.end),
        f"{group.frames:,}",
        track_name(clip, view.tracks) if clip is not None else "",
        clip_name(clip) if clip is not None else UNREAD,
        group.reason.value,
        gap_question(view, group) + places_text(view, group),
    )


def _gate(answer: Coverage, *, alone: bool) -> str:
    unread = [
        counted(answer.rows_missing, "row of the cut", "rows of the cut") if answer.rows_missing else "",
        counted(answer.events_unread, "entry of the record", "entries of the record") if answer.events_unread else "",
    ]
    if said := " and ".join(part for part in unread if part):
        return f"HELD: {said} could not be read, and what they say could change this answer."
    if not answer.frames:
        return "HELD: this cut has no frames."
    if alone:
        still = answer.audio.unaccounted - answer.audio.waived
        told = (
            f"HELD: {counted(still, 'frame')} of the sound {'is' if still == 1 else 'are'} unaccounted and not waived."
        )
        return told if still else "Every frame of the sound is accounted for or waived."
    if not answer.unaccounted:
        return "Every frame of the picture is accounted for."
    if not held(answer):
        return f"Not held: all {counted(answer.unaccounted, 'unaccounted frame')} are waived; they stay unaccounted."
    open_frames = answer.unaccounted - answer.waived
    return f"HELD: {counted(open_frames, 'frame')} of the picture {'is' if open_frames == 1 else 'are'} unaccounted and not waived."
