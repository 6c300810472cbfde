"""What witnesses have signed, and what they said when asked, as the contracts witness-status/1 and witness-submit/1."""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from edgecode.answers.layout.columns import counted


class WitnessRow(Struct, frozen=True):
    """One witness of the policy: the newest head that it has signed, as far as it is known here (0 for none), and when by its clock.

    *seconds* is time since 1970, 0 where there is none.
    """

    witness: str
    organisation: str
    counts: bool
    entries: int
    seconds: int
    url: str | None


class WitnessStatus(Struct, frozen=True, tag_field="schema", tag="edgecode.witness-status/1"):
    """How far the witnesses are. *witnessed_size*: entries under the newest head that enough organisations have signed; *backlog*: those
    behind it. *reachable*: whether the policy names enough organisations beside the log's own. *keeper_known*: whether the log's name
    says whose it is; where not, a witness of its keeper cannot be told from others."""

    origin: str
    size: int
    witnessed_size: int
    backlog: int
    organisations: tuple[str, ...]
    needed: int
    reachable: bool
    keeper_known: bool
    witnesses: tuple[WitnessRow, ...]


class WitnessOutcome(Struct, frozen=True):
    """What one witness said. *code* and *said* tell why it did not sign, "" when it did."""

    witness: str
    organisation: str
    code: str
    said: str


class WitnessSubmit(Struct, frozen=True, tag_field="schema", tag="edgecode.witness-submit/1"):
    """A head of *size* entries, the organisations that have signed it and count, how many are needed, and what each witness said now.

    *keeper_known*: as in `WitnessStatus`."""

    size: int
    reached: bool
    organisations: tuple[str, ...]
    needed: int
    keeper_known: bool
    outcomes: tuple[WitnessOutcome, ...]


_UNKNOWN_KEEPER = (
    "This log was begun without a domain, so nobody can tell a witness of its keeper from one of others; WITNESSED rests on the "
    "verifier knowing them. A production has its domain from the beginning: edgecode init --domain YOUR-DOMAIN"
)
_LAST_SECOND = 253_402_300_799  # of the year 9999


def status_lines(status: WitnessStatus) -> Iterator[str]:
    """The status for people."""
    yield f"{status.size:,} entries; {_witnessed(status.witnessed_size, status.size)}"
    yield f"organisations needed: {status.needed}; signed the latest head: {', '.join(status.organisations) or 'none'}"
    if status.needed and not status.reachable:
        yield "The policy can never be met: it names fewer organisations than it needs, the log's own left out."
    if not status.keeper_known:
        yield _UNKNOWN_KEEPER
    for row in status.witnesses:
        seen = f"{counted(row.entries, 'entry', 'entries')}, {_when(row.seconds)}" if row.entries else "nothing yet"
        own = "" if row.counts else "  (the log's own organisation: counts for nothing)"
        yield f"  {row.witness:<16} {row.organisation:<28} {seen}{own}"


def submit_lines(answer: WitnessSubmit) -> Iterator[str]:
    """What came of asking, for people."""
    for outcome in answer.outcomes:
        said = f"did not: {outcome.said}" if outcome.code else "signed"
        yield f"  {outcome.witness:<16} {outcome.organisation:<28} {said}"
    counted = f"{len(answer.organisations)} of {answer.needed} organisations"
    names = f" ({', '.join(answer.organisations)})" if answer.organisations else ""
    word = "WITNESSED" if answer.reached else "UNWITNESSED"
    yield f"{word}   {answer.size:,} entries; {counted} have signed{names}"
    if not answer.keeper_known:
        yield _UNKNOWN_KEEPER


def _when(seconds: int) -> str:
    """When a witness says that it signed. Its clock is its own."""
    if not 0 < seconds <= _LAST_SECOND:
        return f"at a time that cannot be ({seconds} seconds since 1970)"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC by its clock"


def _witnessed(witnessed: int, size: int) -> str:
    if not witnessed:
        return "no head of it is witnessed"
    later = size - witnessed
    return (
        "all of them witnessed"
        if not later
        else f"witnessed up to entry {witnessed - 1:,}; {later:,} later ones are not yet"
    )
