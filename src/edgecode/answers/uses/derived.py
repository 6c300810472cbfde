"""Uses of a cut, derived from lineage: who is depicted or heard in which frames and how, which material and which models are behind them.

What may be on screen counts as used. Where nobody knows what is on screen there is no guess: these frames are unaccounted, which holds.
Explained for people in docs/explanation/uses.md.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.declared import with_declared
from edgecode.answers.uses.facts import Backing, dataset_facts, facts_of, facts_of_model
from edgecode.answers.uses.likeness import ERASED, Mark, Sort, State
from edgecode.answers.uses.on_screen import (
    Stretch,
    is_open,
    is_placed,
    marks_on_screen,
    shown_frames,
    stretches,
    track_of,
    versions_shown,
)
from edgecode.answers.uses.places import joined, spans_of
from edgecode.answers.uses.reaching import Marks
from edgecode.answers.uses.sources import Sources
from edgecode.answers.uses.taken_back import (
    ByHand,
    Losses,
    TakenBack,
    all_marks,
    in_clips,
    less_said,
    lost_marks,
    matched,
)
from edgecode.checks.limits import is_for_this_alone
from edgecode.checks.register import DeclaredUse, Register, Whom
from edgecode.checks.uses import NOBODY_KNOWS, PersonState, Span, Use, UseKind, use_key
from edgecode.checks.whole_subjects import Model
from edgecode.index.lineage import Subgraph, UndoneSubgraph, has_withdrawn
from edgecode.index.making import only_growing
from edgecode.index.persons import persons
from edgecode.terms.evidence import AiUse, Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, classes_of, letter_of
from edgecode.terms.rights import FactValue, Scope, Training
from edgecode.terms.steps import InputRole
from edgecode.terms.timebase import Rate

PERSON_KINDS: Mapping[State, UseKind] = {
    "replica": "replica_use",
    "altered": "alteration",
    "recorded": "performance",
    "unclear": "performance",
    "doubtful": "performance",
}
"""What a person's part in a version is, by how they got there."""


class Unclear(Struct, frozen=True):
    """Frames of which nobody can tell whether a model had a hand in them. *version* "": of a clip that no version is known for."""

    key: str
    version: RecordId
    spans: tuple[Span, ...]


class Derived(Struct, frozen=True):
    """*uses*: in the order of the cut. *unclear*: where AI use is not known, by version on screen. *models*: those that it reaches.

    *doubtful*: by key of a use the frames in which nobody knows whether its person was filmed or made. *behind*: by version on screen of
    which frames are unaccounted, or AI use is not known, every version that it rests on and that a record of the desk names.
    *taken_back*: what rests on something that was taken back.
    """

    uses: tuple[Use, ...]
    unclear: tuple[Unclear, ...] = ()
    models: tuple[Model, ...] = ()
    doubtful: Mapping[str, tuple[Span, ...]] = {}
    behind: Mapping[RecordId, frozenset[RecordId]] = {}
    taken_back: tuple[TakenBack, ...] = ()


def derived_uses(view: CutView, chains: Chains, register: Register, *, is_final: bool | None = None) -> list[Use]:
    """Every use of a cut by what lineage and declarations show. *is_final*: the cut is final, or at the gate of delivery; None: nobody
    said."""
    return list(derived(view, chains, register, is_final=is_final).uses)


def uses_in_clip(view: CutView, chains: Chains, register: Register, clip: int) -> list[Use]:
    """Those of `derived_uses` that lie in one clip (by its number), without a look at what other versions than its own are made of. Of the
    training of models the frames are only those of clips that show the same versions."""
    with only_growing():
        found = _Derivation(view, chains, register, is_final=None, clip=clip).derived().uses
    if any(_may_differ(use) for use in found):
        found = derived(view, chains, register).uses
    return [use for use in found if any(span.clip == clip for span in use.spans)]


def _may_differ(use: Use) -> bool:
    """Whether what other clips show may say otherwise: whether a declaration is of something that they show, and what medium a training is
    for."""
    is_open = use.kind == "train" and use.person is not None and "use.audio_only" not in use.facts
    return is_open or (use.how == "declared" and bool(use.version))


def derived(view: CutView, chains: Chains, register: Register, *, is_final: bool | None = None) -> Derived:
    """The uses of a cut, and where nobody can tell whether there are more."""
    with only_growing():
        return _Derivation(view, chains, register, is_final=is_final).derived()


def training_uses(chains: Chains, register: Register, models: Iterable[int], *, cut: RecordId = "") -> list[Use]:
    """What models (dense ids) were trained on, as uses that lie nowhere yet."""
    wanted = list(dict.fromkeys(models))
    empty = CutView(cut, "", CutClock(Rate(24), 0, 0), True, (), (), (), (), (), {})
    derivation = _Derivation(empty, chains, register, is_final=None, also=wanted)
    return [replace(use, cut=cut) for model in wanted for use in derivation.trained(model, ())]


def reached_spans(
    view: CutView,
    chains: Chains,
    register: Register,
    versions: Iterable[RecordId],
    *,
    frames: tuple[int, int] | None = None,
) -> list[tuple[RecordId, tuple[Span, ...]]]:
    """Where a cut rests on any of *versions*, itself or by whatever was made from it: by version on screen ("" of a clip that no version
    is known for). *frames*: of these versions, half open; None: all of them."""
    first, end = frames if frames is not None else (None, None)
    probe = DeclaredUse("probe", Whom(), 0, 0, tuple(versions), "", first, end)
    probed = replace(register, uses={probe.id: probe})
    with only_growing():
        return _Derivation(view, chains, probed, is_final=None).places(probe.id)


class _Shown(Struct):
    """One version as the cut shows it, or one clip that no version is known for. *marks*: where each is on screen. *beside*, *archive*: of
    its uses."""

    version: int | None
    clip: int
    stretches: list[Stretch]
    marks: dict[Mark, list[Span]]
    beside: frozenset[int] = frozenset()
    archive: tuple[RecordId, ...] = ()


class _Derivation:
    def __init__(
        self,
        view: CutView,
        chains: Chains,
        register: Register,
        *,
        is_final: bool | None,
        also: Iterable[int] = (),
        graph: Subgraph | None = None,
        clip: int | None = None,
        only: Collection[int] | None = None,
    ) -> None:
        """*clip*: of the clips that show any version that this one shows, alone. *only*: of these clips alone."""
        self._view, self._register, self._is_final, self._clip = view, register, is_final, clip
        self._chains, self._store = chains, chains.store
        self._stretches = stretches(view)
        self._versions = {one: versions_shown(view.match_of.get(one)) for one in self._stretches}
        if only is not None:
            self._stretches = {one: listed for one, listed in self._stretches.items() if one in only}
            self._versions = {one: its for one, its in self._versions.items() if one in only}
        if clip is not None:
            alike = {one for one, its in self._versions.items() if set(its) & set(self._versions.get(clip, ()))} | {
                clip
            }
            self._stretches = {one: listed for one, listed in self._stretches.items() if one in alike}
            self._versions = {one: its for one, its in self._versions.items() if one in alike}
        wanted = {version for versions in self._versions.values() for version in versions}
        wanted.update(also)
        self._sources = Sources(chains, register, cut=view.cut, versions=wanted, graph=graph)
        self._facts: dict[Hashable, Mapping[str, FactValue]] = {}
        self._scopes: dict[tuple[str, ...] | None, Scope] = {}
        people = persons(chains.store)
        self._refs = {person.id: person.ref for person in people}
        self._aliases = {person.id: person.alias for person in people}

    def derived(self) -> Derived:
        """Everything."""
        shown = self._shown()
        uses: list[Use] = []
        unclear: list[Unclear] = []
        declared: dict[str, list[tuple[RecordId, tuple[Span, ...]]]] = {}
        doubtful: dict[str, tuple[Span, ...]] = {}
        behind: dict[RecordId, frozenset[RecordId]] = {}
        taken: list[TakenBack] = []
        tracks = {one.clip: track_of(self._view, one.clip) for each in shown for one in each.stretches}
        losses = Losses(self._store, self._register, self._sources.versions)
        for one in shown:
            uses += self._uses(one)
            doubtful |= self._doubtful(one)
            key, record = self._name(one)
            if one.version is not None and not losses.is_empty:
                below = self._sources.network.behind([one.version])
                taken += losses.behind(record, below, joined(spans_of(one.stretches, tracks)))
            if one.version is not None and _is_unsettled(one):
                behind[record] = self._sources.records(self._sources.named_behind([one.version]))
            for mark, spans in one.marks.items():
                if mark.sort == "unclear":
                    unclear.append(Unclear(key, record, joined(spans)))
                elif mark.sort == "declared":
                    declared.setdefault(str(mark.subject), []).append((record, joined(spans)))
            if one.version is not None:
                self._sources.forget(one.version)
        taken += self._recorded_otherwise(shown)
        taken += self._matched_otherwise(shown, self._view.otherwise, "said")
        taken += self._matched_otherwise(shown, self._view.passed_over, "picked")
        uses += self._training(shown)
        rate = str(self._view.clock.rate)
        uses = [replace(use, cut=self._view.cut, rate=rate, quantities={"frames": use.frames}) for use in uses]
        uses = with_declared(uses, self._view, self._register, declared, refs=self._refs, is_final=self._is_final)
        uses = sorted(uses, key=_order)
        unclear = sorted(unclear, key=lambda one: one.spans[0].first)
        return Derived(tuple(uses), tuple(unclear), tuple(self._models(shown, uses)), doubtful, behind, tuple(taken))

    def places(self, declared: RecordId) -> list[tuple[RecordId, tuple[Span, ...]]]:
        """The versions on screen that a declaration reaches, and where."""
        marked = (
            (self._name(one)[1], joined(spans))
            for one in self._shown()
            for mark, spans in one.marks.items()
            if mark.sort == "declared" and mark.subject == declared
        )
        return sorted(marked, key=lambda place: (place[1][0].first, place[0]))

    def _recorded_otherwise(self, shown: Sequence[_Shown]) -> Iterable[TakenBack]:
        """Where a step was taken back and what was recorded since leads no more to somebody, or to a model's hand in them."""
        if not has_withdrawn(self._store, self._sources.versions):
            return
        graph = UndoneSubgraph(self._store)
        undone = _Derivation(self._view, self._chains, self._register, is_final=None, graph=graph, clip=self._clip)
        before = {(one.version, one.clip if one.version is None else -1): one.marks for one in undone._shown()}
        for one in shown:
            marks = before.get((one.version, one.clip if one.version is None else -1), {})
            if one.version is not None and (lost := lost_marks(marks, one.marks)):
                yield less_said(self._name(one)[1], lost, one.marks)

    def _matched_otherwise(
        self, shown: Sequence[_Shown], others: Mapping[int, tuple[int, ...]], by_hand: ByHand
    ) -> Iterable[TakenBack]:
        """Where somebody said or picked what a clip shows, and one of the *others* that it would show led to somebody."""
        others = {clip: versions for clip, versions in others.items() if clip in self._stretches}
        if not others:
            return
        view = matched(self._view, others)
        undone = _Derivation(view, self._chains, self._register, is_final=None, only=set(others))
        lost = lost_marks(all_marks(one.marks for one in undone._shown()), all_marks(one.marks for one in shown))
        for one in shown:
            here = in_clips(lost, {stretch.clip for stretch in one.stretches} & others.keys())
            if one.version is not None and here:
                yield less_said(self._name(one)[1], here, one.marks, by_hand=by_hand)

    # ------------------------------------------------------------------------------------------ on screen

    def _shown(self) -> list[_Shown]:
        """What the cut shows, by version; clips without one each for itself."""
        placed = {clip: self._is_placed(clip) for clip in self._stretches}
        whole = [
            v for clip, versions in self._versions.items() for v in versions if not self._by_frame(clip, v, placed)
        ]
        self._sources.whole(whole)
        found: dict[tuple[int | None, int], _Shown] = {}
        for clip, listed in self._stretches.items():
            for version in self._versions[clip] or (None,):
                key = version, (-1 if version is not None else clip)
                one = found.setdefault(key, _Shown(version, clip, [], {}))
                one.stretches += listed
                for mark, span in self._marks(clip, version, listed, placed):
                    one.marks.setdefault(mark, []).append(span)
        for one in found.values():
            one.beside = _everybody(one.marks)
            one.archive = self._archive(one.marks)
        return list(found.values())

    def _archive(self, marks: Iterable[Mark]) -> tuple[RecordId, ...]:
        """The material of others that was altered; where none is known to be, all of it, of which somebody may say that it was."""
        found = [mark for mark in marks if mark.sort == "material" and isinstance(mark.subject, int)]
        altered = [mark for mark in found if mark.state == "altered"] or found
        numbers = {mark.subject for mark in altered if isinstance(mark.subject, int)}
        return tuple(sorted(self._sources.record(number) if number >= 0 else "" for number in numbers))

    def _marks(
        self, clip: int, version: int | None, listed: Sequence[Stretch], placed: Mapping[int, bool]
    ) -> Iterable[tuple[Mark, Span]]:
        if version is None:
            return marks_on_screen(self._view, clip, listed, self._of_answer(clip, listed), is_whole=True)
        is_whole = not self._by_frame(clip, version, placed)
        marks = self._sources.all_of(version) if is_whole else self._sources.marks.of(version)
        return marks_on_screen(self._view, clip, listed, marks, is_whole=is_whole)

    def _is_placed(self, clip: int) -> bool:
        match = self._view.match_of.get(clip)
        return match is not None and is_placed(self._view, match)

    def _by_frame(self, clip: int, version: int, placed: Mapping[int, bool]) -> bool:
        return placed[clip] and self._sources.has_frames(version)

    def _of_answer(self, clip: int, listed: Sequence[Stretch]) -> Marks[Mark]:
        """What somebody's answer about a clip that no version is known for says."""
        if clip not in self._view.told.given or is_open(listed):
            return {}
        account = listed[0].account
        found: list[Mark] = []
        if "A" in classes_of(account):
            changed = ai_of(account) in (AiUse.ASSISTIVE, AiUse.GENERATIVE)
            found.append(Mark("material", -1 - clip, "altered" if changed else "recorded"))
        if "G" in classes_of(account):
            found.append(Mark("generated", 0, "unstated"))
        elif ai_of(account) is AiUse.ASSISTIVE:
            found.append(Mark("assisted", 0, "unstated"))
        if "P" in classes_of(account):
            found.append(Mark("captured", 0, "unstated"))
        if ai_of(account) is AiUse.UNKNOWN:
            found.append(Mark("unclear", 0))
        everything = ((-(1 << 62), 1 << 62),)
        return dict.fromkeys(found, everything)

    def _name(self, one: _Shown) -> tuple[str, RecordId]:
        clip = self._view.keys[one.clip] if one.version is None else ""
        record = self._sources.record(one.version) if one.version is not None else ""
        return use_key("unclear", version=record, subject="", clip=clip), record

    # ------------------------------------------------------------------------------------------ uses of a version

    def _uses(self, one: _Shown) -> list[Use]:
        """The uses that are on screen with one version."""
        found: list[Use] = []
        for subject in dict.fromkeys(mark.subject for mark in one.marks if mark.sort == "person"):
            found += self._of_person(one, subject)
        for mark in one.marks:
            if mark.sort == "synthetic":
                found.append(self._use(one, "synthetic_performer", [mark], subject=str(mark.subject), state="none"))
        for subject in dict.fromkeys(mark.subject for mark in one.marks if mark.sort == "material"):
            found += self._of_material(one, subject)
        return found + self._of_nobody(one)

    def _doubtful(self, one: _Shown) -> Mapping[str, tuple[Span, ...]]:
        """By key of the use, the frames in which nobody knows whether somebody was filmed or made."""
        record = self._sources.record(one.version) if one.version is not None else ""
        clip = self._view.keys[one.clip] if one.version is None else ""
        return {
            use_key("performance", version=record, subject=self._name_of(mark.subject), clip=clip): joined(spans)
            for mark, spans in one.marks.items()
            if mark.sort == "person" and mark.state == "doubtful"
        }

    def _name_of(self, subject: int | str) -> str:
        return self._refs.get(subject, "") if isinstance(subject, int) else str(subject)

    def _of_person(self, one: _Shown, subject: int | str) -> list[Use]:
        marks = {mark.state: mark for mark in one.marks if mark.sort == "person" and mark.subject == subject}
        state: PersonState = "recorded" if isinstance(subject, int) else "erased" if subject == ERASED else "unknown"
        name = self._name_of(subject)
        by_kind: dict[UseKind, list[Mark]] = {}
        for how, mark in marks.items():
            by_kind.setdefault(PERSON_KINDS[how], []).append(mark)
        return [
            self._use(one, kind, found, subject=name, state=state, person=subject) for kind, found in by_kind.items()
        ]

    def _of_material(self, one: _Shown, subject: int | str) -> list[Use]:
        marks = [mark for mark in one.marks if mark.sort == "material" and mark.subject == subject]
        assert isinstance(subject, int)
        name = self._sources.record(subject) if subject >= 0 else ""
        nobody: PersonState = "unstated" if self._is_unstated(one, ("generated", "assisted")) else "none"
        found = [self._use(one, "licensed_material", marks, subject=name, state="none", material=subject)]
        if altered := [mark for mark in marks if mark.state == "altered"]:
            found.append(self._use(one, "archival_alteration", altered, subject=name, state=nobody, material=subject))
        return found

    def _of_nobody(self, one: _Shown) -> list[Use]:
        """Generated, altered and captured picture and sound in which nobody is known."""
        found = []
        if generated := [mark for mark in one.marks if mark.sort == "generated"]:
            state: PersonState = "unstated" if self._is_unstated(one, ("generated",)) else "none"
            found.append(self._use(one, "ai_element", generated, subject="", state=state))
        if assisted := [mark for mark in one.marks if mark.sort == "assisted" and mark.state == "unstated"]:
            found.append(self._use(one, "alteration", assisted, subject="", state="unstated"))
        if captured := [mark for mark in one.marks if mark.sort == "captured" and mark.state == "unstated"]:
            found.append(self._use(one, "performance", captured, subject="", state="unstated"))
        return found

    def _is_unstated(self, one: _Shown, sorts: tuple[Sort, ...]) -> bool:
        return any(mark.sort in sorts and mark.state == "unstated" for mark in one.marks)

    def _use(
        self,
        one: _Shown,
        kind: UseKind,
        marks: Sequence[Mark],
        *,
        subject: str,
        state: PersonState,
        person: int | str | None = None,
        material: int | None = None,
    ) -> Use:
        """One use of one version, *marks* being its own."""
        spans = joined(span for mark in marks for span in one.marks[mark])
        record = self._sources.record(one.version) if one.version is not None else ""
        clip = self._view.keys[one.clip] if one.version is None else ""
        back = self._backing(one, marks, spans)
        whom = person if isinstance(person, int) else None
        own_material = self._sources.record(material) if material is not None and material >= 0 else ""
        return Use(
            key=use_key(kind, version=record, subject=subject, clip=clip),
            kind=kind,
            spans=spans,
            version=record,
            about=back.about | {self._view.cut, *([own_material] if own_material else [])},
            person=whom,
            alias=self._aliases.get(whom, "") if whom is not None else "",
            person_state=state,
            how=self._sources.hows(back.owners, person) if person is not None else "",
            made=back.made,
            entered=back.entered,
            facts=self._shared(facts_of(kind, back, self._sources, state=state, is_final=self._is_final)),
            needs=self._scopes.setdefault(back.tools, Scope(tools=back.tools)),
            material=(own_material,) if own_material else back.models,
            shown=shown_frames(self._view, spans),
            beside=one.beside,
            archive=() if kind == "licensed_material" else (own_material,) if material is not None else one.archive,
        )

    def _shared(self, facts: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
        """The same facts once: most uses of a show are alike in them."""
        return self._facts.setdefault(tuple((name, type(value), value) for name, value in sorted(facts.items())), facts)

    def _backing(self, one: _Shown, marks: Sequence[Mark], spans: Sequence[Span]) -> Backing:
        shown = {span.clip for span in spans}
        accounts = [each for each in one.stretches if each.clip in shown]
        states = frozenset(mark.state for mark in marks)
        back = Backing(
            states=states,
            subject=marks[0].subject,
            is_sound=all(span.medium == "sound" for span in spans),
            is_possible=all(span.visibility is Visibility.POSSIBLE for span in spans),
            is_open=any(letter_of(each.account) == "U" for each in accounts),
            alters_archive=any(mark.sort == "material" and mark.state == "altered" for mark in one.marks),
            has_archive=any(mark.sort == "material" for mark in one.marks),
            account=_all_of(each.account for each in accounts),
        )
        return back.filled(self._sources, one.version, marks[0].sort)

    # ------------------------------------------------------------------------------------------ training

    def _training(self, shown: Sequence[_Shown]) -> list[Use]:
        """One use for each model and each set of material that it was trained on, wherever anything that it made is on screen."""
        return [use for model, spans in _reached(shown) for use in self.trained(model, spans)]

    def _models(self, shown: Sequence[_Shown], uses: Sequence[Use]) -> Iterable[Model]:
        """The models whose making is on screen, each with the uses of its training; those that nobody named as one, without any."""
        trainings: dict[RecordId, list[Use]] = {}
        for use in uses:
            if use.kind == "train":
                trainings.setdefault(use.version, []).append(use)
        for model, spans in _reached(shown):
            record = self._sources.record(model)
            yield Model(record, facts_of_model(self._register, record), spans, tuple(trainings.get(record, ())))
        unnamed = [use for use in uses if use.facts.get("use.ai_generated") is True and not use.material]
        if unnamed:
            spans = joined(span for use in unnamed for span in use.spans)
            yield Model("", facts_of_model(self._register, ""), spans)

    def trained(self, model: int, spans: tuple[Span, ...]) -> list[Use]:
        """What one model was trained on. *spans*: where what it made is on screen."""
        found = []
        for dataset in dict.fromkeys(self._training_of(model)):
            marks = self._sources.marks.of(dataset)
            people = sorted({mark.subject for mark in marks if mark.sort == "person"}, key=str)
            found += [self._training_use(model, dataset, person, spans) for person in people]
            if not people:
                found.append(self._training_use(model, dataset, None, spans))
        return found

    def _training_use(self, model: int, dataset: int, person: int | str | None, spans: tuple[Span, ...]) -> Use:
        """That a model was trained on a set of material, of one person where one is known in it."""
        network, record, source = self._sources.network, self._sources.record(model), self._sources.record(dataset)
        facts = dataset_facts(self._register.datasets.get(source), has_person=person is not None)
        whom = person if isinstance(person, int) else None
        state: PersonState = "recorded" if whom is not None else "erased" if person == ERASED else "unknown"
        if person is None:
            state = "none" if facts.get("dataset.contains_likeness") is False else "unstated"
        name = self._refs.get(whom, "") if whom is not None else str(person or "")
        owners = self._sources.named_behind([dataset])
        behind = self._sources.records(owners)
        heard = (
            {"heard": True, "depicted": False}.get(self._sources.hows(owners, person)) if person is not None else None
        )
        facts = facts if heard is None else {**facts, "use.audio_only": heard}
        return Use(
            key=use_key("train", version=record, subject=f"{source}:{name}" if name else source),
            kind="train",
            spans=spans,
            version=record,
            about=behind | {record, self._view.cut, *(one.id for one in self._sources.sessions_of(behind))},
            person=whom,
            alias=self._aliases.get(whom, "") if whom is not None else "",
            person_state=state,
            how="trained on" if person is not None else "",
            made=max((self._sources.works[step].made for step in network.steps(model)), default=0),
            entered=max((self._sources.works[step].entered for step in network.steps(model)), default=0),
            facts=facts,
            needs=Scope(training=self._trained_for(record)),
            material=(source,),
        )

    def _trained_for(self, model: RecordId) -> Training | None:
        """What a training is for: by the works for which the model's terms allow it; None where nobody said, even where a step of this
        record made the weights: that they serve nothing else is not in the bytes. A declared use of the training says more exactly."""
        alone = is_for_this_alone(self._register.models.get(model), self._register)
        if alone is None:
            return None
        return "this_production_only" if alone else "general"

    def _training_of(self, model: int) -> Iterable[int]:
        """What a model and those that it was made of were trained on, as steps and descriptions say."""
        waiting, met = [model], {model}
        while waiting:
            for edge in self._sources.network.edges(waiting.pop()):
                if edge.role is InputRole.TRAINING:
                    yield edge.source
                elif edge.role is InputRole.WEIGHTS and edge.source not in met:
                    met.add(edge.source)
                    waiting.append(edge.source)


def _reached(shown: Iterable[_Shown]) -> list[tuple[int, tuple[Span, ...]]]:
    """The models behind what is shown, and where."""
    spans: dict[int, list[Span]] = {}
    for one in shown:
        for mark, found in one.marks.items():
            if mark.sort == "model" and isinstance(mark.subject, int):
                spans.setdefault(mark.subject, []).extend(found)
    return [(model, joined(found)) for model, found in sorted(spans.items())]


def _is_unsettled(one: _Shown) -> bool:
    """Whether frames of it are unaccounted, or nobody says whether a model had a hand in it."""
    is_unclear = any(mark.sort == "unclear" for mark in one.marks)
    return is_unclear or any(letter_of(stretch.account) == "U" for stretch in one.stretches)


def _everybody(marks: Iterable[Mark]) -> frozenset[int]:
    """Dense ids of everybody on screen, `NOBODY_KNOWS` for whoever cannot be told."""
    people = [mark.subject for mark in marks if mark.sort == "person"]
    return frozenset(subject if isinstance(subject, int) else NOBODY_KNOWS for subject in people)


def _all_of(accounts: Iterable[int]) -> int:
    together = 0
    for account in accounts:
        together |= account
    return together


def _order(use: Use) -> tuple[int, int, str, str]:
    first = use.spans[0] if use.spans else None
    return (first.first if first else 1 << 62, first.track if first else 0, use.kind, use.key)
