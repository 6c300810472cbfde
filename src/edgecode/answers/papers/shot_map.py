"""The shot map: for each shot that a model had, or may have had, a hand in, how much of it, and which disclosure is due."""

from collections.abc import Iterable, Mapping, Sequence

from edgecode.answers.layout.columns import NOT_RECORDED, counted, share
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet
from edgecode.answers.matchback.people_seen import people_text
from edgecode.answers.papers.behind import Stretch, behind_stretches, tools_text
from edgecode.answers.papers.heading import VERIFY, figures_of, unaccounted_line
from edgecode.answers.papers.known import Known
from edgecode.checks.desk_rows import PaperRow
from edgecode.checks.findings import Finding
from edgecode.terms.evidence import AiUse

SHOT_MAP_COLUMNS = (
    "Shot",
    "In",
    "Out",
    "Frames",
    "AI frames",
    "AI share of frames",
    "AI share of picture area",
    "Kinds",
    "Tools",
    "Person depicted",
    "Disclosure due (rule)",
    "Label place",
    "Buyer approval no.",
    *LAST_COLUMNS,
)
_MODELS = (AiUse.GENERATIVE, AiUse.ASSISTIVE)


def shot_map(known: Known, findings: Iterable[Finding]) -> Sheet:
    """One row for each clip with frames that a model had a hand in, or of which nobody knows. *findings*: of the cut's check.

    The area of the picture is never computed: nothing in a cut shows it.
    """
    clips: dict[int, list[Stretch]] = {}
    for one in behind_stretches(known):
        clips.setdefault(one.number, []).append(one)
    shown = [parts for parts in clips.values() if any(one.ai is not AiUse.NONE for one in parts)]
    due = _due(findings)
    rows = tuple(
        _row(known, parts, due) for parts in sorted(shown, key=lambda parts: (parts[0].first, parts[0].number))
    )
    named = f'"{known.production}"  ' if known.production else ""
    found = figures_of(known)
    return Sheet(
        f"SHOT DISCLOSURE MAP  {named}{known.view.name}",
        SHOT_MAP_COLUMNS,
        rows,
        foot=(
            f"{counted(len(rows), 'shot')} of {len(clips):,}. Frames of picture: {found.ai['generative']:,} of a generative model, "
            f"{found.ai['assistive']:,} of an assistive one alone, {found.ai['unknown']:,} not known, {found.ai['none']:,} with none, "
            f"of {found.frames:,}.",
            "The share of the picture's area is known only from mattes or from somebody's word; it is never estimated from the cut.",
            unaccounted_line(known),
            VERIFY,
        ),
    )


def _row(known: Known, parts: Sequence[Stretch], due: Mapping[int, list[Finding]]) -> tuple[str, ...]:
    clock, first, end = known.view.clock, min(one.first for one in parts), max(one.end for one in parts)
    frames = sum(one.frames for one in parts)
    touched = sum(one.frames for one in parts if one.ai in _MODELS)
    open_ = sum(one.frames for one in parts if one.ai is AiUse.UNKNOWN)
    lead = next((one for one in parts if one.ai in _MODELS), parts[0])
    steps = list(dict.fromkeys(step.version.id for one in parts for step in one.made_by_models))
    made = [step for one in parts for step in one.made_by_models if step.version.id in steps]
    people = tuple(dict.fromkeys(person for one in parts for person in one.people))
    papers = _papers(known, parts)
    not_known = f", {open_:,} not known" if open_ else ""
    return (
        lead.name,
        clock.label(first),
        clock.label(end),
        str(frames),
        str(touched),
        f"{share(touched, frames)}{not_known}",
        f"{NOT_RECORDED} (no matte, nobody declared it)",
        _kinds(parts),
        tools_text(made) if made else NOT_RECORDED,
        people_text(people) or "nobody is noted",
        _disclosures(due.get(lead.number, ()), papers),
        ", ".join(
            dict.fromkeys(
                paper.values["place"] for paper in papers if paper.family == "disclosure" and paper.values.get("place")
            )
        )
        or NOT_RECORDED,
        ", ".join(dict.fromkeys(paper.id for paper in papers if paper.family == "approval")) or NOT_RECORDED,
        *lead.evidence,
    )


def _kinds(parts: Sequence[Stretch]) -> str:
    found = ["picture" if parts[0].medium == "picture" else "sound"]
    hows = {person.how for one in parts for person in one.people}
    if parts[0].medium == "sound" and "heard" in hows:
        found = ["voice"]
    if "performed" in hows:
        found.append("performance")
    return ", ".join(found)


def _papers(known: Known, parts: Sequence[Stretch]) -> list[PaperRow]:
    """Disclosures and approvals on record about what the shot shows, what it was made from, or the cut itself."""
    about = {step.version.id for one in parts for step in one.lineage} | {known.view.cut}
    return [
        paper
        for paper in known.register.papers
        if paper.family in ("disclosure", "approval") and about & set(paper.about)
    ]


def _disclosures(findings: Sequence[Finding], papers: Sequence[PaperRow]) -> str:
    """What a rule still asks for, then what is on record; where neither is said, that no rule that judged asks for one."""
    due = [f"due: {finding.card.title} ({finding.card.number or finding.name})" for finding in findings]
    recorded = [f"on record: {paper.kind.replace('_', ' ')}" for paper in papers if paper.family == "disclosure"]
    return "; ".join(dict.fromkeys((*due, *recorded))) or "none that a rule that judged asks for"


def _due(findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Findings of rules that ask for a disclosure or an approval and hold a delivery, by clip."""
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        if (
            finding.verdict.severity not in ("disclose", "approve")
            or finding.held("deliver") == "open"
            or finding.verdict.pack == "edgecode"
        ):
            continue
        for clip in dict.fromkeys(span.clip for span in finding.use.spans):
            found.setdefault(clip, []).append(finding)
    return found
