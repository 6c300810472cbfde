"""The rows of the tables that are exported for questions across shows: record ids in place of dense ones, and nobody's names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from edgecode.answers.cuts.accounts import MEDIA, Contributor, Run
from edgecode.answers.cuts.view import CutView
from edgecode.answers.exports.columns import Cell
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.catalogue import StepRow, VersionRow, steps, version_rows
from edgecode.index.conform import Match
from edgecode.index.cuts import CutRow
from edgecode.index.keys import record_of
from edgecode.index.rows import data, ids_text, number, text
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, classes_of, grade_of, letter_of, reasons_of
from edgecode.terms.programs import plain_name, plain_version
from edgecode.terms.steps import StepKind

Cells: TypeAlias = "tuple[Cell, ...]"
Batch: TypeAlias = "tuple[str, list[Cells]]"
"""The name of a table and some of its rows."""

_PAGE = 1_000


def exported(store: IndexStore, cuts: Sequence[CutRow], views: Iterable[CutView]) -> Iterator[Batch]:
    """Every row of every table, in pages; the same index gives the same rows in the same order. *cuts*, *views*: those in force."""
    rows = _Rows(store)
    yield from rows.of_versions()
    yield "model", [(record_of(data(key)), text(kind)) for key, _, kind, _ in store.rows("dump_model")]
    yield "cut", [(one.key, one.format, str(one.rate or ""), one.start, one.frames, one.log_index) for one in cuts]
    for view in views:
        yield "use", rows.uses(view)
        yield "coverage", [_covered(view, medium, run) for medium in MEDIA for run in view.runs(medium)]


class _Rows:
    """Reads the index page by page; record ids of versions and steps are read once."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self._keys: dict[int, RecordId] = {}
        self._steps: dict[int, StepRow] = {}
        self._told: set[int] = set()

    def of_versions(self) -> Iterator[Batch]:
        """Versions, steps, what steps used and made, and every edge between versions."""
        contents: dict[int, list[tuple[RecordId, bool]]] = {}
        after = 0
        while page := [number(row[0]) for row in self._store.rows("all_versions", after, _PAGE)]:
            after = page[-1]
            rows = version_rows(self._store, page, places=False)
            self._keys |= {one: row.key for one, row in rows.items()}
            makers = self._makers(rows)
            self._steps = steps(self._store, sorted({step for each in makers.values() for step in each}))
            for one, row in rows.items():
                if row.content is not None:
                    contents.setdefault(row.content, []).append((row.key, bool(makers[one])))
            joined = {one: joined_account(pieces) for one, pieces in accounts(self._store, page).items()}
            yield "version", [self._version(row, joined.get(one, 0)) for one, row in rows.items()]
            fresh = [step for number, step in self._steps.items() if number not in self._told]
            self._told |= self._steps.keys()
            yield "step", [_step(step) for step in fresh]
            yield (
                "step_input",
                [
                    (step.key, self._key(used.version), used.role.value, position)
                    for step in fresh
                    for position, used in enumerate(step.inputs)
                ],
            )
            made = [(row, self._steps[step]) for one, row in rows.items() for step in makers[one]]
            yield "step_output", [(step.key, row.key, standing(row, step)) for row, step in made]
            yield "derivation", [edge for row, step in made for edge in self._inputs(row, step)]
            yield "derivation", list(self._other_edges(rows))
        yield "derivation", [edge for each in contents.values() for edge in _equal(each)]

    def _makers(self, rows: Mapping[int, VersionRow]) -> dict[int, list[int]]:
        """Every step that names a version among its outputs, the maker first."""
        found = {one: [row.step] if row.step is not None else [] for one, row in rows.items()}
        for version, step, _ in self._store.rows("other_producers", ids_text(rows)):
            if number(step) not in found[number(version)]:
                found[number(version)].append(number(step))
        return found

    def _key(self, version: int) -> RecordId:
        if version not in self._keys:
            self._keys |= {version: version_rows(self._store, [version], places=False)[version].key}
        return self._keys[version]

    def _version(self, row: VersionRow, account: int) -> Cells:
        return (
            row.key,
            row.media.media_class if row.media is not None else "",
            "erased" if row.erased else row.standing,
            row.sha256 or "",
            row.sequence_root or "",
            row.size,
            row.first,
            row.end,
            self._steps[row.step].key if row.step is not None else "",
            row.supersedes or "",
            *_account(account),
            row.log_index,
        )

    def _inputs(self, row: VersionRow, step: StepRow) -> Iterator[Cells]:
        for used in step.inputs:
            yield self._key(used.version), row.key, "input", used.role.value, step.key, standing(row, step)

    def _other_edges(self, rows: Mapping[int, VersionRow]) -> Iterator[Cells]:
        """Members of sets, and files and sequences that have frames in common; a version that nobody saw leads nowhere."""
        listed = ids_text(rows)
        for asked, member in self._store.rows("members_of", listed):
            yield _edge(self._key(number(member)), rows[number(asked)].key, "member")
        for asked, holder, _ in self._store.rows("frame_copies", listed):
            yield _edge(self._key(number(holder)), rows[number(asked)].key, "frame-of")
        for asked, file, _ in self._store.rows("frame_files", listed):
            yield _edge(self._key(number(file)), rows[number(asked)].key, "frame-of")
        for asked, _, other, _ in self._store.rows("sequence_kin", listed):
            yield _edge(self._key(number(other)), rows[number(asked)].key, "same-frames")

    def uses(self, view: CutView) -> list[Cells]:
        """Stretches of clips with what they show, those that touch made one."""
        open_: dict[tuple[int, int], int] = {}
        found: list[list[Cell]] = []
        for medium in MEDIA:
            for run in view.runs(medium):
                for one in run.contributors:
                    for version, is_candidate in versions_of(view.match_of.get(one.clip)):
                        at = open_.get((one.clip, version))
                        if at is not None and found[at][5] == run.first:
                            found[at][5] = run.end
                            if one.visibility is Visibility.POSSIBLE:
                                found[at][6] = one.visibility.value
                            continue
                        open_[one.clip, version] = len(found)
                        found.append(self._use(view, one, run, version, medium, is_candidate=is_candidate))
        return [tuple(row) for row in found]

    def _use(
        self, view: CutView, one: Contributor, run: Run, version: int, medium: str, *, is_candidate: bool
    ) -> list[Cell]:
        shown = view.keys[one.clip], self._key(version), medium
        return [view.cut, *shown, run.first, run.end, one.visibility.value, is_candidate]


def standing(row: VersionRow, step: StepRow) -> str:
    """How a step stands to a version that it names among its outputs: maker, also-said, explains-nothing (docs/reference/exports.md)."""
    if step.status == "failed" or step.kind is StepKind.IMPORT:
        return "explains-nothing"
    return "maker" if row.step == step.id else "also-said"


def versions_of(match: Match | None) -> list[tuple[int, bool]]:
    """What a clip shows, or may show (True), by dense id."""
    if match is None:
        return []
    return [(match.version, False)] if match.version is not None else [(one, True) for one in match.candidates]


def _edge(source: RecordId, made: RecordId, relation: str) -> Cells:
    return source, made, relation, "", "", ""


def _equal(same: Sequence[tuple[RecordId, bool]]) -> Iterator[Cells]:
    """Of versions of one content, edges from each with a recorded making to all others, through the first of these: so there are few."""
    explained = [key for key, is_made in same if is_made]
    if len(same) > 1 and explained:
        hub = explained[0]
        yield from (_edge(one, hub, "same-content") for one in explained[1:])
        yield from (_edge(hub, one, "same-content") for one, _ in same if one != hub)


def _step(step: StepRow) -> Cells:
    name = plain_name(step.tool)
    return (
        step.key,
        step.kind.value,
        step.source,
        step.grade.value,
        step.status,
        step.ai.value if step.ai is not None else "",
        name,
        plain_version(step.tool_version) if name else "",
        step.started,
        step.ended,
        step.log_index,
    )


def _covered(view: CutView, medium: str, run: Run) -> Cells:
    where = view.cut, medium, run.first, run.end
    return *where, *_account(run.account), run.method.value, run.visibility.value


def _account(account: int) -> tuple[str, str, str, str, str]:
    """Origin, classes, AI use, grade and what is open."""
    grade = grade_of(account)
    reasons = " ".join(reason.value for reason in reasons_of(account))
    return letter_of(account), classes_of(account), ai_of(account).value, grade.value if grade else "none", reasons
