"""Questions and the dry run of an answer, for people."""

from collections.abc import Iterator, Sequence

from edgecode.answers.cuts.subjects import Selection, Subject
from edgecode.answers.layout.columns import aligned, counted, printable, share, wrapped
from edgecode.answers.questions import Question, instead_of_answer


def questions_text(
    asked: Sequence[Question], *, unaccounted: int, sound_unaccounted: int = 0, columns: int | None = None
) -> str:
    """The questions in the order of asking with what each settles; *unaccounted*: the cut's frames, picture and sound apart.

    *columns*: sentences are broken to fit; commands never are, so that they can be pasted.
    """
    if not asked:
        nothing = "Nothing is unaccounted: there is nothing to ask."
        return (nothing if not unaccounted + sound_unaccounted else "No question would settle what is left.") + "\n"
    settled = sum(question.frames for question in asked)
    heard = sum(question.sound_frames for question in asked)
    head = f"{counted(len(asked), 'question')} would settle {settled:,} of {counted(unaccounted, 'unaccounted frame')}"
    head += f" ({share(settled, unaccounted)})" if unaccounted else ""
    head += f", and {heard:,} of {sound_unaccounted:,} of sound" if sound_unaccounted else ""
    lines = wrapped(f"{head}.", columns)
    before = "picture"
    for question in asked:
        if question.medium != before:
            lines += ["", "Sound:"]
        before = question.medium
        lines += ["", *_one(question, columns)]
    return "\n".join(lines) + "\n"


def selection_text(chosen: Selection, *, cut: str, shown: int = 10) -> str:
    """The dry run of an answer about *cut*: what it is for, what it would settle, and what to do about what fits and no answer settles."""
    left = "".join(f"{line}\n" for line in _left(chosen.left, cut))
    if not chosen.subjects:
        return left or "Nothing unaccounted fits this rule, so there is nothing to answer.\n"
    what = [
        counted(count, word)
        for count, word in ((len(chosen.versions), "version"), (len(chosen.clips), "clip"))
        if count
    ]
    frames = f"settles {counted(chosen.frames, 'frame')} of picture"
    frames += f" and {chosen.sound_frames:,} of sound" if chosen.sound_frames else ""
    rest = "rests" if chosen.touched == 1 else "rest"
    resting = f"{counted(chosen.touched, 'frame')} {rest} on {'it' if len(chosen.subjects) == 1 else 'them'}"
    lines = [f"This answers for {' and '.join(what)} and {frames} by itself ({resting})."]
    rows = [
        (one.name, one.reason.value, one.reel or "–", one.paths[0] if one.paths else "–")
        for one in chosen.subjects[:shown]
    ]
    lines += aligned([("Name", "Reason", "Reel", "Where"), *rows], indent="  ", limit=72)
    if len(chosen.subjects) > shown:
        lines.append(f"  … and {len(chosen.subjects) - shown:,} more")
    return "\n".join(lines) + "\n" + left


def _left(subjects: Sequence[Subject], cut: str) -> Iterator[str]:
    """What fits the rule and no answer settles, by what settles it."""
    groups: dict[str, list[Subject]] = {}
    for one in subjects:
        groups.setdefault(instead_of_answer(cut, [one]), []).append(one)
    for how, group in groups.items():
        named = ", ".join(printable(one.name) for one in group[:3]) + (" …" if len(group) > 3 else "")
        yield f"No answer settles {named}{f': {printable(how)}' if how else ''}"


def _one(question: Question, columns: int | None) -> Iterator[str]:
    frames = counted(question.frames, "frame") if question.frames or not question.sound_frames else ""
    if question.sound_frames:
        heard = f"{question.sound_frames:,} of sound"
        frames = f"{frames} + {heard}" if frames else counted(question.sound_frames, "frame") + " of sound"
    first, *more = wrapped(printable(question.text), columns, indent="     ")
    yield f"{question.number:>3}  {first.removeprefix('     ')}"
    yield from more
    files = f", {counted(question.versions, 'version')}" if question.versions else ""
    yield f"     {frames} in {counted(question.clips, 'clip')}{files}   {question.reason.value}"
    members = len(question.subjects)
    names = ", ".join(printable(name) for name in question.examples)
    yield from wrapped(f"{names}{' …' if members > len(question.examples) else ''}", columns, indent="     ")
    if question.command:
        yield f"     → {printable(question.command)}"
    if question.advice:
        yield f"     {'  or ' if question.command else '→ '}{printable(question.advice)}"
