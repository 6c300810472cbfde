"""The commands that say what happened to a consent or a license, from the first question to its end."""

from typing import TYPE_CHECKING

import click

from edgecode.cli.agreeing import ANSWERED_BY, ON, WITH_DOCUMENTS, WITH_REASON, Kind, documents_of
from edgecode.cli.context import echo_folded, in_production, opened, said
from edgecode.errors import EdgecodeError
from edgecode.terms.rights import Act, AgreementMove

if TYPE_CHECKING:
    from pathlib import Path

    from edgecode.production import Production
    from edgecode.production.agreements.moves import Moved, Why

_PLAIN: tuple[tuple[str, AgreementMove, str], ...] = (
    ("request", "requested", "It was asked for."),
    ("notify", "notified", "The person was told what is intended; notice before a session is looked at."),
    ("negotiate", "negotiating", "It is being negotiated."),
    ("refuse", "refused", "It was refused."),
    ("exhaust", "exhausted", "Its maximum is used up."),
    ("terminate", "terminated", "It was ended by its own terms or by both sides."),
    ("dispute", "disputed", "Somebody disputes it; that lies over whatever its state is."),
    ("settle", "dispute_ended", "The dispute is over."),
)
_SUSPENDED_FOR = ("strike", "legal_hold", "non_payment", "dispute")
_REVOKED_FOR = ("gdpr", "notice", "breach", "minor_of_age", "dispute")


def move_commands(group: click.Group, kind: Kind) -> None:
    """Give *group* every command about what happens to agreements of a kind."""
    for name, move, meaning in _PLAIN:
        group.add_command(_plain(kind, name, move, meaning))
    for command in (_condition(kind), _suspend(kind), _resume(kind), _revoke(kind)):
        group.add_command(command)


def _plain(kind: Kind, name: str, move: AgreementMove, meaning: str) -> click.Command:
    @click.command(name, help=meaning)
    @click.argument("label")
    @ON
    @WITH_REASON
    @WITH_DOCUMENTS
    @ANSWERED_BY
    @in_production
    def moved(label: str, on: str, note: str, papers: tuple[str, ...], by: str, folder: "Path | None") -> None:
        with opened(folder) as production:
            _move(production, kind, label, move, on=on, note=note, papers=papers, by=by)

    return moved


def _condition(kind: Kind) -> click.Command:
    @click.command("condition")
    @click.argument("label")
    @click.argument("condition", metavar="N|WORDS")
    @click.option("--approver", required=True, help="Who said that it is met; kept sealed.")
    @ON
    @WITH_REASON
    @WITH_DOCUMENTS
    @in_production
    def condition_met(
        label: str,
        condition: str,
        approver: str,
        on: str,
        note: str,
        papers: tuple[str, ...],
        folder: "Path | None",
    ) -> None:
        """A condition of it was met, by its number in `show --reveal` or in its words."""
        more = {"condition": condition, "approver": approver}
        with opened(folder) as production:
            _move(production, kind, label, "condition_met", on=on, note=note, papers=papers, words=more)

    return condition_met


def _suspend(kind: Kind) -> click.Command:
    @click.command("suspend")
    @click.argument("label")
    @click.option("--why", type=click.Choice(_SUSPENDED_FOR), required=True, help="What for.")
    @ON
    @WITH_REASON
    @WITH_DOCUMENTS
    @in_production
    def suspend(label: str, why: "Why", on: str, note: str, papers: tuple[str, ...], folder: "Path | None") -> None:
        """It gives nothing for a while: nothing new is made under it, and what is finished is held."""
        with opened(folder) as production:
            _move(production, kind, label, "suspended", on=on, note=note, papers=papers, why=why)

    return suspend


def _resume(kind: Kind) -> click.Command:
    @click.command("resume")
    @click.argument("label")
    @click.option("--why", type=click.Choice(_SUSPENDED_FOR), default=None, help="Which suspension is over.")
    @ON
    @WITH_REASON
    @WITH_DOCUMENTS
    @ANSWERED_BY
    @in_production
    def resume(
        label: str, why: "Why | None", on: str, note: str, papers: tuple[str, ...], by: str, folder: "Path | None"
    ) -> None:
        """A suspension is over. Each ends by itself: --why says which, where there are several reasons."""
        from edgecode.checks.lifecycle import stand_of

        with opened(folder) as production:
            moved = _move(production, kind, label, "resumed", on=on, note=note, papers=papers, why=why or "", by=by)
            holds = stand_of(moved.agreement, moved.on).holds
            if holds:
                said(
                    f"{moved.agreement.label} stays suspended for: {', '.join(one or 'no reason on record' for one in holds)}"
                )

    return resume


def _revoke(kind: Kind) -> click.Command:
    @click.command("revoke")
    @click.argument("label")
    @click.option("--acts", multiple=True, metavar="WORDS", help="The acts that are taken back (default: all of it).")
    @click.option("--why", type=click.Choice(_REVOKED_FOR), default=None, help="On what ground, where a rule asks.")
    @click.option("--reveal", is_flag=True, help="Print its revocation clause in its own words.")
    @ON
    @WITH_REASON
    @WITH_DOCUMENTS
    @in_production
    def revoke(
        label: str,
        acts: tuple[str, ...],
        why: "Why | None",
        reveal: bool,
        on: str,
        note: str,
        papers: tuple[str, ...],
        folder: "Path | None",
    ) -> None:
        """It was taken back, as a whole or for some acts. Recording that is always accepted; --on may lie ahead.

        Prints what follows from its own clause.
        """
        from edgecode.answers.desk.lists_text import what_follows
        from edgecode.production.agreements.moves import acts_beside
        from edgecode.terms.rights import Revocation

        taken = acts_named(acts)
        with opened(folder) as production:
            moved = _move(
                *(production, kind, label, "revoked"), on=on, note=note, papers=papers, why=why or "", acts=taken
            )
            beside = acts_beside(moved, taken)
            if beside:
                said(f"recorded, although {moved.agreement.label} does not permit {', '.join(beside)}")
            terms = moved.agreement.latest.terms
            for line in what_follows(
                terms.terms.revocation if terms is not None else Revocation(), on=moved.on, reveal=reveal
            ):
                click.echo(line)
            _say_impact(production, moved, kind, taken)

    return revoke


def _say_impact(production: "Production", moved: "Moved", kind: Kind, acts: tuple[Act, ...]) -> None:
    """What the revocation reaches. It is recorded already, so that a cut which cannot be read is said and stops nothing."""
    from edgecode.answers.agreements.impact_text import summary
    from edgecode.production.agreements.impact import impact

    label = moved.agreement.label
    try:
        echo_folded(summary(impact(production, label, kind=kind, on=moved.on, acts=acts)))
    except EdgecodeError as error:
        said(f"recorded; what it reaches cannot be said now: {error}")
    said(f"each place, with its next step: edgecode {kind} impact {label} --on {moved.on}")


def acts_named(written: tuple[str, ...]) -> tuple[Act, ...]:
    """The acts that an option names, separated by spaces. Raises UsageError ``agreement.act``."""
    from typing import get_args

    from edgecode.errors import UsageError

    words = [word for one in written for word in one.replace(";", " ").split()]
    acts: tuple[Act, ...] = tuple(act for act in get_args(Act) if act in words)
    if len(acts) < len(set(words)):
        raise UsageError("agreement.act", "there is no such act", f"They are: {', '.join(get_args(Act))}")
    return acts


def _move(
    production: "Production",
    kind: Kind,
    label: str,
    move: AgreementMove,
    *,
    on: str,
    note: str,
    papers: tuple[str, ...],
    why: "Why" = "",
    acts: tuple[Act, ...] = (),
    words: "dict[str, str] | None" = None,
    by: str = "",
) -> "Moved":
    from edgecode.production.agreements.moves import MoveDraft, move_agreement

    evidence = documents_of(production, papers)
    more = words or {}
    condition, approver = more.get("condition", ""), more.get("approver", "")
    draft = MoveDraft(move, on, why, acts, condition, approver, note, evidence, by)
    moved = move_agreement(production, label, draft, kind=kind)
    if moved.again:
        said(
            f"recorded already, of the same day and the same acts: {moved.agreement.label} is {moved.after} on {moved.on}"
        )
    else:
        click.echo(f"{moved.agreement.label}: {moved.before} -> {moved.after} on {moved.on}")
    return moved
