"""Hooks of the compliance team: on recorded events, on findings and at gates. What a hook says may add to a gate, never take away.

An event hook runs behind what was recorded, at least once for every event that it waits for (the event's id tells a second time), and
never holds anybody who captures up. A gate's hook runs before the gate answers; one that fails holds the gate.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from edgecode.drivers.allowed_hooks import allow, is_allowed
from edgecode.drivers.hook_code import own_code
from edgecode.drivers.hook_runs import HookRun, run_hook
from edgecode.events.codec import parse_leaf
from edgecode.events.rights_kinds import HookFact, HookFinding, HookRan, HookSection
from edgecode.production.record import Record
from edgecode.settings import STATE_FOLDER, Hook
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Gate, Severity

SCHEMA = "edgecode.hook/1"
_CURSORS = "hooks-next.json"
_MOST_FINDINGS = 1_000


class Pending(Struct, frozen=True):
    """An event that a hook waits for: its place in the log, its id and its kind."""

    hook: str
    index: int
    event: RecordId
    type: str


class HookReport(Struct, frozen=True):
    """What became of one run. *about*: the event's id, or the gate's run."""

    hook: str
    on: str
    about: str
    outcome: str
    status: int
    milliseconds: int
    findings: tuple[HookFinding, ...] = ()


class _Added(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    severity: Severity
    why: str
    subject: str = ""


class _Answer(Struct, frozen=True, forbid_unknown_fields=True):
    findings: tuple[_Added, ...] = ()


def hooks_digest(hooks: Sequence[Hook], *, folder: Path) -> str:
    """SHA-256 of what the hooks are, of the code below *folder* that they run, and of where that folder lies: what somebody allows on
    a machine. A copy of the folder elsewhere is another one."""
    ordered = sorted(hooks, key=lambda hook: hook.name)
    code = {one.name: own_code(folder, command=one.command, entry=one.entry) for one in ordered}
    return sha256(msgspec.json.encode([ordered, code, str(folder.resolve())], order="sorted")).hexdigest()


def may_run(record: Record) -> bool:
    """Whether this production's hooks, as they are now, were allowed on this machine; True where there are none."""
    hooks = record.settings.hooks
    return not hooks or is_allowed(record.settings.production, hooks_digest(hooks, folder=record.folder))


def allow_hooks(record: Record) -> None:
    """Let the hooks run on this machine. One that was not here before waits for events from now on."""
    allow(record.settings.production, hooks_digest(record.settings.hooks, folder=record.folder))
    cursors = _cursors(record)
    for hook in record.settings.hooks:
        cursors.setdefault(hook.name, record.log.size)
    _keep(record, cursors)


def pending(record: Record) -> list[Pending]:
    """What would run now, in the order of the log; nothing runs."""
    cursors, size = _cursors(record), record.log.size
    waiting = [hook for hook in record.settings.hooks if _kinds(hook)]
    first = min((cursors.get(hook.name, size) for hook in waiting), default=size)
    found: list[Pending] = []
    for index, stored in enumerate(record.log.entries(first, None), first):
        leaf = parse_leaf(stored.leaf)
        told = [one for one in waiting if index >= cursors.get(one.name, size) and _waits_for(one, leaf.type)]
        found += [Pending(one.name, index, leaf.id, leaf.type) for one in told]
    return found


def run_event_hooks(record: Record, *, most: int = 200) -> list[HookReport]:
    """Run the hooks on the events that they wait for, *most* runs at once; each run and its outcome is recorded.

    Nothing runs where the hooks were not allowed on this machine.
    """
    if not record.settings.hooks or not may_run(record):
        return []
    hooks = {hook.name: hook for hook in record.settings.hooks if _kinds(hook)}
    cursors, size, reports = _cursors(record), record.log.size, list[HookReport]()
    waiting = pending(record)
    for one in waiting[:most]:
        reports.append(_run(record, hooks[one.hook], one.type, one.event, _event_fact(record, one)))
        cursors[one.hook] = one.index + 1
        _keep(record, cursors)
    through = {name: max(size, cursors[name]) for name in hooks if name in cursors}
    if len(waiting) <= most and {**cursors, **through} != cursors:
        _keep(record, {**cursors, **through})
    return reports


def run_finding_hooks(record: Record, findings: Sequence[object], *, about: str) -> list[HookReport]:
    """Tell hooks on ``finding`` (or ``finding:blocker`` …) of new findings, all at once. *findings*: as `edgecode.check/1` has them, each
    with a ``severity``; *about*: the gate's run or the cut."""
    if not may_run(record):
        return []
    reports = []
    for hook in record.settings.hooks:
        for on in (one for one in hook.on if one == "finding" or one.startswith("finding:")):
            wanted = on.partition(":")[2]
            told = [one for one in findings if not wanted or _severity(one) == wanted]
            if told:
                reports.append(_run(record, hook, on, about, {"findings": told}))
    return reports


def run_gate_hooks(record: Record, answer: object, *, gate: Gate, about: str) -> list[HookReport]:
    """Ask the hooks of a gate. *answer*: the check as it stands before they answered. Each answers ``{"findings": [{"code",
    "severity", "why", "subject"}]}``, or nothing.

    A report whose outcome is not ``done`` is of a hook that did not judge: the gate has to be held. Where hooks were not allowed on
    this machine each is reported ``not-allowed``.
    """
    reports = []
    for hook in _of_gate(record.settings.hooks, gate):
        if may_run(record):
            reports.append(_run(record, hook, f"gate:{gate}", about, {"check": answer}))
        else:
            reports.append(HookReport(hook.name, f"gate:{gate}", about, "not-allowed", 0, 0))
    return reports


def skipped_at_gate(record: Record, *, gate: Gate) -> list[HookReport]:
    """The hooks of a gate that nobody asks, as reports whose outcome is ``skipped``: they did not judge."""
    return [
        HookReport(hook.name, f"gate:{gate}", "", "skipped", 0, 0) for hook in _of_gate(record.settings.hooks, gate)
    ]


def _of_gate(hooks: Sequence[Hook], gate: Gate) -> Iterator[Hook]:
    return (hook for hook in hooks if {"gate", f"gate:{gate}"} & set(hook.on))


def _kinds(hook: Hook) -> list[str]:
    return [one for one in hook.on if one.partition(":")[0] not in ("gate", "finding")]


def _waits_for(hook: Hook, type_: str) -> bool:
    # A hook's own runs are events too: waiting for them would never end.
    if type_.startswith("hook."):
        return False
    return any(one in ("*", type_, type_.partition("/")[0]) for one in _kinds(hook))


def _event_fact(record: Record, one: Pending) -> dict[str, object]:
    stored = next(iter(record.log.entries(one.index, one.index + 1)))
    leaf = parse_leaf(stored.leaf)
    fact = next((section.data for section in stored.sections if section.name == "fact"), b"null")
    return {
        "event": {
            "index": one.index,
            "id": leaf.id,
            "type": leaf.type,
            "ts": leaf.ts,
            "actor": leaf.actor,
            "refs": list(leaf.refs),
            "fact": msgspec.Raw(fact),
        }
    }


def _run(record: Record, hook: Hook, on: str, about: str, fact: Mapping[str, object]) -> HookReport:
    stdin = msgspec.json.encode(
        {
            "schema": SCHEMA,
            "production": record.settings.production,
            "hook": hook.name,
            "on": on,
            "about": about,
            **fact,
        }
    )
    ran = run_hook(
        hook.command, entry=hook.entry, stdin=stdin, folder=record.folder, timeout_seconds=hook.timeout_seconds
    )
    findings, ran = _answered(ran) if on.startswith("gate:") else ((), ran)
    # The log's own words: which kind of thing, never a hook's name.
    kept = HookFact(record.world.new_id(), on, about, ran.outcome, ran.status, ran.milliseconds, len(findings))
    record.append([HookRan(kept, HookSection(hook.name, findings))])
    return HookReport(hook.name, on, about, ran.outcome, ran.status, ran.milliseconds, findings)


def _answered(ran: HookRun) -> tuple[tuple[HookFinding, ...], HookRun]:
    if ran.outcome != "done" or not ran.said.strip():
        return (), ran
    try:
        found = msgspec.json.decode(ran.said, type=_Answer).findings
        # What is misspelled was not judged: an answer that is not read whole holds the gate.
    except msgspec.DecodeError:
        return (), msgspec.structs.replace(ran, outcome="unreadable", said=b"")
    if len(found) > _MOST_FINDINGS:
        return (), msgspec.structs.replace(ran, outcome="unreadable", said=b"")
    return tuple(HookFinding(one.code, one.severity, one.why, one.subject) for one in found), ran


def _severity(finding: object) -> str:
    found = finding.get("severity", "") if isinstance(finding, Mapping) else getattr(finding, "severity", "")
    return str(found).lower()


def _cursors(record: Record) -> dict[str, int]:
    try:
        data = (record.folder / STATE_FOLDER / _CURSORS).read_bytes()
        return msgspec.json.decode(data, type=dict[str, int])
    except (OSError, msgspec.DecodeError):
        return {}


def _keep(record: Record, cursors: Mapping[str, int]) -> None:
    path = record.folder / STATE_FOLDER / _CURSORS
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(msgspec.json.encode(dict(sorted(cursors.items()))))
    temporary.replace(path)
