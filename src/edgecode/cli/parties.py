"""`edgecode person set`, `represent`, `role`, `session`, `replica`, `replica-move`: parties, who signs for them, what is made of them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import click

from edgecode.cli.context import in_production, opened, said, sheet_bytes, written_key
from edgecode.errors import InputError, UsageError
from edgecode.terms.rights import (
    Act,
    Capacity,
    Decision,
    ReplicaMedium,
    ReplicaMove,
    ReplicaType,
    Role,
    SessionKind,
)

if TYPE_CHECKING:
    from edgecode.production import Production
    from edgecode.production.documents import PaperFile

CHOICES: dict[str, tuple[str, ...]] = {
    "act": (*get_args(Act), "all"),
    "capacity": get_args(Capacity),
    "decision": get_args(Decision),
    "role": get_args(Role),
    "session": get_args(SessionKind),
    "replica": get_args(ReplicaType),
    "medium": get_args(ReplicaMedium),
    "move": get_args(ReplicaMove),
}
"""What may be typed, by the word list that it is of: a word that `terms.rights` learns is a choice here."""


@click.command("set")
@click.argument("alias")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option(
    "--by", "by", default="", metavar="ALIAS", help="The member whose word it is; needed where a minor is to be none."
)
@in_production
def set_fields(alias: str, values: tuple[str, ...], by: str, folder: Path | None) -> None:
    """Note what rules read of a person, sealed: kind, status, deceased_on, minor_until, gdpr_subject, domicile_at_death, guilds, member_of.

    FIELD= takes one back; what is not named stays. minor_until=adult: they were of age when this production began. Prints the note's id.
    """
    from edgecode.production.persons.parties import set_fields as noted

    with opened(folder) as production:
        click.echo(noted(production, alias, written_values(values), by=by))


@click.command("represent")
@click.argument("principal", required=False)
@click.argument("agent", required=False)
@click.option("--capacity", type=click.Choice(CHOICES["capacity"]), help="As what they sign.")
@click.option(
    "--act", "acts", multiple=True, type=click.Choice(CHOICES["act"]), help="What they may sign; all: every act."
)
@click.option("--share", default="", metavar="N/M", help="An heir's part, 1/2.")
@click.option("--decision", type=click.Choice(CHOICES["decision"]), help="How several decide.")
@click.option("--since", default="", metavar="DATE", help="The first day.")
@click.option("--until", default="", metavar="DATE|*", help="The last day; *: without end.")
@click.option("--negotiated/--not-negotiated", default=None, help="Whether they negotiated the person's grants.")
@click.option("--claim", default="", help="A claim that is registered somewhere, and where; kept sealed.")
@click.option("--searched", default="", help="Who looked for a representative and when, and found none; kept sealed.")
@click.option(
    "--document", "papers", multiple=True, metavar="FILE|ID", help="The power of attorney or the court's order."
)
@click.option("--end", metavar="ID", help="Instead: from here on they sign no more by this representation.")
@in_production
def represent(principal: str | None, agent: str | None, folder: Path | None, end: str | None, **said_: Any) -> None:
    """Note that AGENT signs for PRINCIPAL (aliases); prints the representation's id."""
    from edgecode.production.persons.parties import RepresentationDraft, end_representation, share_of
    from edgecode.production.persons.parties import represent as noted

    if bool(end) == bool(principal and agent):
        raise UsageError(
            "party.arguments", "give PRINCIPAL and AGENT, or --end ID", "As in: P-07 P-09 --capacity agent"
        )
    if end:
        with opened(folder) as production:
            end_representation(production, end)
        said("ended; what they signed before stands")
        return
    if not said_["capacity"]:
        raise UsageError("party.arguments", "it is not said in which capacity they sign", "As in: --capacity agent")
    acts = get_args(Act) if "all" in said_["acts"] else said_["acts"]
    with opened(folder) as production:
        draft = RepresentationDraft(
            said_["capacity"],
            share_of(said_["share"]) if said_["share"] else None,
            said_["decision"],
            acts or None,
            said_["since"],
            said_["until"],
            said_["negotiated"],
            said_["claim"],
            said_["searched"],
            _papers(production, said_["papers"]),
        )
        click.echo(noted(production, cast(str, principal), cast(str, agent), draft))
    if not acts or not said_["since"]:
        said("nobody signs by it yet: whoever signs needs a first day (--since) and what they may sign (--act)")


@click.command("role")
@click.argument("alias")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(CHOICES["role"]), help="In place of the roles before."
)
@click.option("--key", default="", metavar="HEX|FILE", help="Their public key, to sign decisions with.")
@click.option("--retire", is_flag=True, help="From here on they decide nothing.")
@click.option("--by", default="", metavar="ALIAS", help="Who gives a role that decides and that somebody has already.")
@in_production
def role(alias: str, roles: tuple[str, ...], key: str, by: str, folder: Path | None, *, retire: bool) -> None:
    """Give somebody roles in the production; prints the member's id."""
    from edgecode.production.persons.parties import name_member

    given = cast("tuple[Role, ...]", roles)
    with opened(folder) as production:
        click.echo(name_member(production, alias, given, key=written_key(key), retire=retire, by=by))


@click.command("session")
@click.argument("alias")
@click.option("--kind", type=click.Choice(CHOICES["session"]), required=True, help="What was done.")
@click.option(
    "--version", "versions", multiple=True, metavar="VERSION", help="What was captured: a file, id, digest, name."
)
@click.option("--requested", default="", metavar="TIME", help="When it was asked for, 2026-05-04T09:30+02:00.")
@click.option("--notice", default="", metavar="TIME", help="When the person was told.")
@click.option("--engaged", default="", metavar="TIME", help="When they were engaged.")
@click.option("--started", default="", metavar="TIME", help="When it began.")
@click.option("--ended", default="", metavar="TIME", help="When it ended.")
@click.option("--consent", default="", metavar="LABEL|ID", help="The consent that it was held under.")
@click.option(
    "--field", "fields", multiple=True, metavar="FIELD=VALUE", help="business_reason=…, work_day=no …; sealed."
)
@in_production
def session(alias: str, kind: str, versions: tuple[str, ...], folder: Path | None, **said_: Any) -> None:
    """Record that a person was scanned, captured, recorded or photographed; prints the session's id."""
    from edgecode.production.persons.replicas import SessionDraft, keep_session

    times = {name: said_[name] for name in ("requested", "notice", "engaged", "started", "ended")}
    with opened(folder) as production:
        shown = _named(production, versions)
        values = written_values(said_["fields"])
        draft = SessionDraft(cast(SessionKind, kind), shown, times, said_["consent"], values)
        click.echo(keep_session(production, alias, draft))


@click.command("replica")
@click.argument("alias", required=False)
@click.option("--kind", type=click.Choice(CHOICES["replica"]), required=True, help="What it is; synthetic: of nobody.")
@click.option("--medium", type=click.Choice(CHOICES["medium"]), required=True, help="Seen, heard, or both.")
@click.option("--from", "made_from", multiple=True, metavar="SESSION|VERSION", help="What it was made from.")
@click.option("--version", "versions", multiple=True, metavar="VERSION", help="The files that are the replica.")
@click.option("--delete-by", default="", metavar="DATE", help="The day by which it is to be deleted.")
@click.option(
    "--field", "fields", multiple=True, metavar="FIELD=VALUE", help="owner=…, custody=…, label.REGIME=…; sealed."
)
@in_production
def replica(alias: str | None, kind: str, medium: str, folder: Path | None, **said_: Any) -> None:
    """Record that a replica of a person exists; prints its id."""
    from edgecode.production.persons.replicas import ReplicaDraft, keep_replica

    with opened(folder) as production:
        draft = ReplicaDraft(
            cast(ReplicaType, kind),
            cast(ReplicaMedium, medium),
            _named(production, said_["made_from"]),
            _named(production, said_["versions"]),
            said_["delete_by"],
            written_values(said_["fields"]),
        )
        click.echo(keep_replica(production, alias or "", draft))


@click.command("replica-move")
@click.argument("replica_id", metavar="REPLICA")
@click.argument("move", type=click.Choice(CHOICES["move"]))
@click.option("--on", "day", default="", metavar="DATE", help="The day (default: today).")
@click.option("--due", default="", metavar="DATE", help="When an answer is due (of a request: 21 days on).")
@click.option("--to", "whom", default="", help="To whom; kept sealed.")
@click.option("--commitment", default="", help="What they committed to; kept sealed.")
@click.option("--document", "papers", multiple=True, metavar="FILE|ID", help="The paper that shows it.")
@in_production
def replica_move(replica_id: str, move: str, folder: Path | None, **said_: Any) -> None:
    """Record that a replica changed hands or custody, or was deleted."""
    from edgecode.production.persons.replicas import move_replica

    words = {name: said_[key] for name, key in (("to", "whom"), ("commitment", "commitment")) if said_[key]}
    with opened(folder) as production:
        papers = _papers(production, said_["papers"])
        move_replica(
            production,
            replica_id,
            cast(ReplicaMove, move),
            on=said_["day"],
            due=said_["due"],
            words=words,
            documents=papers,
        )
    said(f"{move.replace('_', ' ')}: recorded")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Record it: everybody, or nobody when a line is wrong.")
@click.option("--template", "wants_template", is_flag=True, help="Print an empty CSV with its headings.")
@in_production
def import_people(file: Path | None, folder: Path | None, *, yes: bool, wants_template: bool) -> None:
    """Note many people from a CSV or YAML: dry run line by line, then --yes. Nobody is noted twice."""
    from edgecode.index.persons import erasures
    from edgecode.production.persons.sheets import COLUMNS, plan_people
    from edgecode.production.persons.sheets import import_people as taken

    if wants_template:
        click.echo(",".join(column.name for column in COLUMNS))
        return
    if file is None:
        raise UsageError("party.file", "which file?", "As in: edgecode person import people.csv")
    data = sheet_bytes(file)
    with opened(folder) as production:
        plan = (taken if yes else plan_people)(production, data, name=file.name, folder=file.parent)
        erased = len(erasures(production.index))
    # What stands in good lines helps nobody to find the bad ones.
    for one in plan.people if not plan.problems else ():
        click.echo(str(one))
    for problem in plan.problems:
        said(str(problem))
    here = sum(one.what == "here" for one in plan.people)
    if plan.problems:
        many = len(plan.problems)
        said(f"edgecode: {many} {'problem' if many == 1 else 'problems'}, so nobody is recorded")
        sys.exit(InputError.exit_status)
    more = f", something new of {plan.added} of them" if plan.added else ""
    said(f"{plan.new} new, {here} here already{more}")
    if erased and plan.new:
        said(
            f"people were erased here ({erased} erasures): if somebody new in this sheet is one of them, take them out of it first"
        )
    if not yes:
        said("dry run: nobody is recorded; add --yes to record them")


COMMANDS = (set_fields, represent, role, session, replica, replica_move, import_people)


def written_values(written: tuple[str, ...]) -> dict[str, str]:
    """``field=value`` pairs. Raises UsageError ``person.value``."""
    found = {}
    for one in written:
        field, separator, value = one.partition("=")
        if not separator or not field.strip():
            raise UsageError("person.value", "a value is written FIELD=VALUE", "As in: fee='18,500 EUR a day'")
        found[field.strip()] = value
    return found


def _named(production: "Production", written: tuple[str, ...]) -> tuple[str, ...]:
    """What names versions, files by their bytes."""
    return tuple(production.digest_of(Path(one)) if Path(one).is_file() else one for one in written)


def _papers(production: "Production", written: tuple[str, ...]) -> "tuple[str | PaperFile, ...]":
    from edgecode.production.documents import Evidence

    evidence = Evidence(production)
    return tuple(evidence.read(one, folder=Path.cwd()) for one in written)
