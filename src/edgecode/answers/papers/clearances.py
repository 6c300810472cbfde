"""The clearance log: every use of a cut and every tool's terms, with what is on file for it and where that stands."""

from collections.abc import Iterable, Mapping, Sequence

from edgecode.answers.agreements.resting import Moment, covering, rests_on
from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.answers.papers.behind import Stretch, behind_stretches
from edgecode.answers.papers.heading import VERIFY, unaccounted_line
from edgecode.answers.papers.known import Known
from edgecode.checks.considered import Considered
from edgecode.checks.findings import Finding
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId

CLEARANCE_COLUMNS = (
    "No.",
    "Item",
    "Type",
    "In",
    "Out",
    "Frames",
    "Source",
    "Holder",
    "Rights acquired",
    "License / consent no.",
    "Fee",
    "Status",
    "By whom",
    "On what date",
    "Version it was cleared for",
    "Note",
    *LAST_COLUMNS,
)
SEALED = "sealed"
"""What terms say that are on record and not printed without ``--reveal``."""

_TYPES: Mapping[str, str] = {
    "replica_create": "likeness",
    "alteration": "likeness",
    "synthetic_performer": "likeness",
    "performance": "likeness",
    "dub": "voice",
    "ai_element": "model",
    "train": "dataset",
    "licensed_material": "archive",
    "archival_alteration": "archive",
    "advert": "likeness",
    "transfer": "likeness",
    "script": "artwork",
    "text": "artwork",
}


class _Log:
    def __init__(self, known: Known, uses: Sequence[Use], findings: Iterable[Finding], moment: Moment) -> None:
        self._known, self._uses, self._moment = known, uses, moment
        self._findings: dict[str, list[Finding]] = {}
        for finding in findings:
            self._findings.setdefault(finding.use.key, []).append(finding)
        self._stretches: dict[RecordId, Stretch] = {}
        for one in behind_stretches(known):
            self._stretches.setdefault(one.version_key, one)

    def rows(self) -> list[tuple[str, ...]]:
        ordered = sorted(
            self._uses, key=lambda use: (min((span.first for span in use.spans), default=1 << 60), use.kind, use.key)
        )
        used = [self._of_use(number, use) for number, use in enumerate(ordered, 1)]
        tools = dict.fromkeys(
            step.tool.name for one in self._stretches.values() for step in one.made_by_models if step.tool is not None
        )
        return used + [self._of_tool(number, tool) for number, tool in enumerate(tools, len(used) + 1)]

    def _of_use(self, number: int, use: Use) -> tuple[str, ...]:
        clock, relied = self._known.view.clock, rests_on(use, self._known.register, self._moment)
        held = [finding for finding in self._findings.get(use.key, ()) if finding.held("deliver") != "open"]
        first = min((span.first for span in use.spans), default=None)
        end = max((span.end for span in use.spans), default=None)
        return (
            str(number),
            self._item(use),
            _type(use),
            clock.label(first) if first is not None else "no frame of the cut",
            clock.label(end) if end is not None else "no frame of the cut",
            str(use.frames),
            self._source(use),
            *self._agreed(relied),
            self._status(use, relied, held),
            self._who(relied),
            ", ".join(dict.fromkeys(filter(None, map(_since, relied)))) or NOT_RECORDED,
            self._for_version(use, relied),
            self._note(use, relied, held),
            *self._evidence(use),
        )

    def _item(self, use: Use) -> str:
        one = self._stretches.get(use.version)
        whose = (
            f" of {use.alias}"
            if use.alias
            else {"erased": " of somebody erased", "unknown": " of somebody unknown"}.get(use.person_state, "")
        )
        named = one.name if one is not None else self._named(use.version)
        places = f", in {len(use.spans):,} places" if len(use.spans) > 1 else ""
        return f"{use.kind.replace('_', ' ')}{whose}: {named}{places}"

    def _named(self, version: RecordId) -> str:
        dense = self._known.chains.dense(version) if version else None
        return self._known.chains.ref(dense).name if dense is not None else "no version"

    def _source(self, use: Use) -> str:
        names = [
            self._named(version) for version in dict.fromkeys(use.material or ((use.version,) if use.version else ()))
        ]
        return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "") or NOT_RECORDED

    def _agreed(self, relied: Sequence[Considered]) -> tuple[str, str, str, str]:
        """Holder, rights, number and fee."""
        if not relied:
            return NOT_RECORDED, NOT_RECORDED, "none on file", NOT_RECORDED
        holders, rights, fees = [], [], []
        for one in relied:
            terms = one.agreement.latest.terms
            if terms is None:
                holders.append("erased")
                rights.append("erased")
                fees.append("erased")
                continue
            paid = "; ".join(
                f"{pay.amount} {pay.currency} per {pay.unit} (minor units)" for pay in terms.terms.compensation
            )
            licensor = terms.licensor or ", ".join(
                filter(None, (one.agreement.whom.alias if one.agreement.kind == "consent" else "",))
            )
            scope = terms.scope
            reach = (
                ", ".join(" ".join(words) for words in (scope.media, scope.territories) if words)
                + f" until {scope.until or NOT_RECORDED}"
            )
            reveal = self._known.reveal
            holders.append(licensor if reveal and licensor else SEALED if licensor else NOT_RECORDED)
            rights.append(reach if reveal else SEALED)
            fees.append(paid if reveal and paid else SEALED if paid else NOT_RECORDED)
        return tuple(
            "; ".join(dict.fromkeys(part)) for part in (holders, rights, (_called(one) for one in relied), fees)
        )  # type: ignore[return-value]

    def _status(self, use: Use, relied: Sequence[Considered], held: Sequence[Finding]) -> str:
        """*cleared* only where something on file covers it and no rule holds it; what nobody asked about is never cleared."""
        words = {finding.held("deliver") for finding in held}
        if "refused" in words:
            return "refused"
        answered = [finding for finding in self._findings.get(use.key, ()) if finding.answered.state == "waived"]
        if held:
            return "pending"
        if answered:
            return f"pending (waived until {max(finding.answered.until for finding in answered) or NOT_RECORDED})"
        if relied:
            return "cleared" if all(map(_stands_and_covers, relied)) else "pending"
        # Somebody in it, or material of others in it, is never "not required" because nothing is on file.
        return "pending" if use.person_state in ("recorded", "erased", "unknown") or use.material else "not required"

    def _who(self, relied: Sequence[Considered]) -> str:
        members = self._known.register.members
        found = [members[one.agreement.latest.by].alias for one in relied if one.agreement.latest.by in members]
        return ", ".join(dict.fromkeys(found)) or NOT_RECORDED

    def _for_version(self, use: Use, relied: Sequence[Considered]) -> str:
        if not relied:
            return "none"
        named = [one for one in relied if any(use.version in version.covers for version in one.agreement.versions)]
        return "this version" if named else "any version within its scope"

    def _note(self, use: Use, relied: Sequence[Considered], held: Sequence[Finding]) -> str:
        if held:
            said = [f"{finding.card.title} ({finding.name}): {finding.card.fix}" for finding in held[:2]]
            return "; ".join(
                (
                    *said,
                    *(
                        (f"and {len(held) - 2:,} more: edgecode check {self._known.view.name}",)
                        if len(held) > 2
                        else ()
                    ),
                )
            )
        lacking = [_called(one) for one in relied if not _stands_and_covers(one)]
        if lacking:
            return f"question: does {', '.join(lacking)} still carry it? No rule that judged holds it"
        if not relied and use.person_state in ("recorded", "erased", "unknown"):
            return "question: under which agreement is somebody in it? None is on record"
        if not relied and use.material:
            return "question: under which license? None is on record"
        return "no rule that judged holds it"

    def _evidence(self, use: Use) -> tuple[str, str, str]:
        one = self._stretches.get(use.version)
        if one is not None:
            return one.evidence
        dense = self._known.chains.dense(use.version) if use.version else None
        return (
            cell(self._known.chains.ref(dense).edge_code if dense is not None else ""),
            "declared" if use.declared else NOT_RECORDED,
            NOT_RECORDED,
        )

    def _of_tool(self, number: int, tool: str) -> tuple[str, ...]:
        seen = [terms for terms in self._known.register.tool_terms if terms.tool.casefold() == tool.casefold()]
        newest = max(seen, key=lambda terms: (terms.seen, terms.log_index), default=None)
        frames = {
            frame
            for one in behind_stretches(self._known)
            if any(step.tool is not None and step.tool.name == tool for step in one.made_by_models)
            for frame in range(one.first, one.end)
        }
        vendor = newest.section.vendor if newest is not None and newest.section is not None else ""
        note = (
            "question: under which terms was it used? no snapshot is on record"
            if newest is None
            else "terms kept as read on that day"
        )
        return (
            str(number),
            f"terms of {tool}",
            "tool terms",
            "the cut",
            "the cut",
            str(len(frames)),
            tool,
            cell(vendor),
            f"plan {newest.plan}" if newest is not None and newest.plan else NOT_RECORDED,
            f"snapshot no. {newest.log_index}" if newest is not None else "none on file",
            NOT_RECORDED,
            "on record" if newest is not None else "pending",
            NOT_RECORDED,
            newest.seen if newest is not None else NOT_RECORDED,
            "none",
            note,
            NOT_RECORDED,
            "declared" if newest is not None else NOT_RECORDED,
            str(newest.log_index) if newest is not None else NOT_RECORDED,
        )


def clearance_log(known: Known, uses: Sequence[Use], findings: Iterable[Finding], *, now: int) -> Sheet:
    """Every use that was judged, in the order of the cut, then the terms of every tool. *now*: milliseconds since 1970, the moment at
    which agreements are looked at. Terms are printed only where *known* reveals them."""
    rows = _Log(known, uses, findings, Moment(day_of(now), now)).rows()
    at = CLEARANCE_COLUMNS.index("Status")
    states = [row[at].split(" (")[0] for row in rows]
    said = ", ".join(
        f"{states.count(state):,} {state}" for state in ("cleared", "pending", "refused", "not required", "on record")
    )
    named = f'"{known.production}"  ' if known.production else ""
    return Sheet(
        f"CLEARANCE LOG  {named}{known.view.name}",
        CLEARANCE_COLUMNS,
        tuple(rows),
        foot=(
            f"{counted(len(rows), 'item')}: {said}.",
            "Not required means: no rule that judged asks for it. Nothing turns a claim of fair use into cleared.",
            unaccounted_line(known),
            VERIFY,
        ),
    )


def _since(one: Considered) -> str:
    """The day from which an agreement stands as it does; "" where nobody said."""
    moves = [move.effective for move in one.agreement.moves if move.effective]
    terms = one.agreement.latest.terms
    return max(moves, default="") or (terms.signed_on if terms is not None else "")


def _stands_and_covers(one: Considered) -> bool:
    """Whether an agreement covers the use and is in force: what was lost since clears nothing here, whatever the rules say of it."""
    return covering(one) == "yes" and one.state == "active"


def _called(one: Considered) -> str:
    state = one.state or "unknown"
    return one.agreement.label if state in ("active", "unknown") else f"{one.agreement.label} ({state})"


def _type(use: Use) -> str:
    sound = bool(use.spans) and all(span.medium == "sound" for span in use.spans)
    if use.kind == "replica_use":
        return "voice" if sound else "likeness"
    if use.kind == "licensed_material" and sound:
        return "music or sound"
    return _TYPES.get(use.kind, use.kind.replace("_", " "))
