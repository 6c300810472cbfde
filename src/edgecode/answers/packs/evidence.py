"""The answer that a pack about a cut carries: its coverage, every range with what is on screen, the records behind them, and for each
statement the entries of the ledger that it rests on (edgecode.pack-answer/1).

Names of cuts, clips, tracks and files are sealed in the record, so clips and tracks are numbered here, versions go by edge code and
digest, and the cut by its record id unless its name is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, cast

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.coverage.answer import Coverage, LedgerPoint, coverage_of
from edgecode.answers.cuts.accounts import Contributor, Medium, Run, capped, version_frames
from edgecode.answers.cuts.figures import Gap, gap_runs, track_number
from edgecode.answers.cuts.given import given_for_versions
from edgecode.answers.cuts.view import CutView
from edgecode.answers.packs.evidence_events import Entries, EventsFound, candidates, events_behind
from edgecode.answers.paper_notes.cut import NO_NOTES, CutNotes
from edgecode.events.codec import Json, canonical
from edgecode.index.catalogue import VersionRow
from edgecode.index.lineage import LineageRow
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import ConformMethod
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import Account, ai_of, classes_of, grade_of, letter_of, reasons_of

SCHEMA = "edgecode.pack-answer/1"
NOT_JUDGED = "not judged by this release"
CUT_NAME = "name of the cut"
"""How an opened name of the cut is listed: one word out of `place`, in `coverage.cut` and the text, without the section's proof."""


class SixNumbers(Struct, frozen=True):
    """What an insurer reads first. *generated*: frames with content that a model made, mixed ones included. *persons* and
    *findings*: what this release does not judge says so."""

    frames: int
    generated: int
    unaccounted: int
    waived: int
    by_grade: dict[str, int]
    persons: str = NOT_JUDGED
    findings: str = NOT_JUDGED


class Shown(Struct, frozen=True, omit_defaults=True):
    """One clip in a range. *clip*: its number in the cut from 1, *id*: its record. *source*: frames of the version, half open; None:
    it has none, or the retime cannot be computed. *answer*, *decision*: the records of somebody's word that this rests on."""

    clip: int
    id: RecordId
    track: str
    visibility: str
    origin: str
    grade: str
    conform: str
    confidence: int
    version: RecordId | None = None
    source: tuple[int, int] | None = None
    answer: RecordId | None = None
    decision: RecordId | None = None


class EvidenceRange(Struct, frozen=True):
    """Frames *in* up to *out* of the cut with one answer. *classes*: the letters that are in a mixed one. *effects_hidden*: the cut's
    format cannot show what the editing program did here. *reasons*: why it is unaccounted."""

    in_: int = field(name="in")
    out: int
    in_tc: str
    out_tc: str
    origin: str
    classes: str
    ai: str
    grade: str
    conform: str
    visibility: str
    effects_hidden: bool
    reasons: tuple[str, ...]
    shown: tuple[Shown, ...]


class Cited(Struct, frozen=True, kw_only=True):
    """A record and the entries of the ledger that say what is said of it."""

    id: RecordId
    ledger: tuple[int, ...]


class AlsoKnown(Struct, frozen=True):
    """Another version that stands for this one: the same bytes, a sequence that holds it as a frame, a member of a set."""

    version: RecordId
    relation: str


class EvidenceVersion(Cited, frozen=True, kw_only=True, omit_defaults=True):
    """A version on screen or behind one. *origin*: of all its frames, "" for weights and what was never read. *known*: read, named (as a
    model or set), or referred to only. *steps*: which of the listed steps say they made it, the one that counts first. *personal*: its
    digests are a person's, so they stay sealed."""

    known: str
    origin: str
    edge_code: str = ""
    sha256: str = ""
    sequence_root: str = ""
    media: str = ""
    frames: tuple[int, int] | None = None
    steps: tuple[RecordId, ...] = ()
    also: tuple[AlsoKnown, ...] = ()
    answer: RecordId | None = None
    personal: bool = False


class EvidenceInput(Struct, frozen=True):
    """What a step used."""

    version: RecordId
    role: str


class EvidenceStep(Cited, frozen=True, kw_only=True, omit_defaults=True):
    """A recorded act of making. *standing*: counts, outranked (another record of the same making counts), failed, or withdrawn."""

    kind: str
    grade: str
    standing: Literal["counts", "outranked", "failed", "withdrawn"]
    source: str
    outputs: tuple[RecordId, ...]
    inputs: tuple[EvidenceInput, ...] = ()
    tool: str = ""
    ai: str = ""


class EvidenceAnswer(Cited, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody's word. *about*: making or effects."""

    kind: str
    about: str
    versions: int
    clips: int
    ai: str = ""
    withdrawn: bool = False


class EvidenceDecision(Cited, frozen=True, kw_only=True):
    """A person's decision which version clips show; *record*: the cut that it is about, *clips*: how many clips it names."""

    record: RecordId
    clips: int


class Withdrawal(Cited, frozen=True, kw_only=True):
    """A step or an answer that was taken back; *id* is that record's."""


class OpenedCount(Struct, frozen=True):
    """How many events of the pack have a section opened; one row may be the name of the cut (`pack --name`)."""

    section: str
    events: int


class PackAnswer(Struct, frozen=True, kw_only=True, tag_field="schema", tag=SCHEMA):
    """The whole answer (docs/reference/pack.md)."""

    ledger: LedgerPoint
    six: SixNumbers
    coverage: Coverage
    ranges: tuple[EvidenceRange, ...]
    sound: tuple[EvidenceRange, ...]
    cuts: tuple[Cited, ...]
    versions: tuple[EvidenceVersion, ...]
    steps: tuple[EvidenceStep, ...]
    answers: tuple[EvidenceAnswer, ...]
    decisions: tuple[EvidenceDecision, ...]
    withdrawn: tuple[Withdrawal, ...]
    opened: tuple[OpenedCount, ...]

    def encode(self) -> bytes:
        """The member ``answer.json``: canonical, so that the same record and cut give the same bytes."""
        return canonical(cast(Json, msgspec.to_builtins(self)))


class CutEvidence(Struct, frozen=True):
    """An answer about a cut and the sections to open of each event that it cites."""

    answer: PackAnswer
    events: dict[int, tuple[str, ...]]


def evidence_of(
    store: IndexStore,
    view: CutView,
    *,
    entries: Entries,
    production: str,
    ledger: LedgerPoint,
    open_sections: Sequence[str],
    is_named: bool = False,
    notes: CutNotes = NO_NOTES,
) -> CutEvidence:
    """What a pack about *view* holds. *entries*: reads the log. *open_sections*: names of sections to open. *is_named*: say what the
    cut is called, which is sealed in the record, and list that among the openings. *notes*: said beside its figures, without what is
    sealed."""
    chains = Chains(store)
    on_screen = list(dict.fromkeys(match.version for match in view.matches if match.version is not None))
    behind = {version: chains.behind(version, None) for version in on_screen}
    rows = list(dict.fromkeys(row.version for found in behind.values() for row in found))
    chains.read(rows)
    keys = {version: chains.row(version).key for version in rows}
    behind_it = candidates(store, entries, size=ledger.size, cut=view.cut, versions=rows)
    found = events_behind(behind_it, cut=view.cut, versions=keys.values(), clips=view.keys)
    about_persons = found.steps_with_personal()
    events = {
        index: tuple(
            name
            for name in found.stored.get(index, ())
            if name in open_sections and (name == "fact" or index not in about_persons)
        )
        for index in found.indexes()
    }
    named = {CUT_NAME: 1} if is_named else {}
    counts = {name: sum(name in opened for opened in events.values()) for name in open_sections}
    coverage = _numbered(coverage_of(view, production=production, ledger=ledger, notes=notes), view, is_named=is_named)
    making = _Making(found, view, chains, keys)
    answer = PackAnswer(
        ledger=ledger,
        six=_six(coverage),
        coverage=coverage,
        ranges=tuple(making.ranges("picture")),
        sound=tuple(making.ranges("sound")),
        cuts=(Cited(id=view.cut, ledger=(found.cuts[view.cut],)),),
        versions=tuple(making.versions(store, [row for rows in behind.values() for row in rows])),
        steps=tuple(making.steps()),
        answers=tuple(making.answers()),
        decisions=tuple(
            EvidenceDecision(id=one.event, record=view.cut, clips=len(one.fact.decisions), ledger=(one.index,))
            for one in found.decisions
        ),
        withdrawn=tuple(Withdrawal(id=key, ledger=(index,)) for key, index in sorted(found.withdrawn.items())),
        opened=tuple(OpenedCount(name, count) for name, count in {**counts, **named}.items()),
    )
    return CutEvidence(answer, events)


def _numbered(coverage: Coverage, view: CutView, *, is_named: bool) -> Coverage:
    """The same coverage with clips and tracks by number and the cut by its id: their names are sealed."""
    seen = zip(coverage.gaps, gap_runs(view.runs()), strict=True)
    heard = zip(coverage.audio.gaps, gap_runs(view.runs("sound")), strict=True)
    gaps = tuple(_numbered_gap(gap, run.clip, view) for gap, run in seen)
    sound = tuple(_numbered_gap(gap, run.clip, view) for gap, run in heard)
    cut = coverage.cut if is_named else view.cut
    return replace(coverage, cut=cut, gaps=gaps, audio=replace(coverage.audio, gaps=sound))


def _numbered_gap(gap: Gap, clip: int, view: CutView) -> Gap:
    track = track_number(view.clips[clip], view.tracks) if clip >= 0 else gap.track
    return replace(gap, clip=_clip_number(clip), track=track)


def _clip_number(clip: int) -> str:
    return f"clip {clip + 1}" if clip >= 0 else "row that could not be read"


def _six(coverage: Coverage) -> SixNumbers:
    generated = coverage.by_origin["G"] + sum(frames for classes, frames in coverage.mixed.items() if "G" in classes)
    return SixNumbers(coverage.frames, generated, coverage.unaccounted, coverage.waived, coverage.by_grade)


class _Making:
    """Puts the parts of one answer together."""

    def __init__(self, found: EventsFound, view: CutView, chains: Chains, keys: Mapping[int, RecordId]) -> None:
        self._found, self._view, self._chains, self._keys = found, view, chains, keys
        self._decided = {
            decision.clip: one.event for one in found.decisions for decision in one.fact.decisions if decision.version
        }

    def ranges(self, medium: Medium) -> Iterable[EvidenceRange]:
        """Every run of the medium in order."""
        label = self._view.clock.label
        for run in self._view.runs(medium):
            yield EvidenceRange(
                run.first,
                run.end,
                label(run.first),
                label(run.end),
                *_said(run.account),
                run.method.value,
                run.visibility.value,
                run.effects_hidden,
                tuple(reason.value for reason in reasons_of(run.account)) if letter_of(run.account) == "U" else (),
                tuple(self._shown(run, one) for one in run.contributors),
            )

    def _shown(self, run: Run, one: Contributor) -> Shown:
        view = self._view
        match, given = view.match_of.get(one.clip), view.told.given.get(one.clip)
        account = capped(one.account, effects_visible=view.effects_visible)
        source = None
        if match is not None and match.version is not None and self._chains.row(match.version).first is not None:
            source = version_frames(view.clips[one.clip], match, Fraction(run.first), Fraction(run.end))
        letter, _, _, grade = _said(account)
        decided = match is not None and match.method is ConformMethod.DECLARED
        return Shown(
            clip=one.clip + 1,
            id=view.keys[one.clip],
            track=track_number(view.clips[one.clip], view.tracks),
            visibility=one.visibility.value,
            origin=letter,
            grade=grade,
            conform=one.method.value,
            confidence=match.confidence if match is not None else 0,
            version=self._keys[match.version] if match is not None and match.version is not None else None,
            source=source,
            answer=given.key if given is not None and given.key in self._found.answers else None,
            decision=self._decided.get(view.keys[one.clip]) if decided else None,
        )

    def versions(self, store: IndexStore, behind: Iterable[LineageRow]) -> Iterable[EvidenceVersion]:
        """Every version on screen or behind, then those that only recorded steps name."""
        also: dict[int, dict[int, str]] = {}
        for one in behind:
            if one.relation in ("same-content", "frame-of", "same-frames", "member") and one.through is not None:
                also.setdefault(one.through, {})[one.version] = one.relation
        answers = given_for_versions(store, self._keys)
        accounts = self._chains.accounts(self._keys)
        for version, key in sorted(self._keys.items(), key=lambda one: one[1]):
            row, ref = self._chains.row(version), self._chains.ref(version)
            personal = key in self._found.personal
            own = self._chains.maker(version)
            given = answers.get(version)
            is_read = row.standing == "seen" and not personal
            yield EvidenceVersion(
                id=key,
                ledger=tuple(self._found.seen.get(key, ())),
                known={"seen": "read", "known": "named"}.get(row.standing, "referred"),
                origin=letter_of(accounts.get(version, 0)) if _has_origin(row) else "",
                edge_code=ref.edge_code if is_read or (row.standing == "seen" and row.committed) else "",
                sha256=ref.sha256 if is_read else "",
                sequence_root=ref.sequence_root if is_read else "",
                media=row.media.media_class if row.media is not None else "",
                frames=(row.first, row.end) if row.first is not None and row.end is not None else None,
                steps=self._steps_of(key, own),
                also=tuple(AlsoKnown(self._keys[other], how) for other, how in sorted(also.get(version, {}).items())),
                answer=given.key if given is not None and given.key in self._found.answers else None,
                personal=personal,
            )
        named = {used.version for one in self._found.steps.values() for used in one.fact.inputs}
        named |= {version for one in self._found.steps.values() for version in one.fact.outputs}
        for key in sorted(named - set(self._keys.values())):
            ledger, made = tuple(self._found.seen.get(key, ())), self._steps_of(key, None)
            yield EvidenceVersion(id=key, ledger=ledger, known="referred", origin="", steps=made)

    def _steps_of(self, version: RecordId, own: RecordId | None) -> tuple[RecordId, ...]:
        told = [key for key, one in self._found.steps.items() if version in one.fact.outputs]
        return tuple(sorted(told, key=lambda key: (key != own, self._found.steps[key].index)))

    def steps(self) -> Iterable[EvidenceStep]:
        """Every step found, by entry."""
        counting = {self._chains.maker(version) for version in self._keys}
        for key, one in sorted(self._found.steps.items(), key=lambda found: found[1].index):
            fact = one.fact
            standing: Literal["counts", "outranked", "failed", "withdrawn"] = "outranked"
            if key in self._found.withdrawn:
                standing = "withdrawn"
            elif fact.status == "failed":
                standing = "failed"
            elif key in counting:
                standing = "counts"
            yield EvidenceStep(
                id=key,
                ledger=(one.index,),
                kind=fact.kind.value,
                grade=fact.grade.value,
                standing=standing,
                source=fact.source,
                outputs=fact.outputs,
                inputs=tuple(EvidenceInput(used.version, used.role.value) for used in fact.inputs),
                tool=" ".join(filter(None, (fact.tool.name, fact.tool.version))) if fact.tool is not None else "",
                ai=fact.ai.value if fact.ai is not None else "",
            )

    def answers(self) -> Iterable[EvidenceAnswer]:
        """Every answer found, by entry."""
        for key, one in sorted(self._found.answers.items(), key=lambda found: found[1].index):
            fact = one.fact
            yield EvidenceAnswer(
                id=key,
                ledger=(one.index,),
                kind=fact.claim.kind.value,
                about=fact.about,
                versions=len(fact.versions),
                clips=len(fact.clips),
                ai=fact.claim.ai.value if fact.claim.ai is not None else "",
                withdrawn=key in self._found.withdrawn,
            )


def _has_origin(row: VersionRow) -> bool:
    """Weights and sets of material are rights questions; they have no class of frames."""
    return row.standing == "seen" and row.media is not None and row.media.media_class not in ("model", "dataset")


def _said(account: Account) -> tuple[str, str, str, str]:
    """Origin, classes, AI use and grade of an account."""
    letter, grade = letter_of(account), grade_of(account)
    return letter, classes_of(account), ai_of(account).value, grade.value if grade is not None else "none"
