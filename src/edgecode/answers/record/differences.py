"""What an audit of a whole record tells: a line for every difference, and one line over all of them at the end."""

from msgspec import Struct

from edgecode.ledger.differences import LogState
from edgecode.ledger.verify import Finding, Verdict


class Difference(Struct, frozen=True, tag_field="schema", tag="edgecode.difference/1"):
    """One difference: a stable code, the object, what is wrong with it, and the verdict that it forces."""

    code: str
    object: str
    what: str
    verdict: str


class AuditAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.audit/1"):
    """The verdict word over every difference. *root*: 64 hexadecimal characters, None where no checkpoint could be read.

    *sections*: how many are open, sealed, erased, missing or wrong. *differences*: how many of each code. *organisations*, *needed* and
    *witnessed_size* as in verdict/1. *unread*: parts that were not compared, in words.
    """

    verdict: str
    origin: str
    size: int
    root: str | None
    sections: dict[str, int]
    differences: dict[str, int]
    organisations: tuple[str, ...]
    needed: int
    witnessed_size: int
    unread: tuple[str, ...]


def difference_of(finding: Finding) -> Difference:
    """A finding as ``log audit --json`` prints it."""
    return Difference(finding.code, finding.object, finding.what, finding.verdict.name)


def audit_answer(
    verdict: Verdict, origin: str, state: LogState, differences: dict[str, int], unread: tuple[str, ...]
) -> AuditAnswer:
    """The last line of ``log audit --json``."""
    return AuditAnswer(
        verdict=verdict.name,
        origin=origin,
        size=state.entries,
        root=state.checkpoint.root.hex() if state.checkpoint is not None else None,
        sections=dict(sorted(state.sections.items())),
        differences=dict(sorted(differences.items())),
        organisations=state.quorum.organisations,
        needed=state.quorum.needed,
        witnessed_size=state.witnessed,
        unread=unread,
    )


def audit_lines(answer: AuditAnswer) -> list[str]:
    """The end of ``log audit`` for people."""
    states = ", ".join(f"{count:,} {state}" for state, count in answer.sections.items() if count)
    found = ", ".join(f"{count:,} {code}" for code, count in answer.differences.items())
    lines = [
        f"{answer.verdict}   {answer.size:,} entries of {answer.origin}",
        f"  differences: {found or 'none'}",
        f"  sections: {states or 'none'}",
        *(f"  not compared: {part}" for part in answer.unread),
    ]
    if answer.needed:
        signed = ", ".join(answer.organisations) or "none"
        lines.append(
            f"  witnesses: {signed}; organisations needed: {answer.needed}, that count: {len(answer.organisations)}"
        )
    return lines
