"""Human acts on record for a cut, in lines for people: what was done, never by whom or when."""

from collections.abc import Iterator

from edgecode.answers.direction import Act, Direction
from edgecode.answers.layout.columns import counted, printable


def direction_text(answer: Direction) -> Iterator[str]:
    """The answer in lines for people."""
    made = counted(answer.generated, "frame")
    yield f"{printable(answer.cut)}: {made} that a model had a hand in, {answer.directed:,} with human acts on record"
    if answer.unknown:
        yield f"of {counted(answer.unknown, 'frame')} nobody knows whether a model had a hand in them: edgecode questions CUT"
    for one in answer.ranges:
        frames = counted(one.end - one.first, "frame")
        yield f"{one.in_tc}  {frames}  {one.origin}  {printable(one.clip)} ({printable(one.track)})"
        for act in one.acts:
            yield f"    {_said(act)}"
            yield from (f"        {printable(words)}" for words in act.words)
        if not one.acts:
            yield "    no human act on record"
    for act in answer.about_cut:
        yield f"the cut itself: {_said(act)}"


def _said(act: Act) -> str:
    if act.act == "chosen":
        return f"kept {act.kept} of {act.made} generations ({act.grade})"
    if act.act == "painted":
        return f"worked over by hand: {act.step} ({act.grade})"
    return f"{act.act} ({act.grade})"
