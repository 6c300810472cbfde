"""What the demo prints of its desk: what holds delivery, what the withdrawn consent reaches, and the two ways out."""

from collections.abc import Callable, Iterator
from itertools import chain

from edgecode.answers.agreements.impact import Impact
from edgecode.answers.check.answer import Check, CheckFinding
from edgecode.answers.check.finding_groups import answer_words
from edgecode.answers.layout.columns import aligned, counted, wrapped
from edgecode.checks.desk_questions import PACK as OF_THE_DESK
from edgecode.cli.demo.desk import Desk
from edgecode.cli.demo.desk_entries import enter, waive_reel
from edgecode.cli.demo.desk_story import VOICE
from edgecode.errors import UnavailableError
from edgecode.production.agreements.impact import impact
from edgecode.production.checking.cuts import check

REVOKED = "consent.revoked_finished"
Out = Callable[[str], object]


def show_desk(desk: Desk, *, cut: str, next_cut: str, columns: int, out: Out) -> None:
    """Make the entries of the desk that are not made yet, and print with *out* what they come to in both cuts.

    Without the extra that rules need, one sentence says what to install; what taking the consent back reaches is printed all the same.
    """
    enter(desk)
    out("")
    lines = reached_text(impact(desk.production, VOICE, kind="consent"), columns=columns)
    try:
        waive_reel(desk, cut=cut)
        here, there = (check(desk.production, name, gate="deliver").answer for name in (cut, next_cut))
        lines = chain(held_text(here, columns=columns), lines, ways_out(here, there, columns=columns))
    except UnavailableError as error:
        for line in wrapped(
            f"The rules of the clearance desk were not judged: {error.sentence.rstrip('.')}. {error.remedy.rstrip('.')}.",
            columns,
        ):
            out(line)
    for line in lines:
        out(line)


def held_text(answer: Check, *, columns: int) -> Iterator[str]:
    """What holds a cut or was answered in it, apart from the frames that coverage lists, and the word."""
    shown = [one for one in answer.findings if one.pack != OF_THE_DESK and (one.held != "open" or one.answer.action)]
    gaps = sum(one.pack == OF_THE_DESK and one.held != "open" for one in answer.findings)
    yield f'CLEARANCE  "{answer.production}"  {answer.cut}   for delivery on {answer.today}   {counted(answer.counts.uses, "use")} judged'
    yield ""
    table = aligned([_COLUMNS, *map(_row, shown)], right=(4,), limit=26)
    yield from table[:1]
    for line, one in zip(table[1:], shown, strict=True):
        yield line
        for text in (f"{one.code}: {one.description}", _answered(one) or one.fix):
            yield from (f"      {part}" for part in wrapped(text, columns - 6))
    yield ""
    yield from wrapped(f"{answer.word}: {_sums(shown, gaps)}.", columns)
    yield ""


_COLUMNS = ("No.", "Severity", "In", "Out", "Frames", "Shot", "Finding")


def _row(one: CheckFinding) -> tuple[str, ...]:
    where = (one.in_tc or "-", one.out_tc or "-", str(one.frames), one.clip or "-")
    return (one.number, one.severity, *where, one.finding)


def _answered(one: CheckFinding) -> str:
    if one.answer.action is None:
        return ""
    again = "; from the day after it holds again" if one.answer.state == "waived" else ""
    return f"{answer_words(one.answer)}{again}"


def _sums(shown: list[CheckFinding], gaps: int) -> str:
    refuse, hold = (sum(one.held == held for one in shown) for held in ("refused", "held"))
    said = [f"{counted(refuse, 'finding')} {'refuses' if refuse == 1 else 'refuse'}"] if refuse else []
    said += [f"{counted(hold, 'finding')} {'holds' if hold == 1 else 'hold'}"] if hold else []
    answered = len(shown) - refuse - hold
    said += [f"{answered} {'is' if answered == 1 else 'are'} answered"] if answered else []
    said += [f"{counted(gaps, 'gap')} above {'holds' if gaps == 1 else 'hold'} as well"] if gaps else []
    return ", ".join(said) or "nothing holds it"


def reached_text(answer: Impact, *, columns: int) -> Iterator[str]:
    """Every frame that taking the consent back reaches, and the models that were trained under it."""
    yield from wrapped(
        f"{answer.label}, the consent of {answer.person} to a voice, was taken back from {answer.on}. It reaches "
        f"{counted(answer.frames, 'frame')}:",
        columns,
    )
    rows = [
        (
            place.in_tc,
            place.out_tc,
            str(place.frames),
            one.cut,
            place.track,
            place.clip,
            _effect(one.effect, one.instead),
        )
        for one in answer.uses
        if one.kind != "train"
        for place in one.places
    ]
    yield from aligned(rows, right=(2,), indent="  ")
    yield from (f"  the model {one.name}: {one.effect}" for one in answer.models)


def _effect(effect: str, instead: str) -> str:
    return f"covered by {instead}" if instead else effect


def ways_out(here: Check, there: Check, *, columns: int) -> Iterator[str]:
    """What lifts the refusal, as the two cuts say it; a waiver is none."""
    if not any(one.code == REVOKED for one in here.findings):
        yield f"A new consent covers it: nothing in {here.cut} is refused for {VOICE} any more."
        return
    yield "Nobody in the production may waive that. Two ways out:"
    left = "nothing in it is refused" if there.word != "REFUSED" else "something else in it is refused"
    for text in (
        f"pull the shot: {there.cut} has the sea where the line was, and is {there.word}; {left}",
        "record a new consent: one lies among the papers, and the command is below",
    ):
        yield from wrapped(text, columns - 2, indent="  ")
