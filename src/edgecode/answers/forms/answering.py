"""What the record answers to the questions of forms. A question that it leaves open stays one, and an absence is never a no."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from edgecode.answers.agreements.resting import Moment, covering, rests_on
from edgecode.answers.cuts.accounts import MEDIA, Medium
from edgecode.answers.forms.preset import Preset, Question
from edgecode.answers.layout.columns import counted, share
from edgecode.answers.papers.behind import behind_stretches, tools_text
from edgecode.answers.papers.heading import figures_of
from edgecode.answers.papers.known import Known
from edgecode.answers.registers.insurance import REPLICA_USES
from edgecode.answers.registers.toolchain import terms_of, training_text
from edgecode.answers.report.paper import Asked, Form
from edgecode.checks.desk_rows import ToolTerms
from edgecode.checks.findings import Finding
from edgecode.checks.uses import Use
from edgecode.terms.evidence import AiUse

ANSWERED, OPEN, NOT_ASKED = "answered", "open", "not asked"
_MODELS = (AiUse.GENERATIVE, AiUse.ASSISTIVE)


@dataclass(frozen=True)
class FormKnown:
    """What forms are answered from: what is known of the cut, its uses and findings as judged, and which packs judged."""

    known: Known
    uses: Sequence[Use]
    findings: Sequence[Finding]
    judged: frozenset[str]
    moment: Moment


_Answer = tuple[str, str, str]
"""The answer, its state, and what it stands on."""


def filled(form: FormKnown, preset: Preset) -> Form:
    """The form with an answer, a state and a reason for every question."""
    rows = tuple(Asked(one.question, *ANSWERS[one.asks](form, one)) for one in preset.questions)
    source = f"{preset.issuer}, {preset.edition}. {preset.citation}. Transcribed with {preset.confidence} confidence."
    return Form(preset.title, f"{source} {preset.note}".rstrip(), rows)


def _frames(form: FormKnown, medium: Medium, what: str) -> _Answer:
    found = figures_of(form.known, medium=medium)
    generated, unknown = found.ai["generative"], found.ai["unknown"]
    because = f"edgecode coverage {form.known.view.name}, grades on each line of the cue sheet"
    if not found.frames:
        return (
            f"The cut carries no {medium}; of what is added to it later nothing is on record.",
            OPEN,
            "a cut with its sound would settle it",
        )
    said = (
        f"{generated:,} of {counted(found.frames, 'frame')} of {medium} ({share(generated, found.frames)}) are {what}"
    )
    if unknown or found.unaccounted:
        return (
            f"At least {said}; of {unknown:,} nobody knows, {found.unaccounted:,} are unaccounted.",
            OPEN,
            f"edgecode questions {form.known.view.name}",
        )
    return f"{said}.", ANSWERED, because


def _generated_frames(form: FormKnown, _: Question) -> _Answer:
    return _frames(form, "picture", "generated, wholly or in part")


def _generated_sound(form: FormKnown, _: Question) -> _Answer:
    return _frames(form, "sound", "generated, wholly or in part")


def _hpf_tier(form: FormKnown, _: Question) -> _Answer:
    ai = [figures_of(form.known, medium=medium).ai for medium in ("picture", "sound")]
    if any(one["generative"] for one in ai):
        return "3, generative AI in the final work.", ANSWERED, "cue sheet: cues of generative tools"
    if any(one["unknown"] for one in ai):
        return (
            "Not known: of some frames nobody knows whether a model had a hand in them.",
            OPEN,
            f"edgecode questions {form.known.view.name}",
        )
    if any(one["assistive"] for one in ai):
        return "2, assistive AI.", ANSWERED, "cue sheet: cues of assistive tools"
    return (
        "1, no AI, as far as steps are on record.",
        ANSWERED,
        "every frame is accounted for and no step names a model",
    )


def _replicas(form: FormKnown, _: Question) -> _Answer:
    uses = [use for use in form.uses if use.kind in REPLICA_USES]
    if not uses:
        ai = figures_of(form.known).ai
        if ai["generative"] or ai["unknown"] or any(use.person_state == "unknown" for use in form.uses):
            return (
                "Nobody is noted as shown or heard by a replica.",
                OPEN,
                "question: is nobody recreated in what models made? nobody said so",
            )
        return "Nobody is shown or heard by a replica.", ANSWERED, "no step names a model"
    lines, good = [], True
    for use in uses:
        relied = [one for one in rests_on(use, form.known.register, form.moment) if one.agreement.kind == "consent"]
        good &= bool(relied) and all(covering(one) == "yes" and one.state == "active" for one in relied)
        standing = ", ".join(
            f"{one.agreement.label} ({one.state or 'unknown'}, covers it: {covering(one)})" for one in relied
        )
        lines.append(f"{use.alias or 'somebody'}: {use.kind.replace('_', ' ')}, {standing or 'no consent on file'}")
    return (
        "; ".join(lines) + ".",
        ANSWERED if good else OPEN,
        "clearance log" if good else "a consent in force that covers it would settle it",
    )


def _tools_of(form: FormKnown) -> dict[str, ToolTerms | None]:
    names = dict.fromkeys(
        step.tool.name if step.tool is not None else ""
        for one in behind_stretches(form.known)
        if one.ai in _MODELS
        for step in one.made_by_models
    )
    return {name: terms_of(form.known, name) if name else None for name in names}


def _tools(form: FormKnown, _: Question) -> _Answer:
    steps = [step for one in behind_stretches(form.known) if one.ai in _MODELS for step in one.made_by_models]
    unknown = figures_of(form.known).ai["unknown"]
    if not steps:
        return (
            ("None on record.", OPEN, "of some frames nobody knows")
            if unknown
            else ("None.", ANSWERED, "no step names a model")
        )
    nameless = any(step.tool is None or not step.tool.version for step in steps)
    why = (
        "toolchain register"
        if not nameless and not unknown
        else "a tool or its version is not recorded, or frames are not known"
    )
    return f"{tools_text(steps)}.", OPEN if nameless or unknown else ANSWERED, why


def _of_terms(form: FormKnown, word: str, good: bool) -> _Answer:
    """Whether the terms of every tool say *word* as they should; one that nobody read leaves it open."""
    tools = _tools_of(form)
    said: Mapping[str, bool | None] = {
        name: getattr(terms.section, word) if terms is not None and terms.section is not None else None
        for name, terms in tools.items()
    }
    if not tools:
        return _tools(form, Question("", "tools"))
    wrong = [name or "a tool that is not recorded" for name, value in said.items() if value is (not good)]
    missing = [name or "a tool that is not recorded" for name, value in said.items() if value is None]
    if wrong:
        return f"No: {', '.join(wrong)}.", ANSWERED, "terms as they were read, toolchain register"
    if missing:
        return (
            f"Not known of {', '.join(missing)}.",
            OPEN,
            "a snapshot of their terms that says so: edgecode desk tool-terms",
        )
    return f"Yes, of {', '.join(said)}.", ANSWERED, "terms as they were read, toolchain register"


def _tools_train(form: FormKnown, _: Question) -> _Answer:
    return _of_terms(form, "trains_on_inputs", good=False)


def _tools_enterprise(form: FormKnown, _: Question) -> _Answer:
    return _of_terms(form, "enterprise", good=True)


def _training_data(form: FormKnown, _: Question) -> _Answer:
    found: dict[str, str] = {}
    for one in behind_stretches(form.known):
        if one.ai in _MODELS:
            weights = {row.version.name: row.version.id for row in one.lineage if row.relation == "generated by"}
            for model in (model for step in one.made_by_models for model in step.models):
                found[model.name] = training_text(form.known, weights.get(model.name, ""))
            if any(not step.models for step in one.made_by_models):
                found["a model that is not recorded"] = "question: which model was it?"
    if not found:
        return _tools(form, Question("", "tools"))
    open_ = [name for name, said in found.items() if said.startswith(("question", "the maker"))]
    said = "; ".join(f"{name}: {text}" for name, text in sorted(found.items()))
    return (
        f"{said}.",
        OPEN if open_ else ANSWERED,
        "edgecode desk model and desk dataset" if open_ else "toolchain register",
    )


def _material(form: FormKnown, _: Question) -> _Answer:
    uses = [use for use in form.uses if use.kind in ("licensed_material", "archival_alteration")]
    lacking, labels = 0, set()
    for use in uses:
        relied = [one for one in rests_on(use, form.known.register, form.moment) if one.agreement.kind == "license"]
        labels |= {one.agreement.label for one in relied}
        lacking += not relied or any(covering(one) != "yes" or one.state != "active" for one in relied)
    unaccounted = figures_of(form.known).unaccounted
    said = f"{counted(len(uses), 'use')} of material of others; licenses {', '.join(sorted(labels)) or 'none'}"
    if lacking or unaccounted:
        return (
            f"{said}; {lacking:,} without a license in force that covers it, {unaccounted:,} frames unaccounted.",
            OPEN,
            "clearance log",
        )
    return f"{said}.", ANSWERED, "clearance log"


def _human_direction(form: FormKnown, _: Question) -> _Answer:
    direction = form.known.direction
    if direction is None:
        return "Not read.", OPEN, "edgecode direction"
    if not direction.generated and not direction.unknown:
        return "No model made anything in it.", NOT_ASKED, "edgecode coverage"
    said = f"Of {counted(direction.generated, 'frame')} that a model had a hand in, {direction.directed:,} have human acts on record."
    is_whole = direction.directed == direction.generated and not direction.unknown
    return (
        said,
        ANSWERED if is_whole else OPEN,
        f"edgecode direction {form.known.view.name}; what is not on record may have happened all the same",
    )


def _concerned(form: FormKnown) -> list[Use]:
    """The uses that a model had, or may have had, a hand in."""
    return [use for use in form.uses if use.kind in (*REPLICA_USES, "ai_element")]


def _covers(about: Iterable[str], use: Use, form: FormKnown) -> bool:
    named = set(about)
    return not named or form.known.view.cut in named or use.version in named or bool(named & use.about)


def _unless_unknown(form: FormKnown, said: str, because: str) -> _Answer:
    """An answer for every use on record, which stays open while of some frames nobody knows whether a model had a hand in them."""
    unknown = sum(figures_of(form.known, medium=medium).ai["unknown"] for medium in MEDIA)
    if unknown:
        return (
            f"{said} Of {counted(unknown, 'frame')} nobody knows whether it concerns them.",
            OPEN,
            f"edgecode questions {form.known.view.name}",
        )
    return said, ANSWERED, because


def _is_over(until: str, form: FormKnown) -> bool:
    """Whether a record's last day lies before the day that is asked about."""
    return bool(until) and until != "*" and until < form.moment.today


def _determination(form: FormKnown, asked: Question) -> _Answer:
    fact = asked.fact.removeprefix("determination.")
    words = (asked.fact, fact, f"use.{fact}")
    made = [
        one for one in form.known.register.determinations if one.question in words and not _is_over(one.until, form)
    ]
    uses = _concerned(form)
    if not uses and not figures_of(form.known).ai["unknown"]:
        return "Nothing in it was made by a model.", NOT_ASKED, "edgecode coverage"
    silent = [use for use in uses if not any(_covers(one.about, use, form) for one in made)]
    said = ", ".join(sorted({str(one.answer).lower() for one in made}))
    if silent or not uses:
        return (
            f"{'Determined in part: ' + said if made else 'Nobody has determined it'}; open for {counted(len(silent), 'use')}.",
            OPEN,
            "edgecode desk determination, by a named member",
        )
    return _unless_unknown(
        form, f"Determined for {counted(len(uses), 'use')}: {said}.", f"{counted(len(made), 'determination')} on record"
    )


def _record(form: FormKnown, asked: Question) -> _Answer:
    found = [
        one
        for one in form.known.register.papers
        if (one.family, one.kind) == (asked.family, asked.kind)
        and one.answer in ("", "yes")
        and not _is_over(one.until, form)
    ]
    uses = _concerned(form)
    if not uses and not figures_of(form.known).ai["unknown"]:
        return "Nothing in it was made by a model.", NOT_ASKED, "edgecode coverage"
    silent = [use for use in uses if not any(_covers(one.about, use, form) for one in found)]
    days = ", ".join(sorted({one.at for one in found if one.at}))
    if not found or silent:
        part = f"On record in part ({days}); open" if found else "None is on record; open"
        return f"{part} for {counted(len(silent), 'use')}.", OPEN, f"edgecode desk {asked.family}"
    on = f", {days}" if days else ""
    return _unless_unknown(
        form,
        f"On record{on}, for {counted(len(uses), 'use')}.",
        f"entry {min(one.log_index for one in found):,} of the ledger",
    )


def _pack(form: FormKnown, asked: Question) -> _Answer:
    if asked.pack not in form.judged:
        return f"Not judged: {asked.pack} is off for this production.", OPEN, "edgecode packs"
    held = [one for one in form.findings if one.verdict.pack == asked.pack and one.held("deliver") != "open"]
    if held:
        return (
            f"{counted(len(held), 'finding')}: {'; '.join(one.card.title for one in held[:3])}.",
            OPEN,
            f"edgecode check {form.known.view.name}",
        )
    return (
        "None of its rules holds a delivery.",
        ANSWERED,
        f"edgecode check {form.known.view.name}; the pack is a transcription as data",
    )


ANSWERS: Mapping[str, Callable[[FormKnown, Question], _Answer]] = {
    "generated_frames": _generated_frames,
    "generated_sound": _generated_sound,
    "hpf_tier": _hpf_tier,
    "replicas": _replicas,
    "tools": _tools,
    "tools_train": _tools_train,
    "tools_enterprise": _tools_enterprise,
    "training_data": _training_data,
    "material_of_others": _material,
    "human_direction": _human_direction,
    "determination": _determination,
    "record": _record,
    "pack": _pack,
}
"""Everything that a form can ask the record: the words of *asks*."""
