"""The two pages that an insurer of errors and omissions asks for: six numbers first, then shots, tools, people and gaps."""

from collections.abc import Iterable, Sequence

from edgecode.answers.agreements.resting import Moment, covering, rests_on
from edgecode.answers.cuts.accounts import MEDIA
from edgecode.answers.cuts.figures import UNREAD, clip_name, gap_runs
from edgecode.answers.cuts.gap_words import gap_groups
from edgecode.answers.layout.columns import NOT_RECORDED, counted, share
from edgecode.answers.layout.sheets import LAST_COLUMNS
from edgecode.answers.papers.behind import Stretch, behind_stretches
from edgecode.answers.papers.heading import figures_of
from edgecode.answers.papers.known import Known
from edgecode.answers.registers.toolchain import frames_in, terms_of
from edgecode.answers.report.paper import Figure, Figures, Table, Words
from edgecode.checks.findings import Finding
from edgecode.checks.uses import Use
from edgecode.terms.evidence import AiUse
from edgecode.terms.origins import classes_of

LINES = 8
"""Lines of each table on the second page; what is left out is counted below it."""

REPLICA_USES = ("replica_use", "replica_create", "synthetic_performer", "alteration", "dub")
"""Kinds of use in which somebody is shown or heard by a replica."""

NOT_PROVED = (
    "That records existed at a time and are unaltered since, not that they were true when written.",
    "Frames and sound of this cut alone: no rejected takes, no other cuts, nothing that was fed to a model off the record.",
    "A consent is held as recorded. Not that a signature is genuine, that its signer had authority, or that a contract is valid.",
    "It does not detect AI: camera means recorded as camera, with the grade shown. It is not legal advice.",
)


def six_numbers(
    known: Known, uses: Sequence[Use], findings: Iterable[Finding], moment: Moment, *, organizations: int
) -> Figures:
    """What is read first: frames, generated, unaccounted, people by replica, open findings, evidence."""
    found = figures_of(known)
    generated = found.ai["generative"]
    people, covered = _replicas(known, uses, moment)
    holding = [one for one in findings if one.held("deliver") != "open"]
    blockers, issues = (sum(1 for one in holding if one.quality == quality) for quality in ("Blocker", "Issue"))
    grades = ", ".join(
        f"{name} {share(frames, found.frames)}" for name, frames in found.by_grade.items() if frames and name != "none"
    )
    seen = f"witnessed by {counted(organizations, 'organization')}" if organizations else "not witnessed"
    return Figures(
        (
            Figure(f"{found.frames:,}", "frames in the cut"),
            Figure(
                f"{generated:,}",
                f"frames with generated content ({share(generated, found.frames)}); of {found.ai['unknown']:,} nobody knows",
            ),
            Figure(
                f"{found.unaccounted:,}",
                f"frames unaccounted: {found.waived:,} waived, {found.unaccounted - found.waived:,} not",
            ),
            Figure(
                f"{people:,}", f"shown or heard by replica; {covered:,} of them with a consent in force that covers it"
            ),
            Figure(f"{blockers:,} / {issues:,}", "open findings: Blocker / Issue"),
            Figure(f"{share(found.accounted, found.frames)}", f"accounted for: {grades or 'nothing'}; {seen}"),
        )
    )


def shots_most_generated(known: Known) -> Table:
    """Shots that are generated as a whole, then those of which nobody knows how much: the area is on record only from mattes."""
    shots = sorted(
        (one for one in behind_stretches(known, media=("picture",)) if one.ai is AiUse.GENERATIVE),
        key=lambda one: (classes_of(one.account) != "G", -one.frames, one.first),
    )
    rows = tuple(_shot(known, one) for one in shots[:LINES])
    lead = () if rows else ("None: no generative model is known to have had a hand in a frame of picture.",)
    columns = ("Shot", "In", "Frames", "More than half of the picture", *LAST_COLUMNS)
    return Table(
        "Shots with generated picture, those over half first",
        columns,
        rows,
        numbers=("Frames",),
        lead=lead,
        foot=_more(len(shots), "shot-map"),
    )


def tools(known: Known) -> Table:
    """Tools with the receipt of their plan and the dated page of their terms."""
    stretches = [one for one in behind_stretches(known) if one.ai in (AiUse.GENERATIVE, AiUse.ASSISTIVE)]
    names = dict.fromkeys(step.tool.name for one in stretches for step in one.made_by_models if step.tool is not None)
    rows = []
    for name in names:
        terms = terms_of(known, name)
        spans = [
            (one.first, one.end)
            for one in stretches
            if one.medium == "picture"
            and any(step.tool is not None and step.tool.name == name for step in one.made_by_models)
        ]
        plan = terms.plan if terms is not None else ""
        receipts = (
            []
            if terms is None
            else [one for one in known.register.papers if one.family == "payment" and terms.snapshot in one.about]
        )
        rows.append(
            (
                name,
                str(frames_in(spans)),
                plan or "question: which plan?",
                receipts[0].at or "on record" if receipts else "question: no receipt on record",
                f"seen {terms.seen}" if terms is not None else "question: no snapshot on record",
                str(terms.log_index) if terms is not None else NOT_RECORDED,
            )
        )
    columns = ("Tool", "Frames of picture", "Plan", "Receipt of the plan", "Terms as read", "Ledger no.")
    lead = () if rows else ("None on record.",)
    return Table(
        "Tools",
        columns,
        tuple(rows[:LINES]),
        numbers=("Frames of picture",),
        lead=lead,
        foot=_more(len(rows), "toolchain"),
    )


def people(known: Known, uses: Sequence[Use], moment: Moment) -> Table:
    """Everybody who is shown or heard by a replica, with the consent that comes nearest and where it stands."""
    rows = []
    for use in sorted(_by_replica(uses), key=lambda use: (use.alias, use.kind, use.key)):
        relied = [one for one in rests_on(use, known.register, moment) if one.agreement.kind == "consent"]
        standing = ", ".join(
            f"{one.agreement.label}: {one.state or 'unknown'}, covers it: {covering(one)}" for one in relied
        )
        rows.append(
            (_called(use), use.kind.replace("_", " "), str(use.frames), standing or "question: no consent on file")
        )
    lead = () if rows else ("Nobody is noted as shown or heard by a replica.",)
    columns = ("Person", "Use", "Frames", "Consent")
    return Table(
        "People by replica",
        columns,
        tuple(rows[:LINES]),
        numbers=("Frames",),
        lead=lead,
        foot=_more(len(rows), "clearance-log"),
    )


def gaps(known: Known, findings: Iterable[Finding]) -> Words:
    """What is missing, plainly; nothing missing is said."""
    held = sorted(
        (one for one in findings if one.held("deliver") != "open" and one.verdict.pack != "edgecode"),
        key=lambda one: one.quality != "Blocker",
    )
    lines = [f"{one.quality}, {one.card.number or one.name}: {one.card.title}. {one.card.fix}" for one in held]
    for medium in MEDIA:
        for group in gap_groups(gap_runs(known.view.runs(medium))):
            name = clip_name(known.view.clips[group.clip]) if group.clip >= 0 else UNREAD
            where = f"{counted(group.frames, 'frame')} of {medium} at {known.view.clock.label(group.first)}"
            lines.append(f"{where} ({name}): {group.reason.question}")
    shown, left = lines[:LINES], len(lines) - LINES
    return Words(
        "Gaps", (*shown, *((f"And {left:,} more: edgecode check {known.view.name}",) if left > 0 else ())) or ("None.",)
    )


def _shot(known: Known, one: Stretch) -> tuple[str, ...]:
    over = (
        "question: a part of it is unaccounted"
        if one.is_unaccounted
        else "yes: all of it is generated"
        if classes_of(one.account) == "G"
        else "question: how much of its area? no matte on record"
    )
    return (one.name, known.view.clock.label(one.first), str(one.frames), over, *one.evidence)


def _by_replica(uses: Sequence[Use]) -> list[Use]:
    return [use for use in uses if use.kind in REPLICA_USES and use.spans]


def _replicas(known: Known, uses: Sequence[Use], moment: Moment) -> tuple[int, int]:
    """How many people, and of how many of them every such use has a consent in force that covers it."""
    covered: dict[str, bool] = {}
    for use in _by_replica(uses):
        consents = [one for one in rests_on(use, known.register, moment) if one.agreement.kind == "consent"]
        good = bool(consents) and all(covering(one) == "yes" and one.state == "active" for one in consents)
        whose = use.alias or use.key
        covered[whose] = covered.get(whose, True) and good
    return len(covered), sum(covered.values())


def _called(use: Use) -> str:
    return use.alias or {"erased": "somebody erased", "unknown": "somebody unknown"}.get(
        use.person_state, "question: whose is it?"
    )


def _more(found: int, command: str) -> tuple[str, ...]:
    return (f"And {found - LINES:,} more: edgecode {command}",) if found > LINES else ()
