"""Gathers what the look page shows from a cut's view and the index, and says which files its pictures should be made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.chain import Chains, LineageStep
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.accounts import Run, capped, medium_of
from edgecode.answers.cuts.explained import MediaRoots, unexplained
from edgecode.answers.cuts.figures import GapRun, clip_name, gap_runs, sums, track_name
from edgecode.answers.cuts.loading import load_open
from edgecode.answers.cuts.subjects import Subject, forward
from edgecode.answers.cuts.view import CutView
from edgecode.answers.look.data import (
    LookClip,
    LookData,
    LookGap,
    LookLedger,
    LookQuestion,
    LookRun,
    LookStep,
    LookTrack,
    LookVersion,
)
from edgecode.answers.look.redacted import root_taken_out, without_roots
from edgecode.answers.questions import Question, questions
from edgecode.index.catalogue import VersionRow, version_rows
from edgecode.index.store import IndexStore
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import Reason
from edgecode.terms.origins import CONTRIBUTIONS, Account, ai_of, classes_of, grade_of, letter_of, origin, reasons_of
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import exact_number

LINEAGE_ROWS = 40
"""Rows of one version's chain that the page shows at most; it says how many it leaves out, and matchback prints all of them."""

ALL_LINEAGE_ROWS = 60_000
"""Rows of all chains together: with more than 1,500 versions on screen, each shows fewer, so that a browser opens the page at once."""

QUESTIONS = 20
_CARRYING = {"cut from", "made from", "made after", "same content as", "part of"}


class WantedPicture(Struct, frozen=True):
    """A version whose thumbnail the page could show: its key there, and every place where it was seen (root, path below it).

    A sequence's path has a bare ``*`` for the frame number, of which *number* is the one to show.
    """

    key: str
    places: tuple[tuple[str, bytes], ...]
    number: int | None = None


def look_data(
    store: IndexStore,
    view: CutView,
    *,
    production: str,
    ledger: LedgerPoint,
    roots: MediaRoots,
    standing: str = "UNWITNESSED",
    made_with: str = "edgecode",
    recorded: bool = True,
) -> LookData:
    """The page's data for one cut. *standing*: the verdict word of the record (product.md §7).

    *recorded*: whether the production stays; if it is thrown away after this, no command of the page could be run.
    """
    seen, heard = view.runs(), view.runs("sound")
    gaps = [(gap, False) for gap in gap_runs(seen)] + [(gap, True) for gap in gap_runs(heard)]
    picture, sound = sums(seen), sums(heard)
    versions = _Versions(store, view, recorded=recorded)
    data = LookData(
        production=production,
        cut=view.name,
        recorded=recorded,
        rate=str(view.clock.rate),
        drop_frame=view.clock.drop_frame,
        start=view.clock.start,
        frames=view.clock.frames,
        by_origin=picture.by_origin,
        mixed=picture.mixed,
        ai=picture.ai,
        by_grade=picture.by_grade,
        waived=picture.waived,
        effects_not_visible=picture.effects_not_visible,
        sound_by_origin=sound.by_origin if sound.frames else {},
        runs=_runs(seen),
        sound_runs=_runs(heard),
        tracks=tuple(_tracks(view)),
        clips=tuple(_clips(view, versions, (*seen, *heard))),
        versions=versions.listed(),
        steps=tuple(versions.steps),
        gaps=tuple(LookGap(gap.first, gap.end, gap.reason, gap.clip, is_sound) for gap, is_sound in gaps),
        questions=_questions(store, view, [gap for gap, _ in gaps], versions, roots, recorded=recorded),
        ledger=LookLedger(ledger.origin, ledger.size, ledger.root, standing),
        made_with=made_with,
    )
    return without_roots(data, roots)


def wanted_pictures(store: IndexStore, view: CutView) -> list[WantedPicture]:
    """One picture for each version that the cut shows or hears, the longest on screen first."""
    frames: Counter[int] = Counter()
    for match in view.matches:
        if match.version is not None:
            frames[match.version] += int(view.clips[match.clip].frames)
    rows = version_rows(store, frames)
    ordered = sorted(rows.values(), key=lambda row: (-frames[row.id], row.key))
    return [WantedPicture(row.key, _places(row), _middle(row)) for row in ordered if row.places]


def picture_file(wanted: WantedPicture, roots: Mapping[str, Path]) -> Path | None:
    """The file to make a thumbnail of, on the roots that can be reached here; None when it is not there."""
    for root, relative in wanted.places:
        folder = roots.get(root)
        if folder is None:
            continue
        path = folder / relative.decode("utf-8", "surrogateescape")
        if wanted.number is None:
            if path.is_file():
                return path
        elif (frame := _frame_file(path, wanted.number)) is not None:
            return frame
    return None


def _frame_file(pattern: Path, number: int) -> Path | None:
    """The member of a sequence with that number, or its first one; the padding is whatever the names have."""
    before, _, after = pattern.name.partition("*")
    if not pattern.parent.is_dir():
        return None
    members: dict[int, Path] = {}
    for path in pattern.parent.iterdir():
        digits = path.name[len(before) : len(path.name) - len(after)]
        if path.name.startswith(before) and path.name.endswith(after) and digits.isascii() and digits.isdigit():
            members[int(digits)] = path
    return members.get(number) or (members[min(members)] if members else None)


def _places(row: VersionRow) -> tuple[tuple[str, bytes], ...]:
    return tuple((place.root, place.relative) for place in row.places)


def _middle(row: VersionRow) -> int | None:
    if not row.numbered or row.first is None or row.end is None:
        return None
    return (row.first + row.end) // 2


def _runs(runs: Sequence[Run]) -> tuple[LookRun, ...]:
    """Runs as the page tells of them; neighbors that say the same of the same clips are one."""
    found: list[LookRun] = []
    for run in runs:
        account = run.account
        letter = letter_of(account)
        reasons = tuple(reasons_of(account)) if letter == "U" else ()
        # Matchback names the clip that comes later in the cut first: the incoming side of a dissolve, the upper track.
        clips = tuple(one.clip for one in reversed(run.contributors))
        said = LookRun(
            run.first,
            run.end,
            letter,
            classes_of(account),
            ai_of(account),
            grade_of(account),
            run.method,
            run.visibility,
            reasons,
            clips,
        )
        if found and replace(found[-1], first=said.first, end=said.end) == said:
            found[-1] = replace(found[-1], end=said.end)
        else:
            found.append(said)
    return tuple(found)


def _tracks(view: CutView) -> Iterable[LookTrack]:
    """The outermost tracks, bottom first, with the names that gaps carry too."""
    for number, track in enumerate(view.tracks):
        clip = next((clip for clip in view.clips if clip.path and clip.path[0] == number), None)
        yield LookTrack(track_name(clip, view.tracks) if clip is not None else track.name, track.kind, track.enabled)


class _Versions:
    """The versions on screen, each described once, with their places in the page's list."""

    def __init__(self, store: IndexStore, view: CutView, *, recorded: bool) -> None:
        self._recorded = recorded
        shown = list(dict.fromkeys(match.version for match in view.matches if match.version is not None))
        self._chains = Chains(store)
        self.rows = version_rows(store, shown)
        self.leaves = unexplained(store, shown)
        self._rows = min(LINEAGE_ROWS, max(8, ALL_LINEAGE_ROWS // max(1, len(shown))))
        self._chains.read_behind(shown)
        behind = {row.version for version in shown for row in self._chains.behind(version, None)[: self._rows]}
        everything = behind | self.rows.keys() | {leaf for leaves in self.leaves.values() for leaf in leaves}
        self._chains.read(everything)
        self.accounts = self._chains.accounts(everything)
        self.all_rows = version_rows(store, everything, places=False)
        self._letters = {self.all_rows[key].key: letter_of(account) for key, account in self.accounts.items()}
        self.place = {version: number for number, version in enumerate(shown)}
        self.steps: dict[LookStep, int] = {}

    def listed(self) -> tuple[LookVersion, ...]:
        """The versions as the page shows them. Rows of their chains are in *steps* afterwards, each once, by their places."""
        return tuple(self._version(version) for version in self.place)

    def maker(self, version: int) -> str:
        """Who or what made it, in one line."""
        step = self._chains.first_step(version)
        row = self.rows[version]
        camera = row.media.camera if row.media else ""
        if step is None or step.kind is None:
            return camera and f"header says {camera}"
        return " · ".join(part for part in (_made(step), camera, _models(step)) if part)

    def _version(self, version: int) -> LookVersion:
        row, ref = self.rows[version], self._chains.ref(version)
        chain = self._chains.lineage(version, None, rows=self._rows)
        media = row.media.media_class if row.media else ""
        places = tuple(self.steps.setdefault(self._step(step, version), len(self.steps)) for step in chain)
        more = len(self._chains.behind(version, None)) - len(chain)
        return LookVersion(
            ref.name, ref.edge_code, self._letters[row.key], media, row.key, row.count or 0, places, more
        )

    def _step(self, step: LineageStep, version: int) -> LookStep:
        open_ = {self.all_rows[leaf].key: self.all_rows[leaf] for leaf in self.leaves.get(version, ())}
        unknown = open_.get(step.version.id)
        reason = "" if unknown is None else Reason.DANGLING_PARENT if unknown.standing == "referred" else Reason.NO_STEP
        detail = [_models(step), f"seed {step.seeds[0]}" if step.seeds else ""]
        if self._recorded:
            detail.append(f"ledger {step.ledger}")
        if step.sealed:
            detail.append(f"sealed: {', '.join(step.sealed)}")
        return LookStep(
            depth=step.depth,
            relation=step.relation,
            what=step.version.name,
            maker=_made(step),
            letter=self._letters.get(step.version.id, "") if step.relation in _CARRYING else "",
            edge_code=step.version.edge_code,
            grade=step.grade if step.step is not None else "",
            detail=" · ".join(part for part in detail if part),
            unknown=str(reason),
        )


def _made(step: LineageStep) -> str:
    if step.kind is None:
        return ""
    tool = f"{step.tool.name} {step.tool.version}".strip() if step.tool else ""
    return " · ".join(part for part in (CONTRIBUTIONS[StepKind(step.kind)].explained, tool) if part)


def _models(step: LineageStep) -> str:
    return ", ".join(model.name for model in step.models[:4])


def _clips(view: CutView, versions: _Versions, runs: Iterable[Run]) -> Iterable[LookClip]:
    """Every use, hidden ones too. Its letter and grade are those of most of its frames; gaps are drawn over it apart."""
    frames: dict[int, Counter[Account]] = {}
    for run in runs:
        for one in run.contributors:
            account = capped(one.account, effects_visible=view.effects_visible)
            frames.setdefault(one.clip, Counter())[account] += run.frames
    matches = view.match_of
    for number, clip in enumerate(view.clips):
        match = matches.get(number)
        version = match.version if match is not None else None
        shown = frames.get(number)
        account = shown.most_common(1)[0][0] if shown else _hidden(clip, versions.accounts.get(version or 0))
        grade = grade_of(account)
        first, scale = (match.first, match.scale) if match is not None else (None, None)
        yield LookClip(
            name=clip_name(clip),
            track=clip.path[0] if clip.path else 0,
            first=int(clip.record_in),
            end=-int(-clip.record_out // 1),
            letter=letter_of(account),
            version=versions.place[version] if version is not None else -1,
            kind="sound" if medium_of(clip, view.tracks) == "sound" else clip.kind,
            enabled=shown is not None,
            conform=match.method.value if match is not None else "",
            grade=grade.value if grade is not None else "",
            maker=versions.maker(version) if version is not None else _edit_decision(clip),
            why=str(getattr(match, "why", "")),
            source=_offset(versions.rows[version], first) if version is not None else "",
            scale=str(exact_number(scale)) if scale is not None else "",
            nest=clip.nest,
            reasons=_reasons(shown or {}),
        )


def _hidden(clip: Clip, account: Account | None) -> Account:
    if account is not None:
        return account
    return origin("H") if clip.kind in ("black", "title") else 0


def _edit_decision(clip: Clip) -> str:
    return "made in the edit" if clip.kind in ("black", "title") else ""


def _reasons(frames: Mapping[Account, int]) -> tuple[Reason, ...]:
    found = {reason for account in frames if letter_of(account) == "U" for reason in reasons_of(account)}
    return tuple(reason for reason in Reason if reason in found)


def _offset(row: VersionRow, first: Fraction | None) -> str:
    return "" if first is None or row.first is None else str(exact_number(first - row.first))


def _questions(
    store: IndexStore,
    view: CutView,
    gaps: Sequence[GapRun],
    versions: _Versions,
    roots: MediaRoots,
    *,
    recorded: bool,
) -> tuple[LookQuestion, ...]:
    """Questions in the order of asking, each with the gaps it is about."""
    open_ = load_open(store, view, roots=roots)
    subjects = [_subjects_of(gap, view, versions) for gap in gaps]
    found = []
    for one in questions(open_.subjects, open_.cells, cut=view.name, clips_of=open_.clips_of, limit=QUESTIONS):
        about = {open_.subjects[number].key for number in one.subjects}
        places = tuple(number for number, keys in enumerate(subjects) if keys & about)
        command = _passed_on(one, open_.subjects, roots) if recorded else ""
        found.append(LookQuestion(one.text, one.frames or one.sound_frames, command, places))
    return tuple(found)


def _passed_on(one: Question, subjects: Sequence[Subject], roots: MediaRoots) -> str:
    """The command that answers, with a folder relative to its media root, which answers take as well.

    Where the rule cannot be written without the root, or would pick out something else then, the question is given by its number.
    """
    rule = one.rule.options()
    if not rule or rule not in one.command:
        return one.command
    short = replace(one.rule, under=_below_root(one.rule.under, roots))
    says_no_root = root_taken_out(roots)(short.options()) == short.options()
    if says_no_root and all(short.fits(subject) == one.rule.fits(subject) for subject in subjects):
        return one.command.replace(rule, short.options())
    return one.command.replace(rule, f"--question {one.number}")


def _below_root(folder: str, roots: MediaRoots) -> str:
    """A folder as it lies below its media root, "" for the root itself; any other folder as it is."""
    for name in sorted({forward(name) for names in roots.values() for name in names}, key=len, reverse=True):
        if folder == name or folder.startswith(f"{name}/"):
            return folder[len(name) + 1 :]
    return folder


def _subjects_of(gap: GapRun, view: CutView, versions: _Versions) -> set[str]:
    """Record ids of what a gap may be asked about: its clip, its version, what stands unexplained behind it."""
    if gap.clip < 0:
        return {""}
    match = view.match_of.get(gap.clip)
    if match is None or match.version is None:
        return {view.keys[gap.clip]}
    leaves = (versions.all_rows[leaf].key for leaf in versions.leaves.get(match.version, ()))
    return {view.keys[gap.clip], versions.rows[match.version].key, *leaves}
