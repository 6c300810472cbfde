"""What versions and cuts were made from, as a document of W3C PROV-JSON (submission of 2013-04-24; decisions/0023-exports.md)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from edgecode.answers.chain import Chains
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.accounts import MEDIA
from edgecode.answers.cuts.explained import unexplained
from edgecode.answers.cuts.given import Given, given_for_versions
from edgecode.answers.cuts.view import CutView
from edgecode.answers.exports.prov_parts import Attributes, Document, Value, qualified
from edgecode.answers.exports.tables import standing, versions_of
from edgecode.index.catalogue import StepRow, VersionRow, steps
from edgecode.index.lineage import LineageRow
from edgecode.index.persons import seen_in
from edgecode.index.store import IndexStore
from edgecode.ingest.making import base_name
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, classes_of, grade_of, letter_of, reasons_of
from edgecode.terms.programs import plain_name, plain_version
from edgecode.terms.steps import InputRole, StepKind

LEFT_OUT = ("names", "places", "people", "prompts", "recipes", "terms")
"""What such a document does not say; *people* come as numbers where they are asked for."""


def prov_of_versions(store: IndexStore, versions: Iterable[int], *, ledger: LedgerPoint, people: bool = False) -> bytes:
    """The document about versions and everything behind them. *people*: whoever is seen or heard in them, as numbers."""
    walk = _Walk(store, ledger, people=people)
    walk.take(versions)
    return walk.document.data()


def prov_of_cut(store: IndexStore, view: CutView, *, ledger: LedgerPoint, people: bool = False) -> bytes:
    """The same about a cut: what its clips show, or may show, and everything behind that; clips that nobody knows too."""
    walk = _Walk(store, ledger, people=people)
    walk.take_cut(view)
    return walk.document.data()


class Span(NamedTuple):
    """Frames *first* up to *end* of a cut's picture or sound."""

    medium: str
    first: int
    end: int


class _Walk:
    """Adds versions and what is behind them to one document."""

    def __init__(self, store: IndexStore, ledger: LedgerPoint, *, people: bool) -> None:
        self._store, self._people = store, people
        self._chains = Chains(store)
        self._known: set[int] = set()
        self._numbers: dict[str, dict[object, int]] = {}
        self.document = Document()
        left = [one for one in LEFT_OUT if not (people and one == "people")]
        self.document.add(
            "entity",
            "ec:record",
            {
                "prov:type": qualified("ec:Record"),
                "ec:log": ledger.origin,
                "ec:size": ledger.size,
                "ec:root": ledger.root,
                "ec:leftOut": list(left),
            },
        )

    # ------------------------------------------------------------------------------------------ cuts

    def take_cut(self, view: CutView) -> None:
        """A cut, from the versions that are seen or heard in it."""
        self.document.add(
            "entity",
            _rec(view.cut),
            {
                "prov:type": qualified("ec:Cut"),
                "ec:rate": str(view.clock.rate),
                "ec:start": view.clock.start,
                "ec:frames": view.clock.frames,
                "ec:rowsMissing": view.told.rows_missing,
            },
        )
        shown: dict[tuple[int, bool], list[Span]] = {}
        nobodys: dict[int, list[Span]] = {}
        for medium in MEDIA:
            for run in view.runs(medium):
                span = Span(medium, run.first, run.end)
                for one in run.contributors:
                    found = versions_of(view.match_of.get(one.clip))
                    for version, is_candidate in found:
                        shown.setdefault((version, is_candidate), []).append(span)
                    if not found:
                        nobodys.setdefault(one.clip, []).append(span)
        self.take(version for version, _ in shown)
        cut = _rec(view.cut)
        for (version, is_candidate), spans in shown.items():
            standing = "may-show" if is_candidate else "shows"
            self._derived(cut, self._ref(version), {"ec:standing": standing, "ec:shown": joined(spans)})
        for clip, spans in nobodys.items():
            self._derived(cut, self._clip(view, clip), {"ec:standing": "shows", "ec:shown": joined(spans)})

    def _clip(self, view: CutView, clip: int) -> str:
        """A clip that nobody knows a version of: an edit decision, what somebody declared of it, or unknown."""
        identifier, kind = f"open:clip-{view.keys[clip]}", view.clips[clip].kind
        given, is_plain = view.told.given.get(clip), kind in ("black", "title")
        of_type = "ec:EditDecision" if is_plain else "ec:Clip" if given is not None else "ec:Unknown"
        reason = "no-match" if of_type == "ec:Unknown" else ""
        self.document.add("entity", identifier, {"prov:type": qualified(of_type), "ec:reason": reason, "ec:clip": kind})
        if given is not None:
            self._answered(identifier, given)
        return identifier

    # ------------------------------------------------------------------------------------------ versions

    def take(self, versions: Iterable[int]) -> None:
        """Versions, and everything behind them."""
        asked = list(dict.fromkeys(versions))
        self._chains.read_behind(asked)
        behind = [row for one in asked for row in self._chains.behind(one, None)]
        here = sorted({row.version for row in behind} - self._known)
        self._known |= set(here)
        self._chains.read(here)
        graph = self._chains.graph
        made = {version: graph.steps_of.get(version, []) for version in here}
        rows = steps(self._store, sorted({step for each in made.values() for step in each}))
        given = given_for_versions(self._store, [version for version in here if not made[version]])
        leaves = {leaf for found in unexplained(self._store, asked).values() for leaf in found}
        accounts = self._chains.accounts(here)
        unnamed = self._unnamed_weights(rows.values())
        for version in here:
            row = self._chains.row(version)
            self._version(row, accounts.get(version, 0), reason="weights" if version in unnamed else "")
            for number in made[version]:
                self._made(row, rows[number])
            if version in given:
                self._answered(_rec(row.key), given[version])
            elif version in leaves:
                self._unknown(row, accounts.get(version, 0))
        outputs: dict[int, list[VersionRow]] = {}
        for version in here:
            for number in made[version]:
                outputs.setdefault(number, []).append(self._chains.row(version))
        for number, step in rows.items():
            self._step(step, outputs[number])
        self._other_names(behind)
        if self._people:
            self._seen(here)

    def _version(self, row: VersionRow, account: int, *, reason: str) -> None:
        attributes: Attributes = {
            "prov:type": qualified("ec:Version"),
            "ec:standing": "erased" if row.erased else row.standing,
            "ec:class": row.media.media_class if row.media is not None else "",
            "ec:sha256": row.sha256 or "",
            "ec:sequenceRoot": row.sequence_root or "",
            "ec:digest": "withheld" if row.committed is not None else "",
            "ec:edgeCode": self._chains.ref(row.id).edge_code,
            "ec:origin": letter_of(account),
            "ec:classes": classes_of(account),
            "ec:ai": ai_of(account).value,
            "ec:grade": grade.value if (grade := grade_of(account)) is not None else "none",
            "ec:open": [reason.value for reason in reasons_of(account)],
            "ec:reason": reason,
            "ec:entry": row.log_index,
        }
        if row.first is not None and row.end is not None:
            attributes |= {"ec:firstFrame": row.first, "ec:endFrame": row.end}
        self.document.add("entity", _rec(row.key), attributes)

    def _made(self, row: VersionRow, step: StepRow) -> None:
        self.document.relate(
            "wasGeneratedBy",
            {"prov:entity": _rec(row.key), "prov:activity": _rec(step.key), "ec:standing": standing(row, step)},
        )

    def _step(self, step: StepRow, outputs: Sequence[VersionRow]) -> None:
        identifier = _rec(step.key)
        self.document.add(
            "activity",
            identifier,
            {
                "prov:type": qualified("ec:Step"),
                **({"prov:startTime": _time(step.started)} if step.started else {}),
                **({"prov:endTime": _time(step.ended)} if step.ended else {}),
                "ec:kind": step.kind.value,
                "ec:source": step.source,
                "ec:grade": step.grade.value,
                "ec:status": step.status,
                "ec:ai": step.ai.value if step.ai is not None else "",
                "ec:entry": step.log_index,
            },
        )
        for used in step.inputs:
            self.document.relate(
                "used",
                {"prov:activity": identifier, "prov:entity": self._ref(used.version), "prov:role": used.role.value},
            )
            for row in outputs:
                said: Attributes = {
                    "prov:activity": identifier,
                    "ec:role": used.role.value,
                    "ec:standing": standing(row, step),
                }
                self._derived(_rec(row.key), self._ref(used.version), said)
        self._nameless(step, outputs)
        self._agents(step)

    def _nameless(self, step: StepRow, outputs: Sequence[VersionRow]) -> None:
        """Weights that a recipe names, of which neither a digest was recorded nor a version: which file it was, nobody knows."""
        known = {self._chains.row(used.version).name for used in step.inputs if used.role is InputRole.WEIGHTS}
        models = step.recipe.models if step.recipe is not None else ()
        lost = [one for one in models if not any(one.hashes.values()) and base_name(one.name) not in known]
        for position, model in enumerate(lost):
            identifier = f"open:weights-{step.key}-{position}"
            said: Attributes = {"prov:type": qualified("ec:Unknown"), "ec:reason": "weights", "ec:kind": model.kind}
            self.document.add("entity", identifier, said)
            using: Attributes = {"prov:activity": _rec(step.key), "prov:entity": identifier, "prov:role": "weights"}
            self.document.relate("used", using)
            for row in outputs:
                how: Attributes = {
                    "prov:activity": _rec(step.key),
                    "ec:role": "weights",
                    "ec:standing": standing(row, step),
                }
                self._derived(_rec(row.key), identifier, how)

    def _unnamed_weights(self, rows: Iterable[StepRow]) -> set[int]:
        """Versions that are weights by name alone."""
        found: set[int] = set()
        for step in rows:
            models = step.recipe.models if step.recipe is not None else ()
            names = {base_name(one.name) for one in models if not any(one.hashes.values())}
            used = (self._chains.row(one.version) for one in step.inputs if one.role is InputRole.WEIGHTS)
            found |= {row.id for row in used if row.digest is None and row.name in names}
        return found

    def _agents(self, step: StepRow) -> None:
        if step.tool:
            agent = self._numbered("program", (step.tool, step.tool_version))
            said: Attributes = {
                "prov:type": qualified("prov:SoftwareAgent"),
                "ec:program": plain_name(step.tool),
                "ec:version": plain_version(step.tool_version) if plain_name(step.tool) else "",
            }
            self.document.add("agent", agent, said)
            self._associated(step, agent, "program")
        if step.turnover or step.kind is StepKind.VENDOR:
            agent = self._numbered("house", step.turnover or step.key)
            self.document.add("agent", agent, {"prov:type": qualified("prov:Organization")})
            self._associated(step, agent, "house")

    def _numbered(self, what: str, key: object) -> str:
        """An agent by its number in this document: what people call it may be anybody's words."""
        known = self._numbers.setdefault(what, {})
        return f"here:{what}-{known.setdefault(key, len(known) + 1)}"

    def _associated(self, step: StepRow, agent: str, role: str) -> None:
        self.document.relate(
            "wasAssociatedWith", {"prov:activity": _rec(step.key), "prov:agent": agent, "prov:role": role}
        )

    # ------------------------------------------------------------------------------------------ what no step says

    def _answered(self, identifier: str, given: Given) -> None:
        """Somebody's word on how it was made."""
        self.document.add(
            "activity",
            _rec(given.key),
            {
                "prov:type": qualified("ec:Answer"),
                "ec:kind": given.kind.value,
                "ec:grade": "declared",
                "ec:entry": given.log_index,
            },
        )
        self.document.relate(
            "wasGeneratedBy", {"prov:entity": identifier, "prov:activity": _rec(given.key), "ec:standing": "declared"}
        )

    def _unknown(self, row: VersionRow, account: int) -> None:
        """A making that nobody recorded."""
        identifier = f"open:making-{row.key}"
        reasons = [reason.value for reason in reasons_of(account)] or ["no-step"]
        self.document.add("activity", identifier, {"prov:type": qualified("ec:Unknown"), "ec:reason": list(reasons)})
        self.document.relate(
            "wasGeneratedBy", {"prov:entity": _rec(row.key), "prov:activity": identifier, "ec:standing": "unknown"}
        )

    def _other_names(self, behind: Iterable[LineageRow]) -> None:
        for row in behind:
            if row.through is None or row.relation == "input":
                continue
            one, other = self._ref(row.version), self._ref(row.through)
            if row.relation == "member":
                self.document.relate("hadMember", {"prov:collection": other, "prov:entity": one})
            else:
                self.document.relate(
                    "alternateOf", {"prov:alternate1": one, "prov:alternate2": other, "ec:relation": row.relation}
                )

    def _seen(self, versions: Sequence[int]) -> None:
        """Whoever is seen or heard in versions, numbered in the order in which the document meets them."""
        for seen in seen_in(self._store, versions):
            key = seen.person if seen.person is not None else f"erased {seen.version}"
            agent = self._numbered("person", key)
            self.document.add(
                "agent", agent, {"prov:type": qualified("prov:Person"), "ec:standing": "erased" if seen.erased else ""}
            )
            self.document.relate(
                "wasAttributedTo", {"prov:entity": self._ref(seen.version), "prov:agent": agent, "ec:how": seen.how}
            )

    def _ref(self, version: int) -> str:
        return _rec(self._chains.row(version).key)

    def _derived(self, generated: str, used: str, attributes: Attributes) -> None:
        self.document.relate(
            "wasDerivedFrom", {"prov:generatedEntity": generated, "prov:usedEntity": used, **attributes}
        )


def joined(spans: Sequence[Span]) -> list[Value]:
    """Spans of frames of the cut, those that touch made one: ``picture 0-24``."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].medium == span.medium and found[-1].end == span.first:
            found[-1] = Span(span.medium, found[-1].first, span.end)
        elif span not in found[-1:]:
            found.append(span)
    return [f"{span.medium} {span.first}-{span.end}" for span in found]


def _rec(record: RecordId) -> str:
    return f"rec:{record}"


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
