"""Asking before anything is made: may this be used so? The same register, facts and packs as a gate; nothing is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.ask.answer import (
    Ask,
    Blame,
    NearestAgreement,
    asked_about,
    asked_rule,
    facts_behind,
    nearest_agreement,
    who_acts,
    word_for,
)
from edgecode.answers.ask.asked_use import Question, kind_of, use_of
from edgecode.answers.chain import Chains
from edgecode.answers.naming import version_meant
from edgecode.answers.uses.derived import derived_uses, training_uses
from edgecode.answers.uses.facts import facts_of_model, facts_of_showing
from edgecode.checks.about_use import classifications
from edgecode.checks.considered import Asking, consents_for, licenses_for, same_picture_of, totals_of
from edgecode.checks.desk_questions import UNREAD, asked
from edgecode.checks.facts import subject_of
from edgecode.checks.findings import Finding
from edgecode.checks.gates import Held
from edgecode.checks.open_decisions import open_decisions
from edgecode.checks.pack_questions import pack_findings
from edgecode.checks.pack_states import PackState
from edgecode.checks.plain_uses import SHOWN_AS_MADE
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import VOCABULARY, fact_named
from edgecode.checks.rules.cel import reads
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import Rule
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.rules.written_facts import read_fact
from edgecode.checks.rules_in_force import RulesInForce, Said
from edgecode.checks.uses import Use
from edgecode.checks.whole_subjects import Model, Moment
from edgecode.errors import InputError, NotFoundError, UsageError
from edgecode.index.cuts import cut_named
from edgecode.index.keys import key_of
from edgecode.index.persons import day_of, person_called
from edgecode.index.projector import unread
from edgecode.index.rows import first_number
from edgecode.production.checking.counting import counted_once, totals_everywhere, uses_elsewhere
from edgecode.production.checking.placed_uses import PlacedUse, question_about, stating, use_meant
from edgecode.production.corridor import Production
from edgecode.production.noting import notes_for
from edgecode.production.persons.noting import judged_at, require_day
from edgecode.production.rule_packs.choosing import pack_states
from edgecode.terms.identity import RecordId
from edgecode.terms.languages import require_languages
from edgecode.terms.rights import ALL, Act, FactValue, Gate, Modality, Scope, Training

_DAY_MILLISECONDS = 86_400_000
_EPOCH = 719_163
"""The ordinal of 1970-01-01."""

Totals = Mapping[RecordId, Mapping[str, int | Fraction]]


class AskDraft(Struct, frozen=True):
    """A question as somebody types it. Lists: None where nobody said. *facts*: derived facts of the use, ``use.role=principal``.

    *on*: the day on which it would be made and judged; "": today, for the production's release. *counts*: quantities by name. *use*: one
    that stands in *cut*, by its key, the beginning of it, or the name of a finding about it; *act* is then of no account.
    """

    act: Act | None = None
    person: str = ""
    nobody: bool = False
    modalities: tuple[Modality, ...] | None = None
    media: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    territories: tuple[str, ...] | None = None
    scenes: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None
    training: Training | None = None
    on: str = ""
    counts: Mapping[str, int] = {}
    replica: str = ""
    license: str = ""
    model: str = ""
    dataset: str = ""
    work: str = ""
    cut: str = ""
    facts: Mapping[str, str] = {}
    use: str = ""


def ask(production: Production, draft: AskDraft, *, gate: Gate = "deliver") -> Ask:
    """Whether something may be used so, as the gate would say once it were in a cut.

    It is judged twice, as what is made now and as what lies finished in a cut, and the worse counts; a use that stands in a cut is judged
    as the check of that cut judges it. Raises UsageError ``ask.what`` and ``ask.act``, NotFoundError ``ask.use``, ``person.unknown``,
    ``replica.unknown``, ``version.unknown``, ``cut.unknown`` and ``agreement.unknown``, InputError ``version.ambiguous``,
    ``facts.unknown``, ``facts.value``, ``language.tag``, ``ask.not_derived`` and ``ask.covers_nothing``, and what `packs_of` raises.
    """
    production.catch_up()
    register = Register.read(production.index, origin=production.log.origin)
    now = judged_at(production, register)
    present = day_of(now)
    day = draft.on or present
    require_day(day)
    states = tuple(pack_states(production, register=register))
    moment = now if day == present else end_of_day(day)
    if draft.use:
        placed = _placed(production, register, states, draft, gate=gate)
        question = question_about(placed, made=moment)
    else:
        placed, question = None, _question(production, register, draft, now=moment)
    judging = AskJudging(production, _told(register, draft), states, question, gate=gate, day=day, placed=placed)
    found = judging.findings()
    blames = [judging.blame(one) for one in found if one.held(gate) != "open"]
    people, missing = who_acts(blames, register, question, on=day)
    return Ask(
        production=production.title(),
        answer=word_for(found, gate),
        gate=gate,
        today=present,
        ledger=production.ledger_point(),
        asked=asked_about(
            question,
            placed.use.kind if placed is not None else kind_of(question),
            use=placed.use.key if placed is not None else "",
            on=day,
            said=[f"{name}={text}" for name, text in draft.facts.items()],
        ),
        nearest=tuple(judging.nearest()),
        rules=tuple(asked_rule(one, gate) for one in sorted(found, key=lambda one: _order(one, gate))),
        who=people,
        missing=missing,
        not_checked=tuple(state.pack.id for state in states if state.state != "on"),
        engine=judging.judge.engine,
        facts=VOCABULARY,
        notes=notes_for(
            production,
            production.view(question.cut) if placed is not None else None,
            register=register,
            uses=[placed.use] if placed is not None else [],
            on=(day, moment),
        ),
    )


_HELD: tuple[Held, ...] = ("refused", "held", "open")


def _order(one: Finding, gate: Gate) -> tuple[object, ...]:
    return _HELD.index(one.held(gate)), one.card.number, one.verdict.pack, one.verdict.rule


class AskJudging:
    """One question before the rules."""

    def __init__(
        self,
        production: Production,
        register: Register,
        states: tuple[PackState, ...],
        question: Question,
        *,
        gate: Gate,
        day: str,
        judge: Judge | None = None,
        placed: PlacedUse | None = None,
    ) -> None:
        """*register* need not be what the production holds. *judge*: one by these packs, where there is one already. *placed*: the use
        that stands in a cut and is asked about; None: nothing of it exists."""
        self._production, self._register, self._states = production, register, states
        self._question, self._gate, self._day = question, gate, day
        self._now, self._placed = question.made, placed
        self._rules = RulesInForce(states, judge)
        self.judge = self._rules.judge
        self._packs = {state.pack.id: state.pack for state in states}
        self._use = placed.use if placed is not None else self._asked_use()
        self._trainings = self._trained()
        self._totals = self._counted()

    def findings(self) -> list[Finding]:
        """What every rule says of it that is no pass, the worse of both ways, and what is open about rules, decisions and record."""
        moment, found = Moment(self._day, self._now, self._gate, self._totals), dict[tuple[str, str], Finding]()
        uses = [self._use, *self._trainings]
        for use in uses:
            for said in use.ways:
                subject = subject_of(
                    said, self._register, today=self._day, now=self._now, gate=self._gate, totals=self._totals
                )
                for way in self._ways(use, subject):
                    self._keep_worse(found, self._rules.of_use(use, way, today=self._day))
        cut = self._question.cut
        self._keep_worse(found, self._rules.of_models(self._models(), self._register, moment, cut=cut))
        more = open_decisions(uses, self._register, today=self._day, now=self._now, gate=self._gate)
        more += pack_findings(self._states, self._register.profile, cut=cut)
        entries = sum(unread(self._production.index).values())
        if entries:
            why = f"{entries:,} entries of the record cannot be read here, and may say otherwise"
            more.append(asked(UNREAD, why, cut=cut))
        return [*found.values(), *more]

    def nearest(self) -> Iterable[NearestAgreement]:
        """The agreements that come into question, the nearest first."""
        asking = self._asking()
        for one in consents_for(asking):
            yield nearest_agreement(one)
        for material in self._use.material:
            for one in licenses_for(asking, material):
                yield nearest_agreement(one)

    def blame(self, finding: Finding) -> Blame:
        """A finding with the facts that would have to be settled."""
        pack = self._packs.get(finding.verdict.pack)
        rule = pack.rule(finding.verdict.rule) if pack is not None else None
        return Blame(finding, facts_behind(finding, rule, _reads(rule) if rule is not None else ()))

    def _ways(self, use: Use, subject: Subject) -> Iterable[Subject]:
        """As it lies in a cut, or would, and as what is made now; what stands is not made, and showing what was recorded makes nothing."""
        if self._placed is not None:
            yield subject
            return
        facts = dict(subject.facts)
        if use is self._use and self._question.act == "retain":
            facts["use.replica_overdue"] = True
        yield replace(subject, facts=facts)
        makes = use is self._use and use.kind not in SHOWN_AS_MADE
        if makes and facts.get("use.new_generation") is not True:
            yield replace(subject, facts={**facts, "use.new_generation": True, "use.new_processing": True})

    def _keep_worse(self, found: dict[tuple[str, str], Finding], said: Iterable[Said]) -> None:
        for one in self._rules.findings(said):
            key = one.verdict.pack, one.verdict.rule
            if key not in found or self._worse(one, found[key]):
                found[key] = one

    def _models(self) -> Iterable[Model]:
        """The models that would be used or trained, one that nobody named among them. Rules about whole cuts are asked of cuts only."""
        if self._placed is not None:
            return self._placed.models
        record, is_training = self._question.model, self._use.kind == "train"
        if not (record or is_training or self._use.facts.get("use.ai_generated") is True):
            return []
        trainings = (self._use,) if is_training else tuple(self._trainings)
        return [Model(record, facts_of_model(self._register, record), trainings=trainings)]

    def _worse(self, one: Finding, other: Finding) -> bool:
        return _HELD.index(one.held(self._gate)) < _HELD.index(other.held(self._gate))

    def _asked_use(self) -> Use:
        use = use_of(self._question, self._register, gate=self._gate)
        if use.kind != "licensed_material":
            return use
        index = self._production.index
        known = [index.rows("version_id", key_of(one)) for one in use.material]
        accounts = Chains(index).accounts([first_number(rows) for rows in known if rows])
        is_whole = len(accounts) == len(use.material)
        return replace(use, facts={**use.facts, **(facts_of_showing(accounts.values()) if is_whole else {})})

    def _asking(self) -> Asking:
        use = self._use
        asking = Asking(
            use, self._register, self._day, self._now, self._gate, same_picture_of(use), totals=self._totals
        )
        content = {name: value for name, value in classifications(asking).items() if isinstance(value, bool)}
        return replace(asking, content=content)

    def _trained(self) -> list[Use]:
        """What the models that are or would be used were trained on: a cut that they reach holds these too."""
        if self._use.kind == "train":
            return []
        if self._placed is not None:
            return list({use.key: use for model in self._placed.models for use in model.trainings}.values())
        if not self._question.model:
            return []
        number = first_number(self._production.index.rows("version_id", key_of(self._question.model)))
        return training_uses(Chains(self._production.index), self._register, [number], cut=self._question.cut)

    def _counted(self) -> Totals:
        """With everything that rests on the same agreements already, in every cut in force; of no agreement that has no maxima."""
        if self._placed is not None:
            return totals_everywhere(
                self._production,
                self._register,
                self._placed.beside,
                cut=self._use.cut,
                today=self._day,
                now=self._now,
                gate=self._gate,
            )
        asking = self._asking_first()
        resting = consents_for(asking)[:1] + [
            one for material in self._use.material for one in licenses_for(asking, material)[:1]
        ]
        if not any(one.terms.scope.maxima for one in resting):
            return {one.agreement.id: {} for one in resting}
        uses, cut = list[Use](), ""
        if self._question.cut:
            view = self._production.view(self._question.cut)
            uses, cut = derived_uses(view, Chains(self._production.index), self._register), view.cut
        there = counted_once([*uses, *uses_elsewhere(self._production, self._register, cut=cut)])
        return totals_of([*there, self._use], self._register, today=self._day, now=self._now, gate=self._gate)

    def _asking_first(self) -> Asking:
        return Asking(self._use, self._register, self._day, self._now, self._gate, same_picture_of(self._use))


def _reads(rule: Rule) -> list[str]:
    """The facts of what a rule requires; of a ban those of its condition."""
    texts = [one.that for one in rule.require if one.that and one.that.strip() != "false"]
    if not texts and not any(one.over for one in rule.require) and rule.when:
        texts = [rule.when]
    found = [name for text in texts for name in sorted(reads(text))]
    # A ban on a lost consent is met by a consent that is not lost.
    lost = any(name.startswith("consent.") for name in found) and texts == [rule.when]
    return [*found, "consent.scope_ok"] if lost else found


# ------------------------------------------------------------------------------------------ what somebody means


def _question(production: Production, register: Register, draft: AskDraft, *, now: int) -> Question:
    store = production.index
    if draft.act is None:
        raise UsageError("ask.what", "what would be done?", "Give --act; or --use of what stands in a cut")
    person = person_called(store, draft.person) if draft.person else None
    if not (person or draft.nobody or draft.model or draft.dataset or draft.work or draft.license):
        raise UsageError(
            "ask.what", "what is it about?", "Give --person ALIAS, --work, --license, --model or --dataset; or --nobody"
        )
    model = version_meant(store, draft.model, reveal=True).key if draft.model else ""
    dataset = version_meant(store, draft.dataset, reveal=True).key if draft.dataset else ""
    material = [version_meant(store, draft.work, reveal=True).key] if draft.work else []
    material += _licensed(register, draft.license) if draft.license else []
    cut = cut_named(store, draft.cut) if draft.cut else None
    return Question(
        act=draft.act,
        made=now,
        person=person.id if person is not None else None,
        alias=(person.alias or "") if person is not None else "",
        nobody=draft.nobody,
        needs=_needs(draft),
        material=tuple(one for one in dict.fromkeys(material) if one not in (model, dataset)),
        model=model,
        dataset=dataset,
        replica=_replica(register, draft.replica, person.id if person is not None else None) if draft.replica else "",
        cut=cut.key if cut is not None else "",
        said=_said(draft.facts),
        quantities=dict(draft.counts),
        rate=str(cut.rate) if cut is not None and cut.rate is not None else "",
        day=draft.on,
    )


def _needs(draft: AskDraft) -> Scope:
    require_languages(draft.languages)
    return Scope(
        roles=draft.roles,
        scenes=draft.scenes,
        languages=draft.languages,
        territories=draft.territories,
        media=draft.media,
        modalities=draft.modalities,
        tools=draft.tools,
        training=draft.training,
    )


def _placed(
    production: Production, register: Register, states: Sequence[PackState], draft: AskDraft, *, gate: Gate
) -> PlacedUse:
    told = (draft.person, draft.nobody, draft.modalities, draft.training, draft.counts, draft.replica, draft.license)
    if not draft.cut or any(told) or draft.model or draft.dataset or draft.work:
        raise UsageError(
            "ask.what",
            "a use that stands in a cut says itself who and what it is of",
            "Give --use with --cut, and beside them only where else it is to be used: --media, --language, --territory …",
        )
    placed = use_meant(production, register, states, draft.use, cut=draft.cut, needs=_needs(draft), gate=gate)
    return stating(placed, _said(draft.facts))


def _licensed(register: Register, called: str) -> list[RecordId]:
    agreement = register.agreement_called(called)
    covers = [one for version in agreement.versions for one in version.covers]
    if agreement.kind != "license" or not covers:
        raise InputError(
            "ask.covers_nothing",
            f"{agreement.label} names no work, dataset or model that it is for",
            "Give a license that covers something, or name it: --work VERSION",
        )
    return covers


def _replica(register: Register, identity: str, person: int | None) -> RecordId:
    found = register.replicas.get(identity)
    if found is None or (person is not None and found.whom.person != person):
        raise NotFoundError(
            "replica.unknown", "no replica of this person has this id", "edgecode person replica prints ids"
        )
    return found.id


def _said(facts: Mapping[str, str]) -> dict[str, FactValue]:
    for name in facts:
        if fact_named(name).world != "derived":
            raise InputError(
                "ask.not_derived",
                f"{name} is not for a question to say",
                "A judgment is a determination, a paper a record of its own: they count here once they are recorded",
            )
    return {name: read_fact(name, written) for name, written in facts.items()}


def _told(register: Register, draft: AskDraft) -> Register:
    """The register with the places and media that are asked about beside those of the profile, so that rules about these speak too."""
    profile = dict(register.profile)
    for name, words in (("production.territories", draft.territories), ("production.media", draft.media)):
        known = profile.get(name)
        if words and ALL not in words:
            asked_for = read_fact(name, ";".join(words))
            assert isinstance(asked_for, tuple)
            if isinstance(known, tuple):
                profile[name] = tuple(dict.fromkeys((*known, *asked_for)))
    return replace(register, profile=profile)


def end_of_day(day: str) -> int:
    """The last moment of a day, so that what its keepers said on it counts as said and nothing later does."""
    from datetime import date

    return (date.fromisoformat(day).toordinal() - _EPOCH + 1) * _DAY_MILLISECONDS - 1
