"""Everything behind the versions of a cut, read at once: who is in what, what models did, and which marks reach which frames."""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import TypeVar

from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.given import given_for_versions
from edgecode.answers.uses.desk_marks import noted_in
from edgecode.answers.uses.likeness import LikenessRules, Mark, Noted, Sort, Work, subject_of
from edgecode.answers.uses.reaching import ALL, Edge, Marks, Network, reached, shared, single
from edgecode.checks.register import Register, Replica, Session
from edgecode.index.accounts import Piece, accounts, joined_account
from edgecode.index.catalogue import VersionContent, WorkRow, version_contents, work_rows
from edgecode.index.lineage import Subgraph
from edgecode.index.persons import seen_in
from edgecode.index.rights import records_named
from edgecode.index.rows import first_number
from edgecode.index.store import IndexStore
from edgecode.ingest.making import base_name
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, said_ai
from edgecode.terms.steps import InputRole, StepKind


class Sources:
    """What lies behind versions. Each version, step and record is read once, however many clips show it."""

    def __init__(
        self,
        chains: Chains,
        register: Register,
        *,
        cut: RecordId,
        versions: Iterable[int],
        graph: Subgraph | None = None,
    ) -> None:
        """*versions*: dense ids of everything that clips of *cut* may show. *graph*: another one than that of the chains."""
        shown = sorted(set(versions))
        store = chains.store
        noted, trained = noted_in(register, store, cut=cut)
        self.network = Network(graph if graph is not None else chains.graph, trained)
        self.network.load(shown)
        behind = self.network.behind(shown)
        self.versions = version_contents(store, behind)
        self.works = works_of(self.network, store, behind, self.versions)
        self.seen = seen_in(store, sorted(behind))
        self.register = register
        self._hows: dict[tuple[int, int | str], list[str]] = {}
        for one in self.seen:
            self._hows.setdefault((one.version, subject_of(one)), []).append(one.how)
        self._sessions = _by_version((one.versions, one) for one in register.sessions.values())
        self._replicas = _by_version(((*one.versions, *one.made_from), one) for one in register.replicas.values())
        self.answered = _answered(self.network, store, behind)
        self.rules = LikenessRules(
            self.network,
            works=self.works,
            seen=self.seen,
            noted=_with_models(noted, self.works.values()),
            pieces=self._pieces(store, behind),
            answered=self.answered,
        )
        self.marks = reached(self.network, shown, self.rules)
        self._whole: dict[int, Marks[Mark]] = {}
        self._behind: dict[int, _Behind] = {}
        self._records_behind: dict[int, frozenset[RecordId]] = {}
        named = records_named(store)
        self._named = frozenset(version for version, one in self.versions.items() if one.key in named)
        self._listed = sorted(self._named)
        self._bits_behind = self._gathered() if len(self._listed) <= _MANY else None
        self._works_of: dict[int, tuple[Work, ...]] = {}
        self._bits_of_all = {version: self.marks.bits_of(version) for version in self.marks.groups}
        self._bits: dict[tuple[Sort, int | str], int] = {}
        for mark in self.marks.names:
            subject = mark.sort, mark.subject
            self._bits[subject] = self._bits.get(subject, 0) | self.marks.bit(mark)

    def whole(self, versions: Iterable[int]) -> None:
        """Get ready for `all_of` of versions."""
        wanted = [version for version in versions if version not in self._whole]
        if wanted:
            found = reached(self.network, wanted, self.rules, by_frame=False)
            self._whole |= {version: found.of(version) for version in wanted}

    def all_of(self, version: int) -> Marks[Mark]:
        """Every mark behind a version, whichever frames of it are shown."""
        self.whole([version])
        there = self.network.available(version)
        # What is true only of frames that it does not have is true of none that a clip may show.
        in_frames = [mark for mark, ranges in self.marks.of(version).items() if shared(ranges, there)]
        return dict.fromkeys([*self._whole[version], *in_frames], ALL)

    def has_frames(self, version: int) -> bool:
        """Whether the frames of a version have numbers."""
        return self.network.extent(version).first is not None

    def record(self, version: int) -> RecordId:
        """The record id of a version."""
        return self.versions[version].key

    def carriers(self, version: int, sort: Sort, subject: int | str) -> "Carried":
        """The versions behind one through which a mark came."""
        if version not in self._behind:
            versions = self.network.behind([version])
            marked: dict[int, list[int]] = {}
            for one in versions & self._bits_of_all.keys():
                marked.setdefault(self._bits_of_all[one], []).append(one)
            self._behind[version] = _Behind(versions, marked)
        behind, bits = self._behind[version], self._bits.get((sort, subject), 0)
        owners = frozenset(self.rules.owners.get((sort, subject), set()) & behind.versions)
        through = [listed for its, listed in behind.marked.items() if its & bits]
        return Carried(frozenset(chain.from_iterable(through)), owners)

    def named_behind(self, versions: Iterable[int]) -> frozenset[int]:
        """What records of the desk name of everything behind versions, these included."""
        if self._bits_behind is None:
            return self._named & self.network.behind(versions)
        bits = 0
        for version in versions if self._bits_behind else ():
            bits |= self._bits_behind.get(version, 0)
        return frozenset(self._listed[one.bit_length() - 1] for one in single(bits))

    def records_behind(self, version: int) -> frozenset[RecordId]:
        """The record ids of `named_behind` of one version, kept: what is used everywhere is asked for everywhere."""
        found = self._records_behind.get(version)
        if found is None:
            found = self._records_behind[version] = self.records(self.named_behind([version]))
        return found

    def _gathered(self) -> Mapping[int, int]:
        """What the desk names behind each version, as bits."""
        return self.marks.gathered({version: 1 << n for n, version in enumerate(self._listed)})

    def named(self, versions: Set[int]) -> frozenset[int]:
        """Those of versions that records of the desk name."""
        return self._named & versions

    def records(self, versions: Iterable[int]) -> frozenset[RecordId]:
        """Record ids of versions."""
        return frozenset(self.versions[version].key for version in versions)

    def works_on(self, version: int) -> tuple[Work, ...]:
        """How a version was made, by its steps and by what people answered."""
        found = self._works_of.get(version)
        if found is None:
            steps = [self.works[step] for step in self.network.steps(version) if step in self.works]
            answered = [self.answered[version]] if version in self.answered else []
            found = self._works_of[version] = (*steps, *answered)
        return found

    def hows(self, versions: Iterable[int], person: int | str) -> str:
        """How somebody is noted in versions, in words of the record."""
        return ", ".join(sorted({how for one in versions for how in self._hows.get((one, person), ())}))

    def replicas_of(self, versions: Iterable[RecordId]) -> list[Replica]:
        """Replicas that these versions are, or that were made from them."""
        return _each(self._replicas, versions)

    def sessions_of(self, versions: Iterable[RecordId]) -> list[Session]:
        """Sessions in which these versions were captured."""
        return _each(self._sessions, versions)

    def forget(self, version: int) -> None:
        """Let go of what was kept for `carriers` of a version."""
        self._behind.pop(version, None)

    def _pieces(self, store: IndexStore, behind: set[int]) -> Mapping[int, tuple[Piece, ...]]:
        """The accounts of versions that somebody is noted in, or that a model changed."""
        changed = {
            version
            for version in behind
            for step in self.network.steps(version)
            if step in self.works and self.works[step].ai is AiUse.ASSISTIVE
        }
        return {
            key: tuple(found)
            for key, found in accounts(store, sorted(changed | {one.version for one in self.seen})).items()
        }


_MANY = 8_000
"""More names than this would take more room as bits of every version than it saves."""


class Carried(Struct, frozen=True):
    """*through*: versions that carry a mark, *owners*: those that it was set on."""

    through: frozenset[int]
    owners: frozenset[int]


class _Behind(Struct):
    """Everything behind a version, and what is marked of it, by its marks."""

    versions: set[int]
    marked: dict[int, list[int]]


def works_of(
    network: Network, store: IndexStore, behind: Iterable[int], versions: Mapping[int, VersionContent]
) -> dict[int, Work]:
    """Every step behind versions as rights see it, by dense id."""
    makes: dict[int, list[int]] = {}
    for version in behind:
        for step in network.steps(version):
            makes.setdefault(step, []).append(version)
    # Nearly all steps of a show are like another one in everything that rights ask.
    alike: dict[Work, Work] = {}
    rows = work_rows(store, sorted(makes))
    called = _called(store, rows.values())
    found = ((step, _work(row, network.uses_of(step), makes[step], versions, called)) for step, row in rows.items())
    return {step: alike.setdefault(work, work) for step, work in found}


def _called(store: IndexStore, rows: Iterable[WorkRow]) -> Mapping[str, int]:
    """The one model of each name that steps know a model by alone; a name that several have tells none of them apart."""
    names = {name for row in rows for name in _names_alone(row)}
    found = {name: store.rows("models_named", name) for name in sorted(names)}
    return {name: first_number(models) for name, models in found.items() if len(models) == 1}


def _names_alone(row: WorkRow) -> list[str]:
    """The names of models of which a step gives no digest."""
    return [base_name(model.name) for model in row.models if not any(model.hashes.values())]


def _work(
    row: WorkRow,
    inputs: Sequence[Edge],
    outputs: Iterable[int],
    versions: Mapping[int, VersionContent],
    called: Mapping[str, int],
) -> Work:
    weights = tuple(used.source for used in inputs if used.role is InputRole.WEIGHTS)
    has_models = bool(weights) or any(used.role is InputRole.TRAINING for used in inputs)
    ai = said_ai(row.kind, row.ai, has_models=has_models)
    nameless = any(called.get(name) not in weights for name in _names_alone(row))
    if ai is AiUse.UNKNOWN and row.ai is None and not has_models and _leaves_bytes(inputs, outputs, versions):
        # A closed box that left the bytes as they were did nothing to them (`index.stepwork`).
        ai = AiUse.NONE
    is_nameless = nameless or (not weights and bool(row.models))
    return Work(row.kind, ai, row.tool, row.ended or row.started, weights, is_nameless, row.entered)


def _leaves_bytes(inputs: Iterable[Edge], outputs: Iterable[int], versions: Mapping[int, VersionContent]) -> bool:
    read = {versions[used.source].content for used in inputs if used.source in versions} - {None}
    return all(version in versions and versions[version].content in read for version in outputs)


def _answered(network: Network, store: IndexStore, behind: Iterable[int]) -> dict[int, Work]:
    """How people say that versions were made which no step explains."""
    given = given_for_versions(store, [version for version in behind if not network.steps(version)])
    found = accounts(store, sorted(given))
    said = {version: ai_of(joined_account(found.get(version, ()))) for version in given}
    return {version: Work(answer.kind, said[version]) for version, answer in given.items()}


def _with_models(noted: Noted, works: Iterable[Work]) -> Noted:
    """The same with a mark on every file of weights that a step used."""
    marks = dict(noted.marks)
    for model in {model for work in works for model in work.weights}:
        marks[model] = [*marks.get(model, ()), (Mark("model", model), ALL)]
    return Noted(marks, noted.nobody)


_Row = TypeVar("_Row", Session, Replica)


def _by_version(rows: Iterable[tuple[Iterable[RecordId], _Row]]) -> dict[RecordId, list[_Row]]:
    found: dict[RecordId, list[_Row]] = {}
    for versions, row in rows:
        for version in versions:
            found.setdefault(version, []).append(row)
    return found


def _each(rows: Mapping[RecordId, Sequence[_Row]], versions: Iterable[RecordId]) -> list[_Row]:
    found = {row.id: row for version in sorted(versions) for row in rows.get(version, ())}
    return list(found.values())


def is_recording(kind: StepKind) -> bool:
    """Whether a step records what people do."""
    return kind in (StepKind.CAMERA, StepKind.SOUND_RECORDING, StepKind.CAPTURE)
