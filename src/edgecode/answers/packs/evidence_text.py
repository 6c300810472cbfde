"""The answer of a pack as text that an insurer reads: six numbers, what a model made, what nobody can explain, every range, what stands
behind them, and what all this does not prove."""

from collections.abc import Iterable, Iterator, Sequence

from edgecode.answers.layout.columns import aligned, counted, printable, share, wrapped
from edgecode.answers.packs.evidence import EvidenceRange, EvidenceStep, EvidenceVersion, PackAnswer
from edgecode.answers.packs.limits import LIMITS
from edgecode.answers.paper_notes.cut import notes_text
from edgecode.terms.timebase import Rate

WIDTH = 118
WORDS = {
    "C": "camera",
    "P": "capture",
    "H": "human-made",
    "G": "generated",
    "M": "mixed",
    "A": "archive",
    "U": "UNACCOUNTED",
}


def evidence_text(answer: PackAnswer) -> str:
    """The whole text, ending with a line end."""
    lines = [*_title(answer), "", *_six(answer), ""]
    lines += _with_ai(answer)
    lines += ["", *_gaps(answer), ""]
    lines += _ranges("EVERY RANGE OF THE PICTURE", answer, answer.ranges)
    if answer.sound:
        lines += ["", *_ranges("EVERY RANGE OF THE SOUND", answer, answer.sound)]
    lines += _notes(answer)
    lines += ["", *_versions(answer), "", *_steps(answer), "", *_words(answer), "", *_opened(answer), ""]
    lines += ["WHAT THIS DOES NOT PROVE"]
    for number, text in enumerate(LIMITS, 1):
        first, *rest = wrapped(text, WIDTH - 4)
        lines += [f"{number:>2}. {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _title(answer: PackAnswer) -> Iterator[str]:
    coverage, ledger = answer.coverage, answer.ledger
    called = "cut " if coverage.cut == answer.cuts[0].id else ""
    yield f'EVIDENCE PACK  "{printable(coverage.production)}"  {called}{printable(coverage.cut)}'
    span = f"{answer.ranges[0].in_tc} – {answer.ranges[-1].out_tc}   " if answer.ranges else ""
    yield f"{span}{Rate.of(coverage.rate).spoken} fps   {counted(coverage.frames, 'frame')}"
    yield f"Given from the record {ledger.origin} at {counted(ledger.size, 'entry', 'entries')}, root {ledger.root}"
    yield from wrapped(
        "Names of cuts, clips, tracks, reels and files are sealed in the record: clips and tracks are numbered, versions go by edge code. "
        "“Ledger” is the number of the entry that says so; its bytes and the proof that it stands in the record are in this pack.",
        WIDTH,
    )


def _six(answer: PackAnswer) -> Iterator[str]:
    six = answer.six
    grades = ", ".join(f"{grade} {six.by_grade[grade]:,}" for grade in ("corroborated", "signed", "logged", "declared"))
    rows = [
        ("1", "frames in the cut", f"{six.frames:,}"),
        ("2", "frames with content that a model made", f"{six.generated:,} ({share(six.generated, six.frames)})"),
        ("3", "frames unaccounted", f"{six.unaccounted:,}, of them waived {six.waived:,}"),
        ("4", "persons shown or heard by replica, and consents in force", six.persons),
        ("5", "open findings of rule packs", six.findings),
        ("6", "evidence of the frames", grades),
    ]
    yield "SIX NUMBERS"
    yield from aligned(rows, indent="  ", limit=90)


def _with_ai(answer: PackAnswer) -> Iterator[str]:
    touched = [one for one in answer.ranges if "G" in one.classes or one.ai in ("generative", "assistive")]
    yield f"WITH AI: {counted(sum(one.out - one.in_ for one in touched), 'frame')} in {counted(len(touched), 'range')}"
    yield from _table(answer, sorted(touched, key=lambda one: ("G" not in one.classes, one.in_)))


def _gaps(answer: PackAnswer) -> Iterator[str]:
    coverage = answer.coverage
    gaps = [*((gap, "picture") for gap in coverage.gaps), *((gap, "sound") for gap in coverage.audio.gaps)]
    yield f"UNACCOUNTED: {counted(coverage.unaccounted, 'frame')} of the picture, {coverage.audio.unaccounted:,} of the sound"
    rows = [("in", "out", "frames", "track", "clip", "medium", "why")]
    rows += [
        (gap.in_tc, gap.out_tc, f"{gap.frames:,}", gap.track, gap.clip, medium, gap.reason.value)
        for gap, medium in gaps
    ]
    yield from aligned(rows, right=(2,), indent="  ") if gaps else ["  nothing"]
    if coverage.effects_not_visible:
        yield f"  effects not visible in this format: {counted(coverage.effects_not_visible, 'frame')}"


def _ranges(title: str, answer: PackAnswer, ranges: Sequence[EvidenceRange]) -> Iterator[str]:
    yield f"{title}: {len(ranges):,}"
    yield from _table(answer, ranges)


def _table(answer: PackAnswer, ranges: Iterable[EvidenceRange]) -> list[str]:
    codes = {version.id: version for version in answer.versions}
    rows = [("in", "out", "frames", "origin", "AI", "grade", "matched", "seen", "what", "ledger")]
    for one in ranges:
        shown = [codes[part.version] for part in one.shown if part.version is not None]
        what = " + ".join(dict.fromkeys(filter(None, (version.edge_code for version in shown)))) or _without(one)
        ledger = sorted({number for version in shown for number in version.ledger[:1]})
        letter = WORDS[one.origin] if one.origin != "M" else f"mixed {one.classes}"
        frames = f"{one.out - one.in_:,}"
        cells = (one.in_tc, one.out_tc, frames, letter, one.ai, one.grade, one.conform, one.visibility, what)
        rows.append((*cells, " ".join(map(str, ledger))))
    return aligned(rows, right=(2,), indent="  ") if len(rows) > 1 else ["  none"]


def _without(one: EvidenceRange) -> str:
    if one.reasons:
        return ", ".join(one.reasons)
    return ", ".join(f"clip {part.clip}" for part in one.shown) or "nothing on any track: an edit decision"


def _notes(answer: PackAnswer) -> list[str]:
    """What legal released, and decisions on the profile and the rules; nothing where there are none."""
    said = notes_text(answer.coverage.notes, columns=WIDTH - 2)
    return (
        ["", "BESIDE THE FIGURES (as the keeper of the record says)", *(f"  {line}" for line in said)] if said else []
    )


def _versions(answer: PackAnswer) -> Iterator[str]:
    steps = {step.id: step for step in answer.steps}
    yield f"VERSIONS ON SCREEN AND BEHIND: {len(answer.versions):,}"
    for version in answer.versions:
        made = next((steps[step] for step in version.steps if steps[step].standing == "counts"), None)
        yield f"  {_name(version)}  seen: ledger {_numbers(version.ledger)}  {_maker(version, made)}"
        digest = version.sha256 or version.sequence_root
        if digest:
            yield f"      {'sequence root' if version.sequence_root else 'sha256'} {digest}"


def _name(version: EvidenceVersion) -> str:
    origin = WORDS.get(version.origin, "")
    said = "a person's, sealed" if version.personal else version.known
    return "  ".join(filter(None, (version.edge_code or version.id, origin, version.media, said)))


def _maker(version: EvidenceVersion, made: EvidenceStep | None) -> str:
    if made is not None:
        tool = f" in {printable(made.tool)}" if made.tool else ""
        return f"recorded as {made.kind}{tool} ({made.grade}), ledger {made.ledger[0]}"
    if version.answer is not None:
        return "declared by an answer"
    others = ", ".join(f"{one.relation.replace('-', ' ')} {one.version}" for one in version.also)
    return others or "its making is not recorded"


def _steps(answer: PackAnswer) -> Iterator[str]:
    yield f"STEPS: {len(answer.steps):,}"
    rows = [("ledger", "kind", "tool", "AI said", "grade", "standing", "inputs", "outputs")]
    for step in answer.steps:
        counts = (str(len(step.inputs)), str(len(step.outputs)))
        rows.append(
            (
                _numbers(step.ledger),
                step.kind,
                step.tool or "not said here",
                step.ai or "-",
                step.grade,
                step.standing,
                *counts,
            )
        )
    yield from aligned(rows, right=(0, 6, 7), indent="  ") if answer.steps else ["  none"]


def _words(answer: PackAnswer) -> Iterator[str]:
    yield f"ON SOMEBODY'S WORD: {counted(len(answer.answers), 'answer')}, {counted(len(answer.decisions), 'decision')} on clips"
    for one in answer.answers:
        back = ", taken back" if one.withdrawn else ""
        yield f"  ledger {_numbers(one.ledger)}: {one.kind} ({one.about}) of {one.versions:,} versions, {one.clips:,} clips{back}"
    for decision in answer.decisions:
        yield f"  ledger {_numbers(decision.ledger)}: which version {counted(decision.clips, 'clip')} of this cut shows"


def _opened(answer: PackAnswer) -> Iterator[str]:
    yield "OPENED IN THIS PACK (everything else of these events stays sealed)"
    yield from aligned([(one.section, counted(one.events, "event")) for one in answer.opened], indent="  ")


def _numbers(ledger: Sequence[int]) -> str:
    return " ".join(map(str, ledger)) or "-"
