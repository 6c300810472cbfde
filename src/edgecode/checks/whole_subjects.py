"""What rules about a whole cut and about a model are asked of: one subject for the cut, one for each model that it reaches."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.about_use import classifications, contradicted_facts, determination_facts, paper_facts
from edgecode.checks.considered import Asking
from edgecode.checks.facts import profile_facts, subject_of
from edgecode.checks.gates import held_at
from edgecode.checks.needs import day_of_use
from edgecode.checks.register import Register
from edgecode.checks.rules.about_cut import ANY_USE, CUT_FACTS, NOT_OF_CUTS, any_of
from edgecode.checks.rules.catalogue import RECORD_FACTS
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.subjects import Outcome, Subject, Verdict
from edgecode.checks.uses import Span, Use, use_key
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue, Gate

_OF_LICENSES = frozenset(name for name in RECORD_FACTS if name.startswith("license."))
_HELD = ("open", "held", "refused")
_OUTCOMES: tuple[Outcome, ...] = ("not_applicable", "pass", "unknown", "fail", "error")


class Moment(Struct, frozen=True):
    """When it is judged. *now*: milliseconds since 1970. *totals*: as `subject_of` takes them."""

    today: str
    now: int
    gate: Gate
    totals: Mapping[RecordId, Mapping[str, int | Fraction]] | None = None


class Model(Struct, frozen=True):
    """A model that a cut reaches. *record* "": models that nobody named. *facts*: what is known of it whatever it was trained on.
    *spans*: where what it made is on screen. *trainings*: the uses of its training, () where nobody knows what it was trained on."""

    record: RecordId
    facts: Mapping[str, FactValue]
    spans: tuple[Span, ...] = ()
    trainings: tuple[Use, ...] = ()


def cut_subject(
    cut: RecordId, subjects: Iterable[Subject], register: Register, moment: Moment, *, is_whole: bool
) -> tuple[Use, Subject]:
    """The cut as a use of no frames, and what is known of it. *subjects*: of its uses; *is_whole*: every frame is accounted for.

    Its key holds for this cut alone: what somebody answers to a question about a whole cut is no answer for the next.
    """
    use = Use(
        use_key("cut", version="", subject="", clip=cut),
        "performance",
        cut,
        about=frozenset({cut}),
        person_state="none",
    )
    asking = Asking(use, register, moment.today, moment.now, moment.gate)
    states, claimed = (of(cut, on=moment.today) for of in (register.states_of_cut, register.open_states_of_cut))
    shown = [one.facts for one in subjects if one.facts.get("use.kind") != "train"]
    facts: dict[str, FactValue] = {"use.released": "released" in states} if "released" not in claimed else {}
    facts |= {"use.final": True} if states | claimed or moment.gate == "deliver" else {}
    facts |= {"use.public": True} if "released" in states | claimed else {}
    day = day_of_use(use, register, today=moment.today)
    facts |= {"use.date": day} if day else {}
    for name in ANY_USE:
        value = any_of(shown, name, is_whole=is_whole)
        facts |= {name: value} if value is not None else {}
    facts |= profile_facts(register) | classifications(asking) | paper_facts(asking) | determination_facts(asking)
    torn = contradicted_facts(asking)
    known = {name: value for name, value in facts.items() if name in CUT_FACTS - torn}
    return use, Subject(use.key, "cut", known, open=NOT_OF_CUTS | torn)


def model_subjects(model: Model, cut: RecordId, register: Register, moment: Moment) -> list[tuple[Use, Subject]]:
    """A model by everything that it was trained on: what a rule says of it is the worst that it says of one of these.

    The key changes with what is known of its training, so that no answer covers a training that nobody knew of.
    """
    named = sorted(use.key for use in model.trainings)
    key = use_key("model", version=model.record, subject=":".join(named))
    found = []
    for training in [way for one in model.trainings for way in one.ways] or [_bare(model, key, cut)]:
        use = replace(training, facts={**model.facts, **training.facts})
        subject = subject_of(use, register, today=moment.today, now=moment.now, gate=moment.gate, totals=moment.totals)
        # Without a known training there is no material whose license could be on file or not.
        is_open = subject.open if model.trainings else subject.open | (_OF_LICENSES - set(subject.facts))
        placed = replace(use, key=key, spans=model.spans or use.spans)
        found.append((placed, replace(subject, key=key, about="model", open=is_open)))
    return found


def _bare(model: Model, key: str, cut: RecordId) -> Use:
    """The training of a model of which nobody knows any."""
    about = frozenset({cut, model.record}) - {""}
    facts: dict[str, FactValue] = {"use.kind": "train", "use.final": False, "use.new_generation": False}
    return Use(key, "train", cut, model.spans, model.record, about, facts=facts)


def worst_of(
    judge: Judge, asked: Sequence[tuple[Use, Subject]], *, today: str, gate: Gate
) -> list[tuple[Verdict, Use, Subject]]:
    """The worst verdict of each rule over several ways to see one subject, with the way that it is about."""
    said = [(verdict, use, subject) for use, subject in asked for verdict in judge.verdicts(subject, today=today)]
    return strictest(said, gate)


def strictest(said: Iterable[tuple[Verdict, Use, Subject]], gate: Gate) -> list[tuple[Verdict, Use, Subject]]:
    """Of what is said of several ways the worst verdict of each rule."""
    found: dict[tuple[str, str], tuple[Verdict, Use, Subject]] = {}
    for one in said:
        name = one[0].pack, one[0].rule
        if name not in found or _rank(one[0], gate) > _rank(found[name][0], gate):
            found[name] = one
    return list(found.values())


def _rank(verdict: Verdict, gate: Gate) -> tuple[int, int]:
    return _HELD.index(held_at(verdict, gate)), _OUTCOMES.index(verdict.outcome)
