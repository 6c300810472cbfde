"""One take sheet against one state of the record: which takes are new, who is in them, what is wrong with a line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.register import Register
from edgecode.events.door_kinds import Circled, TakeFact, TakeNames, TakeNoted, TakeOf
from edgecode.events.kinds import Event, TextSection
from edgecode.events.person_kinds import DepictionFact, PersonDepicted, PersonSection
from edgecode.index.catalogue import VersionRow, made_by
from edgecode.index.directed import Take, takes
from edgecode.index.persons import PersonRow, depictions_of, persons
from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.tables.take_sheets import TakeLine
from edgecode.production.sheets.files import MisnamedError, SheetFiles
from edgecode.production.sheets.subject_labels import SubjectLabels
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind

if TYPE_CHECKING:
    from pathlib import Path

    from edgecode.production.corridor import Production

HOW: Mapping[TakeOf, Literal["depicted", "heard", "performed"]] = {
    "camera": "depicted",
    "capture": "performed",
    "sound": "heard",
    "voice": "heard",
    "other": "depicted",
}
OWN: frozenset[TakeOf] = frozenset({"capture", "voice"})
"""Takes that are a person's own body, face or voice where nobody else is in them: their digests and places go with the person."""

MAKING: Mapping[TakeOf, StepKind] = {
    "camera": StepKind.CAMERA,
    "capture": StepKind.CAPTURE,
    "sound": StepKind.SOUND_RECORDING,
    "voice": StepKind.SOUND_RECORDING,
}
"""What a sheet says was done when it calls a file a take of this kind."""

_BY_CLASS: Mapping[str, TakeOf] = {"video": "camera", "sequence": "camera", "still": "camera", "audio": "sound"}
_CAPTURES = ("model/x-c3d", "model/x-bvh")


class PlannedTake(Struct, frozen=True):
    """What becomes of a line, or of several about one take. *people*: aliases. *unlinked*: how many subjects in its files are linked to
    nobody; *otherwise*: how many files the record says were made otherwise than the sheet says, which stays."""

    line: int
    what: Literal["new", "more", "here"]
    take: RecordId
    of: TakeOf
    files: int
    circled: Circled
    people: tuple[str, ...] = ()
    unlinked: int = 0
    otherwise: int = 0

    def __str__(self) -> str:
        known = {"new": "new", "more": "known, something new", "here": "here already"}[self.what]
        parts = [f"{known}: {self.of} take, {self.files} {'file' if self.files == 1 else 'files'}"]
        parts += [f"of {', '.join(self.people)}"] if self.people else []
        parts += {"yes": ["circled"], "no": ["not circled"]}.get(self.circled, [])
        parts += [f"{self.unlinked} in it linked to nobody"] if self.unlinked else []
        parts += [f"{self.otherwise} on record as made otherwise, which stays"] if self.otherwise else []
        return f"line {self.line}: {', '.join(parts)}"


class _Meant(Struct, frozen=True):
    """A line whose words lead to records."""

    line: TakeLine
    of: TakeOf
    versions: tuple[RecordId, ...]
    people: tuple[PersonRow, ...]
    sessions: Mapping[str, RecordId]
    labels: Mapping[str, str]
    unlinked: int


class TakePlanner:
    """One sheet. After `planned`: *problems*, *own* (versions by the ref of whose they are), *unmade* (versions that no step explains)."""

    def __init__(
        self, production: "Production", *, folder: "Path | None", kind: TakeOf | Literal[""], session: str
    ) -> None:
        self._production, self._kind, self._session = production, kind, session
        store = production.index
        self._store = store
        self._files = SheetFiles(store, folder=folder, digest_of=production.digest_of)
        self._labels = SubjectLabels(production)
        self._register = Register.read(store)
        self._known = takes(store)
        self._people = {row.id: row for row in persons(store)}
        self._lost = {one for take in self._known.values() if take.lost for one in take.versions}
        self._rows: dict[RecordId, VersionRow] = {}
        self.problems: list[SheetProblem] = []
        self.own: dict[str, list[RecordId]] = {}
        self.unmade: dict[RecordId, TakeOf] = {}

    def planned(self, lines: Sequence[TakeLine]) -> tuple[list[PlannedTake], list[Event]]:
        """The plan and the events that it comes to."""
        self._link(lines)
        meant = [one for one in map(self._meant, lines) if one is not None]
        planned: list[PlannedTake] = []
        events: list[Event] = []
        for group in _grouped(meant):
            joined = self._joined(group)
            known = self._known_as(joined)
            more = self._news(joined, known)
            take = known.id if known is not None else self._production.world.new_id()
            what: Literal["new", "more", "here"] = "new" if known is None else "more" if more else "here"
            aliases = tuple(person.alias for person in joined.people)
            planned.append(
                PlannedTake(
                    joined.line.line, what, take, joined.of, len(joined.versions), joined.line.circled, aliases,
                    joined.unlinked, self._otherwise(joined),
                )
            )  # fmt: skip
            if more or known is None:
                events += self._noted(joined, take)
            events += self._depicted(joined)
            for one in joined.versions:
                if self._rows[one].step is None and joined.of != "other":
                    self.unmade[one] = joined.of
        return planned, events

    def _otherwise(self, joined: _Meant) -> int:
        """How many of a take's files a step explains that is of another kind than the sheet's word for them."""
        if joined.of == "other":
            return 0
        made = made_by(self._store, [self._rows[one] for one in joined.versions]).values()
        return sum(any(step.kind is not MAKING[joined.of] for step in several) for several in made)

    # ------------------------------------------------------------------------------------------ what a line means

    def _link(self, lines: Sequence[TakeLine]) -> None:
        """Labels that one line gives a person hold for every other line, above it too."""
        for line in lines:
            for written, label in zip(line.people, line.subjects, strict=False):
                person = self._labels.person(written)
                if person is not None:
                    self._labels.link(label, person)

    def _meant(self, line: TakeLine) -> _Meant | None:
        before = len(self.problems)
        versions = self._versions(line)
        of = line.kind or self._kind or self._kind_of(versions)
        people, labels, unlinked = self._who(line, versions)
        people = people or self._of_sessions(line)
        sessions = self._sessions(line, people)
        if len(self.problems) > before:
            return None
        keys = tuple(dict.fromkeys(row.key for row in versions))
        self._rows |= {row.key: row for row in versions}
        return _Meant(line, of, keys, people, sessions, labels, unlinked)

    def _versions(self, line: TakeLine) -> list[VersionRow]:
        found = []
        for written in line.files:
            try:
                found.append(self._files.version(written))
            except MisnamedError as wrong:
                self._wrong(line, "file", wrong.expected, wrong.remedy)
        if any(row.key in self._lost or row.erased for row in found):
            self._wrong(line, "file", "a take that was not erased with somebody", "Take the line out of the sheet")
        if line.first is not None and len(found) != 1:
            self._wrong(line, "first", "frames of one file")
        return found

    def _kind_of(self, versions: Sequence[VersionRow]) -> TakeOf:
        """By what the files are: motion is a capture, sound is sound, moving and still pictures a camera's."""
        for row in versions:
            if row.media is not None and row.media.media_type in _CAPTURES:
                return "capture"
            if row.media is not None and row.media.media_class in _BY_CLASS:
                return _BY_CLASS[row.media.media_class]
        return "other"

    def _who(self, line: TakeLine, versions: Sequence[VersionRow]) -> tuple[tuple[PersonRow, ...], dict[str, str], int]:
        """Everybody in a take, the labels that they go by in it, and how many subjects of its files are linked to nobody."""
        people: list[PersonRow] = []
        labels: dict[str, str] = {}
        for place, written in enumerate(line.people):
            person = self._labels.person(written)
            if person is None:
                self._wrong(line, "person", "the alias of somebody here, P-07", "Note them: edgecode person add")
                continue
            people.append(person)
            if place < len(line.subjects):
                labels[person.ref] = line.subjects[place]
        unlinked = 0
        named = line.subjects if not line.people else ()
        for label in named or (() if line.people else self._labels.in_files(versions)):
            linked = self._labels.linked(label)
            if linked is not None:
                people.append(linked)
                labels[linked.ref] = label
            elif named:
                remedy = "Say once who it is, in the column person or by: edgecode person note ALIAS --class identity subject=…"
                self._wrong(line, "subject", "a label that is linked to one person", remedy)
            else:
                unlinked += 1
        return tuple(dict.fromkeys(people)), labels, unlinked

    def _of_sessions(self, line: TakeLine) -> tuple[PersonRow, ...]:
        """Whose the sessions of a line are that names nobody."""
        known = (self._register.sessions.get(one) for one in line.sessions or (self._session,))
        whose = (session.whom.person for session in known if session is not None)
        return tuple(dict.fromkeys(self._people[one] for one in whose if one is not None and one in self._people))

    def _sessions(self, line: TakeLine, people: Sequence[PersonRow]) -> dict[str, RecordId]:
        """The session of each person by their ref; "" of a take in which nobody is named."""
        found: dict[str, RecordId] = {}
        refs = {person.id: person.ref for person in people}
        for written in line.sessions or ((self._session,) if self._session else ()):
            session = self._register.sessions.get(written)
            if session is None:
                remedy = "Record it: edgecode person session ALIAS --kind …; it prints the id"
                self._wrong(line, "session", "the id of a session", remedy)
                continue
            whose = session.whom.person
            if people and (whose is None or whose not in refs):
                if line.sessions:
                    self._wrong(line, "session", "a session of somebody who is in this take")
                continue
            found[refs.get(whose, "") if whose is not None else ""] = session.id
        return found

    def _wrong(self, line: TakeLine, column: str, expected: str, remedy: str = "") -> None:
        self.problems.append(SheetProblem(line.line, column, expected, remedy))

    # ------------------------------------------------------------------------------------------ what is noted

    def _joined(self, group: Sequence[_Meant]) -> _Meant:
        """Several lines about one take as one: two cameras, picture and its proxy."""
        first = group[0]
        circled = {one.line.circled for one in group} - {"unsaid"}
        if len(circled) > 1:
            self._wrong(group[-1].line, "circled", f"what line {first.line.line} says of the same take")
        notes = dict.fromkeys(one.line.note for one in group if one.line.note)
        line = replace(first.line, circled=next(iter(circled), "unsaid"), note="\n".join(notes))
        return replace(
            first,
            line=line,
            versions=tuple(dict.fromkeys(key for one in group for key in one.versions)),
            people=tuple(dict.fromkeys(person for one in group for person in one.people)),
            sessions={ref: session for one in group for ref, session in one.sessions.items()},
            labels={ref: label for one in group for ref, label in one.labels.items()},
            unlinked=sum(one.unlinked for one in group),
        )

    def _known_as(self, joined: _Meant) -> Take | None:
        """The take that is on record already: of the same slate, else of the same files."""
        slate = _slate(joined.line.names)
        for take in self._known.values():
            other = _slate(take.names)
            same_files = bool(set(take.versions) & set(joined.versions))
            if take.of == joined.of and (slate == other if slate and other else same_files):
                return take
        return None

    def _news(self, joined: _Meant, known: Take | None) -> bool:
        """Whether a line says anything that is not noted yet."""
        if known is None:
            return True
        line = joined.line
        people = {person.id: joined.sessions.get(person.ref, "") for person in joined.people}
        return (
            bool(set(joined.versions) - set(known.versions))
            or line.circled not in ("unsaid", known.circled)
            or any(one not in known.people or known.people[one] != (said or known.people[one]) for one, said in people.items())
            or bool(set(joined.sessions.values()) - set(known.sessions))
            or any(known.names.get(word) != value for word, value in line.names.items())
            or (line.first is not None and (line.first, line.end) != (known.first, known.end))
            or (bool(line.note) and line.note not in self._notes(known))
        )  # fmt: skip

    def _notes(self, known: Take) -> set[str]:
        found = set()
        for index in known.entries:
            for entry in self._production.recorded(index, index + 1):
                text = getattr(entry.event, "text", None)
                found |= {words for _, words in text.items} if isinstance(text, TextSection) else set()
        return found

    def _noted(self, joined: _Meant, take: RecordId) -> list[Event]:
        """An event for each person, or one of nobody; a note stands in the first."""
        line = joined.line
        text = TextSection((("note", line.note),)) if line.note else None
        place = TakeNames(dict(line.names)) if line.names else None
        fact = TakeFact(take, joined.of, joined.versions, "", line.circled, line.first, line.end)
        if not joined.people:
            session = next(iter(joined.sessions.values()), "")
            return [TakeNoted(replace(fact, session=session), place, None, text)]
        found: list[Event] = []
        for person in joined.people:
            label = joined.labels.get(person.ref, "")
            section = PersonSection(person.ref, person.alias, {"subject": label} if label else {})
            own = replace(fact, session=joined.sessions.get(person.ref, ""))
            found.append(TakeNoted(own, place, section, text if not found else None))
        return found

    def _depicted(self, joined: _Meant) -> list[Event]:
        """That everybody in a take is seen, heard or performs in its files, where that is not noted yet."""
        found: list[Event] = []
        is_own = joined.of in OWN and len(joined.people) == 1
        frames = (joined.line.first, joined.line.end)
        for person in joined.people:
            there = {
                (one.version, one.how, one.first, one.end, one.biometric)
                for one in depictions_of(self._store, person.id)
                if not one.withdrawn
            }
            for one in joined.versions:
                if (one, HOW[joined.of], *frames, is_own) in there:
                    continue
                fact = DepictionFact(self._production.world.new_id(), one, HOW[joined.of], *frames, is_own)
                found.append(PersonDepicted(fact, PersonSection(person.ref, person.alias)))
                if is_own:
                    self.own.setdefault(person.ref, []).append(one)
        return found


def _grouped(meant: Iterable[_Meant]) -> list[list[_Meant]]:
    """Lines by the take that they are about: lines of one kind with one slate."""
    found: dict[tuple[object, ...], list[_Meant]] = {}
    for one in meant:
        slate = _slate(one.line.names)
        key = (one.of, *slate) if slate else (one.of, "", *one.versions)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _slate(names: Mapping[str, str]) -> tuple[str, ...]:
    """What tells a take from others: day, scene, slate and take. Nothing where no take is named."""
    if not any(names.get(word) for word in ("take", "slate")):
        return ()
    return tuple(" ".join(names.get(word, "").casefold().split()) for word in ("day", "scene", "slate", "take"))
