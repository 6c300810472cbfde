"""`edgecode desk`: the small records of the clearance desk, each in one line."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from edgecode.cli.agreeing import WITH_DOCUMENTS, documents_of
from edgecode.cli.context import as_json, echo_folded, in_production, opened, print_json, said
from edgecode.cli.desk_describing import dataset, document, model, tool_terms
from edgecode.cli.spoken import lines
from edgecode.errors import UsageError

if TYPE_CHECKING:
    from edgecode.events.desk_kinds import ApprovalAnswer
    from edgecode.production import Production
    from edgecode.terms.rights import CutState

Decorated = Callable[..., object]
Family = Literal["notice", "approval", "disclosure", "attest", "payment"]
ABOUT = click.option(
    "--about",
    "about",
    multiple=True,
    metavar="WHAT",
    help="A cut, a version, an alias, a label, a record id, a use's key (default: the whole production).",
)
AT = click.option("--at", "at", default="", metavar="DATE", help="The day of it (default: today).")
UNTIL = click.option("--until", "until", default="", metavar="DATE", help="The last day on which it counts.")
REVEAL = click.option("--reveal", is_flag=True, help="Print words, values, fees and names too.")
CLAUSE = click.option("--clause", default="", metavar="LABEL", help="The agreement whose revocation clause it cites.")

FRAME = click.IntRange(-(10**12), 10**12)


@click.group()
def desk() -> None:
    """The clearance desk: what kind of production it is, notices, approvals, disclosures, determinations, uses, documents."""


@desk.command("profile")
@click.argument("values", nargs=-1, metavar="NAME=VALUE...")
@click.option("--by", "by", default="", metavar="ALIAS", help="The member who says otherwise what was said before.")
@click.option("--reason", "reason", default="", help="Why it is said otherwise; kept sealed.")
@click.option(
    "--signer", "signer", default="", metavar="URI", help="Their own key, to undeclare an agreement: file:KEY."
)
@in_production
@as_json
def profile(values: tuple[str, ...], by: str, reason: str, signer: str, folder: Path | None, json_wanted: bool) -> None:
    """Say what kind of production it is (sag=tvth-2023 territories='DE US-CA'), and print what is said and what is not.

    A name without a dot is one of production. NAME= takes a value back. What was said before is said otherwise by a deciding member with
    a reason; an agreement that was declared is undeclared with their signature. Every check prints it.
    """
    from edgecode.answers.desk.lists import profile_answer
    from edgecode.answers.desk.lists_text import profile_text
    from edgecode.checks.register import Register
    from edgecode.checks.rules.written_facts import assigned
    from edgecode.cli.context import terminal_world
    from edgecode.production.desk.profiling import describe_production
    from edgecode.production.desk.reading import asked_by_packs

    written = dict(assigned(one, root="production") for one in values)
    key = terminal_world().open_signer(signer, Path.cwd()) if signer else None
    with opened(folder) as production:
        describe_production(production, written, by=by, reason=reason, signer=key)
        answer = profile_answer(
            Register.read(production.index, origin=production.log.origin), asked_by_packs(production)
        )
    if json_wanted:
        print_json(answer)
        return
    echo_folded(profile_text(answer))


def _answered(family: Family) -> Callable[[Decorated], Decorated]:
    """The options of an approval: what was answered, and on which conditions."""

    def decorated(command: Decorated) -> Decorated:
        if family != "approval":
            return command
        answers = click.Choice(("yes", "no", "conditional"))
        command = click.option("--conditions", default="", help="Of a conditional one, in words; kept sealed.")(command)
        meaning = "What was answered (default: yes). Only yes counts, and the newest answer."
        return click.option("--answer", type=answers, default="yes", help=meaning)(command)

    return decorated


def _say_what_is_left_out(production: "Production", by: str, about: tuple[str, ...]) -> None:
    """On a whole cut or production: that what is the decider's own is left out."""
    from edgecode.checks.register import Register
    from edgecode.production.desk.about import about_meant
    from edgecode.production.desk.own_matters import PARTLY, is_partly_own

    if is_partly_own(
        production,
        by,
        about_meant(production.index, Register.read(production.index, origin=production.log.origin), about),
    ):
        said(PARTLY)


def _paper(name: str, family: Family, meaning: str) -> click.Command:
    @click.command(name, help=meaning)
    @click.argument("kind")
    @ABOUT
    @click.option("--by", "by", default="", metavar="ALIAS", help="The member who says so.")
    @AT
    @UNTIL
    @click.option("--due", "due", default="", metavar="DATE", help="The day by which an answer is due.")
    @click.option(
        "--value", "values", multiple=True, metavar="NAME=VALUE", help="to=, form=, place=, unit=, quantity= …"
    )
    @click.option("--reason", "reason", default="", help="Why, in words; kept sealed.")
    @_answered(family)
    @CLAUSE
    @WITH_DOCUMENTS
    @in_production
    def paper(
        kind: str,
        about: tuple[str, ...],
        by: str,
        at: str,
        until: str,
        due: str,
        values: tuple[str, ...],
        reason: str,
        clause: str,
        papers: tuple[str, ...],
        folder: Path | None,
        answer: "ApprovalAnswer" = "",
        conditions: str = "",
    ) -> None:
        from edgecode.production.desk.records import PaperDraft, keep_paper

        said_of_it = _named_values(values)
        with opened(folder) as production:
            meant, evidence = contents(production, about), documents_of(production, papers)
            what = (family, kind, meant, by, at, until, due, said_of_it, reason, clause, evidence, answer, conditions)
            click.echo(keep_paper(production, PaperDraft(*what)))
            if family == "approval":
                _say_what_is_left_out(production, by, meant)

    return paper


for _name, _family, _meaning in (
    ("notice", "notice", "Somebody was told of something: scan_48h, union_synthetic, writer_ai_material …"),
    (
        "approval",
        "approval",
        "Somebody who may approve was asked: netflix_written, union_transfer …; needs --by, counts with the answer yes.",
    ),
    ("disclosure", "disclosure", "Something was disclosed: eu_label, credit, audience, festival …"),
    ("attestation", "attest", "Somebody attests that something is so: replica_custody, cue_sheet, dataset_card …"),
    ("payment", "payment", "Something was paid or scheduled: scan_day, replica_days, union_fund …"),
):
    desk.add_command(_paper(_name, _family, _meaning))  # type: ignore[arg-type]


@desk.command("determination")
@click.argument("question")
@click.argument("answer")
@ABOUT
@click.option("--by", "by", required=True, metavar="ALIAS", help="The member who judged; artists and vendors may not.")
@click.option("--role", "role", default="", help="In which of their roles (default: the one that may decide it).")
@click.option("--reason", "reason", required=True, help="Why, in words; kept sealed.")
@click.option("--rule", "rule", default="", help="Pack, version and rule that asked.")
@AT
@UNTIL
@CLAUSE
@WITH_DOCUMENTS
@in_production
def determination(
    question: str,
    answer: str,
    about: tuple[str, ...],
    by: str,
    role: str,
    reason: str,
    rule: str,
    at: str,
    until: str,
    clause: str,
    papers: tuple[str, ...],
    folder: Path | None,
) -> None:
    """A named member judged what no machine can: `edgecode desk determination use.deepfake no --about reel1 --by P-02 --reason …`.

    QUESTION is a classification (use.incidental), a word behind determination. (day_estimate), or one of consent.md (deep_fake).
    """
    from edgecode.production.desk.records import DeterminationDraft, determine

    with opened(folder) as production:
        meant, evidence = contents(production, about), documents_of(production, papers)
        draft = DeterminationDraft(question, answer, by, reason, meant, role, at, until, rule, clause, evidence)
        click.echo(determine(production, draft))
        _say_what_is_left_out(production, by, meant)


@desk.command("use")
@click.argument("kind")
@ABOUT
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="What is so of it: public=yes, final=no …")
@click.option("--in", "first", type=FRAME, default=None, help="The first frame of the one version.")
@click.option("--out", "end", type=FRAME, default=None, help="The frame after the last.")
@click.option(
    "--needs", "needs", multiple=True, metavar="FIELD=WORDS", help="languages=de, territories='DE AT', scenes=12 …"
)
@click.option("--quantity", "quantities", multiple=True, metavar="NAME=N", help="What no machine counts: lines=12.")
@click.option(
    "--by", "by", default="", metavar="ALIAS", help="The member whose word it is; needed where it settles something."
)
@click.option("--role", "role", default="", help="In which of their roles (default: the one that may decide it).")
@click.option("--reason", "reason", default="", help="Why, in words; kept sealed; needed where it settles something.")
@in_production
def use(
    kind: str,
    about: tuple[str, ...],
    facts: tuple[str, ...],
    first: int | None,
    end: int | None,
    needs: tuple[str, ...],
    quantities: tuple[str, ...],
    by: str,
    role: str,
    reason: str,
    folder: Path | None,
) -> None:
    """Declare a use that no cut shows (a script, a training, a transfer), or say of one what no machine can tell."""
    from edgecode.checks.rules.written_facts import assigned
    from edgecode.production.desk.reading import needs_of, quantities_of
    from edgecode.production.desk.uses import UseDraft, declare_use

    stated = dict(assigned(one, root="use") for one in facts)
    scope, counted = needs_of(_named_values(needs)), quantities_of(quantities)
    with opened(folder) as production:
        draft = UseDraft(kind, contents(production, about), stated, first, end, scope, counted, by, role, reason)
        click.echo(declare_use(production, draft))


@desk.command("cut-state")
@click.argument("cut")
@click.argument("state", type=click.Choice(("locked", "delivered", "released")))
@click.option("--on", "on", default="", metavar="DATE", help="The day of it (default: today).")
@click.option("--territories", multiple=True, metavar="CODE", help="Where it is released (ISO 3166).")
@click.option("--media", multiple=True, metavar="WORD", help="In which media it is released.")
@click.option("--undo", is_flag=True, help="It is so no longer.")
@click.option(
    "--by", "by", default="", metavar="ALIAS", help="The member whose word it is; needed unless it is about a lock."
)
@click.option("--role", "role", default="", help="In which of their roles (default: the one that may say it).")
@in_production
def cut_state(
    cut: str,
    state: "CutState",
    on: str,
    territories: tuple[str, ...],
    media: tuple[str, ...],
    undo: bool,
    by: str,
    role: str,
    folder: Path | None,
) -> None:
    """A cut was locked, delivered or released."""
    from edgecode.production.desk.uses import move_cut

    places = tuple(word for one in territories for word in one.replace(";", " ").split())
    with opened(folder) as production:
        move_cut(production, cut, state, on=on, territories=places, media=media, undone=undo, by=by, role=role)
    said(f"{cut} is {'no longer ' if undo else ''}{state}")


@desk.command("maker")
@click.argument("alias")
@click.option("--version", "versions", multiple=True, required=True, metavar="VERSION", help="What they made.")
@in_production
def maker(alias: str, versions: tuple[str, ...], folder: Path | None) -> None:
    """A member made these versions, so they clear no finding on them."""
    from edgecode.production.desk.uses import name_maker

    with opened(folder) as production:
        click.echo(name_maker(production, alias, contents(production, versions)))


@desk.command("withdraw")
@click.argument("record")
@click.option("--reason", "reason", required=True, help="Why, in words; kept sealed.")
@click.option(
    "--by", "by", default="", metavar="ALIAS", help="The member who takes it back, where somebody has to answer for it."
)
@in_production
def withdraw(record: str, reason: str, by: str, folder: Path | None) -> None:
    """Take back what was noted in error; an agreement is never taken back, it is ended."""
    from edgecode.production.desk.uses import withdraw_record

    with opened(folder) as production:
        withdraw_record(production, record, reason=reason, by=by)
    said("taken back; the entry stays in the log")


@desk.command("show")
@click.argument("record")
@REVEAL
@in_production
@as_json
def show(record: str, reveal: bool, folder: Path | None, json_wanted: bool) -> None:
    """One record of the desk in full, by its id: every entry about it. Words, values, fees and file names only with --reveal."""
    from edgecode.answers.desk.record import desk_record_text
    from edgecode.production.desk.opened import desk_record

    with opened(folder) as production:
        answer = desk_record(production, record, reveal=reveal)
    if json_wanted:
        print_json(answer)
        return
    echo_folded(desk_record_text(answer))


@desk.command("list")
@click.option("--on", "on", default="", metavar="DATE", help="Where cuts stand on this day (default: today).")
@REVEAL
@in_production
@as_json
def listed(on: str, reveal: bool, folder: Path | None, json_wanted: bool) -> None:
    """Every record of the desk that nobody took back; words, terms, amounts, items and names only with --reveal."""
    from edgecode.answers.desk.lists import desk_answer
    from edgecode.answers.desk.lists_text import desk_text
    from edgecode.checks.register import Register
    from edgecode.production.desk.opened import revealed_values
    from edgecode.production.persons.noting import require_day, today

    require_day(on, empty=True)
    with opened(folder) as production:
        cuts = [cut for cut in production.cuts() if not cut.superseded]
        revealed = revealed_values(production) if reveal else None
        answer = desk_answer(
            Register.read(production.index, origin=production.log.origin),
            cuts,
            on=on or today(production),
            revealed=revealed,
        )
    if json_wanted:
        print_json(answer)
        return
    echo_folded(desk_text(answer))


for _command in (document, model, dataset, tool_terms, lines):
    desk.add_command(_command)


def contents(production: "Production", written: tuple[str, ...]) -> tuple[str, ...]:
    """What somebody named, files of the current folder by their content."""
    cuts = {cut.name for cut in production.cuts()}
    return tuple(production.digest_of(Path(one)) if one not in cuts and Path(one).exists() else one for one in written)


def _named_values(written: tuple[str, ...]) -> dict[str, str]:
    """``NAME=VALUE`` pairs. Raises UsageError ``desk.value``."""
    found = {}
    for one in written:
        name, separator, value = one.partition("=")
        if not (separator and name.strip() and name.isascii() and name.isprintable()):
            raise UsageError(
                "desk.value", "a value is written NAME=VALUE, its name in ASCII", "As in: --value to=guild"
            )
        found[name.strip()] = value.strip()
    return found
