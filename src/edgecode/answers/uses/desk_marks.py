"""What the desk's records say of versions: whose session, replica or model they are, what models were trained on, who licenses them."""

from collections.abc import Callable, Iterable

from edgecode.answers.uses.likeness import ERASED, UNKNOWN, Mark, Noted, State
from edgecode.answers.uses.reaching import ALL
from edgecode.checks.declaring import settles
from edgecode.checks.register import DatasetInfo, DeclaredUse, Register, Replica, Whom
from edgecode.index.keys import key_of
from edgecode.index.lineage import Ranges, united
from edgecode.index.rows import first_number
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import InputRole

SCANS = ("scan_photogrammetry", "lightstage")
"""Sessions whose outcome is never shown as it was filmed: what is made of it is a replica."""

Trained = dict[int, tuple[tuple[int, InputRole], ...]]


def noted_in(register: Register, store: IndexStore, *, cut: RecordId) -> tuple[Noted, Trained]:
    """The marks that records set on versions (dense ids), and what models and datasets are made of by their descriptions.

    *cut*: declared uses of other cuts are left out.
    """
    reading = _Reading(register, store)
    reading.persons()
    reading.licenses()
    for declared in register.uses.values():
        if not declared.cut or declared.cut == cut:
            reading.declared(declared)
    return Noted(reading.marks, reading.nobody), reading.trained()


class _Reading:
    def __init__(self, register: Register, store: IndexStore) -> None:
        self._register, self._id = register, _dense(store)
        self.marks: dict[int, list[tuple[Mark, Ranges]]] = {}
        self.nobody: dict[int, Ranges] = {}

    def persons(self) -> None:
        """Sessions, replicas, models and items of datasets that are of somebody."""
        register = self._register
        for session in register.sessions.values():
            self._of(session.whom, session.versions, "replica" if session.kind in SCANS else "recorded")
        for replica in register.replicas.values():
            self._replica(replica)
        for model in register.models.values():
            self._models(model.version)
            for whom in (model.whom, *model.also_of):
                self._of(whom, [model.version], "replica")
        signers = {version.agreement: one.whom for one in register.agreements.values() for version in one.versions}
        for dataset in register.datasets.values():
            for item in dataset.items or ():
                if item.release in signers and item.likeness is not False:
                    self._of(signers[item.release], [dataset.version], "recorded")

    def licenses(self) -> None:
        """What licenses are for belongs to others, in force or not."""
        for agreement in self._register.agreements.values():
            for version in agreement.versions if agreement.kind == "license" else ():
                for covered in version.covers:
                    number = self._id(covered)
                    if number is not None:
                        self.marks.setdefault(number, []).append((Mark("material", number, "recorded"), ALL))

    def declared(self, use: DeclaredUse) -> None:
        """What somebody said of a use, where it is."""
        ranges = ((use.first, use.end),) if use.first is not None and use.end is not None else ALL
        self._set(Mark("declared", use.id), use.versions, ranges)
        is_nobody = use.values.get("person.status") == "none"
        if is_nobody and settles(use, self._register, persons=(), versions=use.versions):
            for number in self._numbers(use.versions):
                self.nobody[number] = united([*self.nobody.get(number, ()), *ranges])

    def trained(self) -> Trained:
        """What models and datasets are made of."""
        found: Trained = {}
        for model in self._register.models.values():
            parts = [(one, InputRole.WEIGHTS) for one in model.parents or ()]
            parts += [(one, InputRole.TRAINING) for one in model.trained_on or ()]
            self._made_of(found, model.version, parts)
        for dataset in self._register.datasets.values():
            self._made_of(found, dataset.version, [(one, InputRole.TRAINING) for one in _items(dataset)])
        return found

    def _made_of(self, found: Trained, made: RecordId, parts: Iterable[tuple[RecordId, InputRole]]) -> None:
        number = self._id(made)
        known = [(source, role) for one, role in parts if (source := self._id(one)) is not None]
        if number is not None and known:
            found[number] = (*found.get(number, ()), *known)

    def _replica(self, replica: Replica) -> None:
        if replica.kind == "synthetic":
            self._set(Mark("synthetic", replica.id), replica.versions)
            return
        if not replica.whom.stated:
            self._set(Mark("person", UNKNOWN, "replica"), replica.versions)
        self._of(replica.whom, replica.versions, "replica")
        self._of(replica.whom, replica.made_from, "recorded")

    def _models(self, version: RecordId) -> None:
        for number in self._numbers([version]):
            self.marks.setdefault(number, []).append((Mark("model", number), ALL))

    def _of(self, whom: Whom, versions: Iterable[RecordId], state: State) -> None:
        if whom.stated:
            # A key that is lost leaves no event behind; an erasure does, which names what it covers.
            lost = ERASED if whom.erased else UNKNOWN
            self._set(Mark("person", whom.person if whom.person is not None else lost, state), versions)

    def _set(self, mark: Mark, versions: Iterable[RecordId], ranges: Ranges = ALL) -> None:
        for number in self._numbers(versions):
            self.marks.setdefault(number, []).append((mark, ranges))

    def _numbers(self, versions: Iterable[RecordId]) -> list[int]:
        return [number for one in versions if (number := self._id(one)) is not None]


def _items(dataset: DatasetInfo) -> list[RecordId]:
    return [item.version for item in dataset.items or () if item.version]


def _dense(store: IndexStore) -> Callable[[RecordId], int | None]:
    """Dense ids of versions by record id; None for what is no version here, as a session."""
    known: dict[RecordId, int | None] = {}

    def number(record: RecordId) -> int | None:
        if record not in known:
            found = store.rows("version_id", key_of(record))
            known[record] = first_number(found) if found else None
        return known[record]

    return number
