"""Everything behind the versions of a cut, read at once: who is in what, what models did, and which marks reach which frames."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from edgecode.answers.chain import Chains
from edgecode.answers.desk_marks import noted_in
from edgecode.answers.given import given_for_versions
from edgecode.answers.likeness import LikenessRules, Mark, Noted, Sort, Work, subject_of
from edgecode.answers.reaching import ALL, Marks, Network, reached
from edgecode.checks.register import Register, Replica, Session
from edgecode.index.accounts import Piece, accounts, joined_account
from edgecode.index.catalogue import StepRow, VersionRow, steps, version_rows
from edgecode.index.persons import seen_in
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, said_ai
from edgecode.terms.steps import InputRole, StepKind


class Sources:
    """What lies behind versions. Each version, step and record is read once, however many clips show it."""

    def __init__(self, chains: Chains, register: Register, *, cut: RecordId, versions: Iterable[int]) -> None:
        """*versions*: dense ids of everything that clips of *cut* may show."""
        shown = sorted(set(versions))
        store = chains.store
        noted, trained = noted_in(register, store, cut=cut)
        self.network = Network(chains.graph, trained)
        self.network.load(shown)
        behind = self.network.behind(shown)
        self.rows = version_rows(store, behind, places=False)
        self._keys = {number: row.key for number, row in self.rows.items()}
        self.works = works_of(self.network, store, behind, self.rows)
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
        self._behind: dict[int, set[int]] = {}
        self._below: dict[frozenset[int], frozenset[int]] = {}
        self._by_subject: dict[tuple[Sort, int | str], set[int]] = {}
        for version, found in self.marks.items():
            for mark in found:
                self._by_subject.setdefault((mark.sort, mark.subject), set()).add(version)

    def whole(self, versions: Iterable[int]) -> None:
        """Get ready for `all_of` of versions."""
        wanted = [version for version in versions if version not in self._whole]
        self._whole |= reached(self.network, wanted, self.rules, by_frame=False) if wanted else {}

    def all_of(self, version: int) -> Marks[Mark]:
        """Every mark behind a version, whichever frames of it are shown."""
        self.whole([version])
        return dict.fromkeys([*self._whole.get(version, {}), *self.marks.get(version, {})], ALL)

    def has_frames(self, version: int) -> bool:
        """Whether the frames of a version have numbers."""
        return self.network.extent(version).first is not None

    def record(self, version: int) -> RecordId:
        """The record id of a version."""
        return self.rows[version].key

    def carriers(self, version: int, sort: Sort, subject: int | str) -> "Carried":
        """The versions behind one through which a mark came."""
        if version not in self._behind:
            self._behind[version] = self.network.behind([version])
        behind = self._behind[version]
        owners = frozenset(self.rules.owners.get((sort, subject), set()) & behind)
        return Carried(frozenset(self._marked(sort, subject) & behind), owners, self.below(owners))

    def below(self, versions: frozenset[int]) -> frozenset[int]:
        """Everything behind versions, these included."""
        if versions not in self._below:
            self._below[versions] = frozenset(self.network.behind(versions))
        return self._below[versions]

    def records(self, versions: Iterable[int]) -> frozenset[RecordId]:
        """Record ids of versions."""
        return frozenset(map(self._keys.__getitem__, versions))

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

    def _marked(self, sort: Sort, subject: int | str) -> set[int]:
        return self._by_subject.get((sort, subject), set())

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


class Carried(Struct, frozen=True):
    """*through*: versions that carry a mark, *owners*: those that it was set on, *below*: these and everything behind them."""

    through: frozenset[int]
    owners: frozenset[int]
    below: frozenset[int]


def works_of(
    network: Network, store: IndexStore, behind: Iterable[int], rows: Mapping[int, VersionRow]
) -> dict[int, Work]:
    """Every step behind versions as rights see it, by dense id."""
    makes: dict[int, list[int]] = {}
    for version in behind:
        for step in network.steps(version):
            makes.setdefault(step, []).append(version)
    return {number: _work(step, makes[number], rows) for number, step in steps(store, sorted(makes)).items()}


def _work(step: StepRow, outputs: Iterable[int], rows: Mapping[int, VersionRow]) -> Work:
    weights = tuple(used.version for used in step.inputs if used.role is InputRole.WEIGHTS)
    models = step.recipe.models if step.recipe is not None else ()
    has_models = bool(weights) or any(used.role is InputRole.TRAINING for used in step.inputs)
    ai = said_ai(step.kind, step.ai, has_models=has_models)
    nameless = any(not any(model.hashes.values()) for model in models)
    if ai is AiUse.UNKNOWN and step.ai is None and not has_models and _leaves_bytes(step, outputs, rows):
        # A closed box that left the bytes as they were did nothing to them (`index.stepwork`).
        ai = AiUse.NONE
    return Work(
        step.kind, ai, step.tool, step.ended or step.started, weights, nameless or (not weights and bool(models))
    )


def _leaves_bytes(step: StepRow, outputs: Iterable[int], rows: Mapping[int, VersionRow]) -> bool:
    read = {rows[used.version].content for used in step.inputs if used.version in rows} - {None}
    return all(version in rows and rows[version].content in read for version in outputs)


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
