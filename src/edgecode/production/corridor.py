"""The corridor: joins the rooms around a production's record, with one short method for each thing a user does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from edgecode import __version__
from edgecode.answers.coverage.answer import Coverage, coverage_of
from edgecode.answers.coverage.first_figures import FirstFigures, Preview
from edgecode.answers.cuts.loading import load_cut, load_cuts, load_open
from edgecode.answers.cuts.open_subjects import OpenCut
from edgecode.answers.cuts.subjects import Rule, Selection, select, selection
from edgecode.answers.cuts.view import CutView
from edgecode.answers.look.gathered import look_data
from edgecode.answers.look.page import page
from edgecode.answers.look.pictures import pictures_of
from edgecode.answers.naming import Targets, targets_named
from edgecode.answers.questions import Question, questions
from edgecode.answers.uses.cut_questions import waived_frames
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.drivers.turns import alone
from edgecode.errors import NotFoundError
from edgecode.events.cut_facts import cut_added, reading_of, without_words
from edgecode.events.kinds import (
    AnswerFact,
    AnswerGiven,
    AnswerPlace,
    AnswerWithdrawn,
    Claim,
    ConformDecided,
    ConformDecision,
    ConformFact,
    CutAdded,
    Event,
    RootFact,
    RootNamed,
    RootPlace,
    StepWithdrawalFact,
    StepWithdrawn,
    TextSection,
    WithdrawalFact,
)
from edgecode.index.cuts import CutRow, cut_named, cuts, reading
from edgecode.index.keys import key_of
from edgecode.index.memory import Memory
from edgecode.index.roots import root_names
from edgecode.index.withdrawn import refuse_unknown_step
from edgecode.ingest.alone import read_alone
from edgecode.ingest.credential_events import SOURCE
from edgecode.ingest.intake import Intake, take_in
from edgecode.ingest.known import KnownSoFar, contradicted
from edgecode.ingest.lookup import MediaLookup
from edgecode.ingest.records import RecordedStep, read_record
from edgecode.ingest.scan import Item, ScanOptions, scan
from edgecode.ingest.step_record import StepRecord
from edgecode.ingest.walk import MediaRoot
from edgecode.ingest.wanted import Wanted
from edgecode.production.credentials import CredentialDesk, Judgment, steps_in, trust_of
from edgecode.production.doors.cut_files import named_once, read_cuts
from edgecode.production.held_back import ErasedFiles, WithoutErased, erased_files, without_erased
from edgecode.production.lines import Told, line_secret, mounted_roots, take_lines
from edgecode.production.record import Record
from edgecode.settings import read_settings, write_settings
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate


class Production(Record):
    """A production, open. Use it as a context manager; one thread at a time."""

    # ------------------------------------------------------------------------------------------ media

    def root_names(self) -> Mapping[str, Sequence[str]]:
        """The names under which each media root is known, as recorded; what the settings of this machine add is not among them."""
        return root_names(self.index)

    def unrecorded_names(self) -> dict[str, tuple[str, ...]]:
        """Names of roots in the settings that are not recorded, by root: answers do not use them."""
        recorded = self.root_names()
        found = {
            root: tuple(name for name in names if name not in recorded.get(root, ()))
            for root, names in self.settings.roots.items()
        }
        return {root: names for root, names in found.items() if names}

    def record_roots(self) -> None:
        """Record the names that somebody wrote into the settings, so that answers may use them."""

        def judged() -> list[Event]:
            recorded = self.root_names()
            named = [(root, (*recorded.get(root, ()), *names)) for root, names in self.unrecorded_names().items()]
            return [RootNamed(RootFact(root), RootPlace(names)) for root, names in named]

        self.append_judged(judged)

    def media_roots(self) -> list[MediaRoot]:
        """The media roots that are mounted here, each with its other names."""
        return mounted_roots(self.settings, self.root_names())

    def add_root(self, folder: Path) -> MediaRoot:
        """The media root that holds *folder*; a new one when none does. Raises NotFoundError ``root.not_found``."""
        folder = folder.resolve()
        if not folder.is_dir():
            raise NotFoundError("root.not_found", f"there is no folder {folder.name}", "Give a folder of media files")
        if (known := self._root_of(folder)) is not None:
            return known
        with alone(self._state / "settings-lock"):
            # Another process may have made the root meanwhile: under two roots each file would stand in two places.
            written = read_settings(self.folder)
            self.settings = msgspec.structs.replace(self.settings, roots=written.roots)
            if (known := self._root_of(folder)) is None:
                identity = f"r-{self.world.randomness(4).hex()}"
                known = MediaRoot(identity, folder)
                roots = {**written.roots, identity: (str(folder),)}
                write_settings(self.folder, msgspec.structs.replace(written, roots=roots))
                self.settings = msgspec.structs.replace(self.settings, roots=roots)
        self.record_roots()
        return known

    def _root_of(self, folder: Path) -> MediaRoot | None:
        return next((root for root in self.media_roots() if folder.is_relative_to(root.path.resolve())), None)

    def scan(
        self,
        folders: Sequence[Path] = (),
        *,
        cuts: Sequence[CutReading] = (),
        options: ScanOptions | None = None,
        first_figures: Callable[[FirstFigures], object] = lambda figures: None,
        erased_too: bool = False,
    ) -> Intake:
        """Read media folders (none: every known root) and record what is new. With *cuts*, what they use is read first, and
        *first_figures* is told what names, timecodes and headers alone can match, before anything is hashed.

        *erased_too*: record files again that erasures took; without it each is held back and said."""
        roots = {root.id: root for root in map(self.add_root, folders)} or {
            root.id: root for root in self.media_roots()
        }
        self.record_roots()
        options = options or ScanOptions()
        memory = Memory(self.index)
        options.settled = lambda digest: any(source != SOURCE for source, _ in memory.makings_of(digest))
        options.contradicted = partial(contradicted, memory)
        options.sightings = bool(cuts)
        preview = Preview(cuts, store=SqliteIndex(":memory:"), roots=self.root_names(), new_id=self.world.new_id)
        wanted = Wanted.of_clips(clip for cut in cuts for clip in cut.clips) if cuts else None
        found = scan(list(roots.values()), cache=self.cache, wanted=wanted, options=options)
        erased = self._erased_files()
        desk = CredentialDesk(
            self.index, trust=trust_of(self.settings, self.folder), roots=roots, new_id=self.world.new_id
        )
        taken = take_in(
            desk.watched(without_erased(found, erased, self.cache) if erased and not erased_too else found),
            known=memory,
            record=self.append_judged,
            new_id=self.world.new_id,
            sighted=preview.add,
            reading=lambda: first_figures(preview.figures()) if cuts else None,
        )
        return self._take_credentials(desk, taken)

    def take_found(self, found: Iterable[Item]) -> Intake:
        """Record what was found and read without a scan of whole roots, files that erasures took held back."""
        memory, erased = Memory(self.index), self._erased_files()
        roots = {root.id: root for root in self.media_roots()}
        desk = CredentialDesk(
            self.index, trust=trust_of(self.settings, self.folder), roots=roots, new_id=self.world.new_id
        )
        taken = take_in(
            desk.watched(without_erased(found, erased, self.cache) if erased else found),
            known=memory,
            record=self.append_judged,
            new_id=self.world.new_id,
        )
        return self._take_credentials(desk, taken)

    def _take_credentials(self, desk: CredentialDesk, taken: Intake) -> Intake:
        """Record what the C2PA manifests of scanned files say, each file's at once."""
        for judge in desk.waiting():
            events, said = list[Event](), list[Diagnostic]()

            def judged(
                judge: Judgment = judge, events: list[Event] = events, said: list[Diagnostic] = said
            ) -> list[Event]:
                events[:], said[:] = judge()
                return events

            self.append_judged(judged)
            taken = msgspec.structs.replace(
                taken,
                steps=taken.steps + steps_in(events),
                events=taken.events + len(events),
                diagnostics=(*taken.diagnostics, *said),
            )
        return taken

    def _erased_files(self) -> ErasedFiles:
        return erased_files(self.folder, self.keys, self.settings.production)

    # ------------------------------------------------------------------------------------------ records of steps

    def record_lines(
        self, lines: Iterable[bytes], *, source: str = "record", told: Told = lambda answer: None
    ) -> Intake:
        """Record steps from NDJSON lines (step/1). Good lines are kept whatever the others are. *told*: see `take_lines`."""
        self.record_roots()
        memory = Memory(self.index)
        known = KnownSoFar(memory)
        look = WithoutErased(
            MediaLookup(self.media_roots(), cache=self.cache, known=known, new_id=self.world.new_id),
            self._erased_files(),
        )
        secret = line_secret(self.keys, self.settings.production)

        def judge(line: bytes, number: int) -> Sequence[RecordedStep | Diagnostic]:
            known.forget()
            return read_record(line, number, known=known, look=look, secret=secret, source=source)

        return take_lines(lines, judge=judge, before=memory, index=self.index, keep=self.append_judged, told=told)

    def record_run(self, step: StepRecord) -> Intake:
        """Record what a command read and made (`running.performed`)."""
        return self.record_lines([msgspec.json.encode(step)], source="run")

    def withdraw_step(self, step: RecordId, *, note: str = "") -> None:
        """Take a recorded step back; it made nothing, and what it was asked for is open again or another record's. Raises
        NotFoundError ``step.unknown``."""
        refuse_unknown_step(self.index, step)
        self.append([StepWithdrawn(StepWithdrawalFact(step), TextSection((("note", note),)) if note else None)])

    def look_up(self, paths: Iterable[str]) -> dict[str, RecordId]:
        """The versions of files as they are now, recorded where they were not known."""
        known = KnownSoFar(Memory(self.index))
        look = WithoutErased(
            MediaLookup(self.media_roots(), cache=self.cache, known=known, new_id=self.world.new_id),
            self._erased_files(),
        )
        found: dict[str, RecordId] = {}
        asked = list(paths)

        def judged() -> list[Event]:
            known.forget()
            found.clear()
            waiting: list[Event] = []
            for path in asked:
                looked = look(path, frames=None)
                known.note(looked.events)
                waiting += looked.events
                if looked.version is not None:
                    found[path] = looked.version
            return waiting

        self.append_judged(judged)
        return found

    # ------------------------------------------------------------------------------------------ cuts

    def add_cut(self, files: Sequence[Path], *, name: str = "", rate: Rate | None = None) -> list[CutRow]:
        """Record the cuts in *files*; several EDLs are the tracks of one cut. A cut that reads as the standing one of its name does is
        not recorded again; any other of that name supersedes it. Raises InputError as `named_once` does, before anything is recorded."""
        self.record_roots()
        return [self._add_reading(reading) for reading in named_once(read_cuts(files, rate=rate), name=name)]

    def _add_reading(self, reading: CutReading) -> CutRow:
        identity, clip_ids = self.world.new_id(), [self.world.new_id() for _ in reading.clips]
        same: CutRow | None = None

        def judged() -> list[Event]:
            nonlocal same
            older = [cut for cut in cuts(self.index) if cut.name == reading.name and not cut.superseded]
            alike = (cut for cut in older if self._reads_as(cut, reading))
            same = next(alike, None)
            if same is not None:
                return []
            return [cut_added(reading, cut=identity, clip_ids=clip_ids, supersedes=older[-1].key if older else "")]

        self.append_judged(judged)
        return same or cut_named(self.index, identity)

    def _reads_as(self, cut: CutRow, reading: CutReading) -> bool:
        """Whether *reading*, of the same bytes, says what is recorded of *cut*: a mended reader may read them otherwise."""
        (recorded,) = self.recorded(cut.log_index, cut.log_index + 1)
        if not isinstance(recorded.event, CutAdded):
            return False
        return without_words(reading_of(recorded.event)) == without_words(reading)

    def cuts(self) -> list[CutRow]:
        """Every reading of every cut, in the order they were handed over."""
        return cuts(self.index)

    def cut(self, name: str) -> CutRow:
        """The cut of this name or record id. Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous``."""
        return cut_named(self.index, name)

    def reading(self, cut: CutRow) -> CutReading:
        """A cut as it was read, comments left out."""
        return reading(self.index, cut)

    def view(self, cut: str | CutRow) -> CutView:
        """Everything the index knows about a cut."""
        return load_cut(self.index, cut, roots=self.root_names())

    def views(self) -> list[CutView]:
        """Every cut in force."""
        return load_cuts(self.index, roots=self.root_names())

    def settle_conform(self, cut: CutRow, decisions: Sequence[ConformDecision], *, note: str = "") -> None:
        """Record which versions clips show, on somebody's word."""
        text = TextSection((("note", note),)) if note else None
        self.append([ConformDecided(ConformFact(cut.key, tuple(decisions)), text)])

    # ------------------------------------------------------------------------------------------ answers

    def coverage(self, view: CutView) -> Coverage:
        """How much of a cut is accounted for, and how much of the rest somebody waived; with what is to be noted beside it."""
        from edgecode.production.noting import notes_for

        waived = waived_frames(view, self.index, now=self.world.milliseconds())
        return coverage_of(
            view, production=self.title(), ledger=self.ledger_point(), waived=waived, notes=notes_for(self, view)
        )

    def digest_of(self, path: Path) -> str:
        """The content name of a file, or of a folder of frames. Raises NotFoundError ``file.absent``."""
        seen, _ = read_alone([path])
        if seen is None:
            raise NotFoundError(
                "file.absent", "there is no readable media of that name", "Give a file, or a cut and a frame"
            )
        return seen.digest

    def targets(self, written: str, *, reveal: bool = False) -> Targets:
        """Every version that somebody may mean: a file or folder here, a record id, a digest, an edge code, or a name. *reveal*: as in
        `targets_named`; who has the file has its bytes."""
        if Path(written).exists():
            return targets_named(self.index, self.digest_of(Path(written)), reveal=True)
        return targets_named(self.index, written, reveal=reveal)

    def look(self, view: CutView, *, recorded: bool = True) -> str:
        """One self-contained page about a cut: its strip, its clips with pictures, its gaps and questions.

        *recorded*: this production stays, so that its questions can be answered; the page says so.
        """
        data = look_data(
            self.index,
            view,
            production=self.title(),
            ledger=self.ledger_point(),
            roots=self.root_names(),
            made_with=f"edgecode {__version__}",
            recorded=recorded,
        )
        reachable = {root.id: root.path for root in self.media_roots()}
        return page(data, pictures_of(self.index, view, roots=reachable))

    def open_subjects(self, view: CutView) -> OpenCut:
        """What holds back the unaccounted frames of a cut."""
        return load_open(self.index, view, roots=self.root_names())

    def questions(self, view: CutView, *, limit: int = 20) -> list[Question]:
        """The fewest questions that settle the most frames, in the order to ask them."""
        found = self.open_subjects(view)
        return questions(found.subjects, found.cells, cut=view.name, clips_of=found.clips_of, limit=limit)

    def select(self, view: CutView, *, question: int = 0, rule: Rule | None = None) -> tuple[Selection, Rule]:
        """What an answer would cover: by the number of a question or by a rule. Raises NotFoundError ``question.unknown``."""
        found = self.open_subjects(view)
        if not question:
            rule = rule or Rule()
            return select(found.subjects, found.cells, rule), rule
        asked = questions(found.subjects, found.cells, cut=view.name, clips_of=found.clips_of)
        one = next((each for each in asked if each.number == question), None)
        if one is None:
            raise NotFoundError(
                "question.unknown", f"there is no question {question}", f"List them: edgecode questions {view.name}"
            )
        return selection(found.subjects, found.cells, one.subjects), one.rule

    def answer(
        self, view: CutView, chosen: Selection, rule: Rule, *, kind: StepKind, ai: AiUse | None = None, note: str = ""
    ) -> RecordId:
        """Record somebody's word about everything in *chosen*. Returns the answer's id, with which it can be taken back."""
        identity = self.world.new_id()
        fact = AnswerFact(
            identity, view.cut, Claim(kind, ai), by=tuple(rule.words()), versions=chosen.versions, clips=chosen.clips
        )
        text = TextSection((("note", note),)) if note else None
        self.append([AnswerGiven(fact, AnswerPlace(rule.words()), text)])
        return identity

    def declare_plain_effects(self, view: CutView, clips: Sequence[RecordId], *, note: str = "") -> RecordId:
        """Record somebody's word that the editing program's effects on *clips* were plain ones."""
        identity = self.world.new_id()
        fact = AnswerFact(identity, view.cut, Claim(StepKind.CONFORM), about="effects", clips=tuple(clips))
        self.append([AnswerGiven(fact, None, TextSection((("note", note),)) if note else None)])
        return identity

    def withdraw_answer(self, answer: RecordId, *, note: str = "") -> None:
        """Take an answer back; what it settled is open again. Raises NotFoundError ``answer.unknown``."""
        self.refuse_unknown_answer(answer)
        self.append([AnswerWithdrawn(WithdrawalFact(answer), TextSection((("note", note),)) if note else None)])

    def refuse_unknown_answer(self, answer: RecordId) -> None:
        """Raises NotFoundError ``answer.unknown`` unless *answer* is the id of a recorded answer."""
        if not is_record_id(answer) or not self.index.rows("answer_id", key_of(answer)):
            raise NotFoundError(
                "answer.unknown", "there is no answer with this id", "Give the id that was printed with it"
            )
