"""What one answer to all findings of a name came to, or would: by rule, person and verdict, and who may not answer what."""

from collections.abc import Iterable, Iterator, Sequence

from edgecode.answers.check.finding_groups import WHO
from edgecode.answers.layout.columns import aligned, counted, printable, wrapped
from edgecode.checks.findings import Action, Finding

_DONE: dict[Action, str] = {"fix": "being fixed", "cleared": "cleared", "waived": "waived"}
_SHOWN = 8


def answered_text(
    action: Action,
    *,
    cut: str,
    findings: Sequence[Finding],
    refused: Sequence[tuple[Finding, str]],
    before: Sequence[Finding],
    is_kept: bool,
    columns: int | None,
) -> Iterator[str]:
    """How many *findings* of a cut are answered, each on its own, those that *refused* say why, and those answered *before*."""
    done = f"would be {_DONE[action]}"
    if is_kept:
        done = f"{'is' if len(findings) == 1 else 'are'} {_DONE[action]}"
    head = f"{counted(len(findings), 'finding')} of {cut} {done}, each on its own:"
    yield from wrapped(printable(head if findings else f"No finding of {cut} is left to answer."), columns)
    yield from _by_rule(findings)
    if before:
        yield from wrapped(f"{counted(len(before), 'finding')} of that name answered before, as it was:", columns)
        yield from _by_rule(before)
    why: dict[str, list[str]] = {}
    for one, reason in refused:
        why.setdefault(reason, []).append(one.name)
    for reason, names in why.items():
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        yield from wrapped(
            f"{counted(len(names), 'finding')} not: {reason}: {', '.join(names[:_SHOWN])}{more}", columns
        )
    if findings and not is_kept:
        yield "Nothing is recorded; --yes records it."


def _by_rule(findings: Iterable[Finding]) -> list[str]:
    """A row for each rule, person and verdict."""
    found: dict[tuple[str, ...], int] = {}
    for one in findings:
        who = one.use.alias or WHO.get(one.use.person_state, "-")
        key = (one.card.number or "-", one.card.code, one.quality, one.outcome, who)
        found[key] = found.get(key, 0) + 1
    return aligned([(*key, f"{many:,}") for key, many in found.items()], right=(5,), indent="  ")
