"""What a verification of the record found and which records contradict each other, as the contracts verdict/1 and problems/1."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edgecode.index.projector import Problem
from edgecode.ledger.audit import Audit
from edgecode.ledger.verify import Verdict
from edgecode.terms.identity import RecordId


class VerdictFinding(Struct, frozen=True):
    """One thing that is wrong: a stable code, the object, what is wrong with it."""

    code: str
    object: str
    what: str


class VerdictAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.verdict/1"):
    """The verdict word with everything that it rests on. *root*: 64 hexadecimal characters, None where no checkpoint could be read.

    *sections*: how many are open, sealed, erased, missing or wrong. *organisations*: whose witnesses have signed this head and count;
    *needed*: how many must, 0 where no witness is asked for. *witnessed_size*: entries under the newest head that enough have signed.
    """

    verdict: str
    origin: str
    size: int
    root: str | None
    sections: dict[str, int]
    organisations: tuple[str, ...]
    needed: int
    witnessed_size: int
    findings: tuple[VerdictFinding, ...]


class ContradictionFound(Struct, frozen=True):
    """A record that contradicts others: the entry that showed it, and the records concerned where there are any."""

    code: str
    log_index: int
    step: RecordId | None
    version: RecordId | None


class ProblemsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.problems/1"):
    """Records that contradict others, in ledger order."""

    problems: tuple[ContradictionFound, ...]


def verdict_answer(audit: Audit, *, origin: str) -> VerdictAnswer:
    """The verdict as ``log verify --json`` prints it. *origin*: the name of the log."""
    report = audit.report
    return VerdictAnswer(
        verdict=audit.verdict.name,
        origin=origin,
        size=report.entries,
        root=report.checkpoint.root.hex() if report.checkpoint is not None else None,
        sections=dict(sorted(audit.sections.items())),
        organisations=report.quorum.organisations,
        needed=report.quorum.needed,
        witnessed_size=audit.witnessed,
        findings=tuple(VerdictFinding(one.code, one.object, one.what) for one in report.findings),
    )


def witness_lines(audit: Audit) -> Iterator[str]:
    """What the witnesses add to the verdict, for people: who has signed this head, and how far an earlier one reaches."""
    report = audit.report
    organisations, needed = report.quorum.organisations, report.quorum.needed
    if needed:
        yield f"witnesses: {', '.join(organisations) or 'none'} signed this head; organisations needed: {needed}"
    if audit.verdict is not Verdict.UNWITNESSED:
        return
    later = report.entries - audit.witnessed
    if audit.witnessed:
        yield f"Witnessed up to entry {audit.witnessed - 1:,}; {later:,} later ones are not yet: edgecode witness submit"
    yield "Everything checks. Too few outsiders have cosigned it, so its keeper could still have shown another history."


def problems_answer(found: Iterable[Problem]) -> ProblemsAnswer:
    """The contradictions as ``log problems --json`` prints them."""
    return ProblemsAnswer(tuple(ContradictionFound(one.code, one.log_index, one.step, one.version) for one in found))
