"""What the production had said of itself and said otherwise later, as every check prints it."""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.checks.rules.written_facts import written_fact


class ProfileChanged(Struct, frozen=True):
    """*before*, *after*: as they are written, *after* null where it was taken back. *by*: an alias, "" for nobody. *counts*: by somebody
    who may say so, with a signature where an agreement is undeclared; where it does not count the agreement stays declared, and of another
    fact nobody knows the value. *forged*: it has a signature, which is not that member's."""

    name: str
    before: str
    after: str | None
    on: str
    by: str
    counts: bool
    signed: bool
    forged: bool = False


def profile_changes(register: Register) -> Iterable[ProfileChanged]:
    """Every change in ledger order."""
    for one in register.profiled.changes:
        after = written_fact(one.after) if one.after is not None else None
        yield ProfileChanged(
            one.name, written_fact(one.before), after, one.on, one.by, one.counts, one.signed, one.forged
        )


def change_text(one: ProfileChanged) -> str:
    """One change as a sentence."""
    what = f"from {one.before} to {one.after}" if one.after is not None else f"from {one.before} to nothing"
    who = f"by {one.by}" if one.by else "by nobody who is named"
    why = "whoever says so decides for the production and signs where an agreement ends"
    if one.forged:
        why = "its signature is not that of the key on record"
    end = "" if one.counts else f": it does not count, for {why}"
    return f"{one.name} changed {what} on {one.on} {who}{', signed' if one.signed else ''}{end}"
