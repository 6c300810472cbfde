"""The commands that consents and licenses share: write down, amend, say what happened, list, show, take in from a sheet."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from edgecode.cli.context import as_json, echo_folded, in_production, opened, print_json, said, sheet_bytes
from edgecode.errors import InputError, UsageError
from edgecode.ingest.agreement_fields import AgreementField, fields_of

if TYPE_CHECKING:
    from edgecode.production import Production
    from edgecode.production.agreements.sheets import Plan
    from edgecode.production.documents import PaperFile

Kind = Literal["consent", "license"]
Decorated = Callable[..., object]
WITH_DOCUMENTS = click.option(
    "--document", "papers", multiple=True, metavar="FILE|ID", help="A paper that shows it; its bytes are committed to."
)
WITH_REASON = click.option("--reason", "note", default="", help="Why, in words; kept sealed.")
ON = click.option("--on", "on", default="", metavar="DATE", help="The day from which it counts (default: today).")
GRANTED_ON = click.option(
    "--on", "on", default="", metavar="DATE", help="The day from which it counts (default: the day of its signature)."
)
SIGNED_BY = click.option(
    "--representation",
    "signers",
    multiple=True,
    metavar="ID",
    help="Who signed for them, by the record that they may; once for each who signed.",
)
ANSWERED_BY = click.option(
    "--by",
    "by",
    default="",
    metavar="ALIAS",
    help="The member who answers for the signature; what follows a loss needs one.",
)
REVEAL = click.option("--reveal", is_flag=True, help="Print terms and descriptions too.")


def agreement_commands(group: click.Group, kind: Kind) -> None:
    """Give *group* every command about agreements of a kind."""
    for command in (
        _record(kind),
        _amend(kind),
        _grant(kind),
        _list(kind),
        _show(kind),
        _standing(kind),
        _import(kind),
    ):
        group.add_command(command)


def with_fields(kind: Kind) -> Callable[[Decorated], Decorated]:
    """Adds an option for each field of an agreement of this kind."""

    def added(command: Decorated) -> Decorated:
        for field in reversed(fields_of(kind)):
            command = _option(field)(command)
        return command

    return added


def _option(field: AgreementField) -> Callable[[Decorated], Decorated]:
    name = "--" + field.name.replace("_", "-")
    between = {"names": " Separated by ; or ,.", "phrases": "", "words": " Separated by spaces or ;."}.get(
        field.reading, ""
    )
    words = f" {', '.join(field.choices)}." if field.choices and field.is_list else ""
    metavar = {"day": "DATE", "end": "DATE", "number": "N"}.get(field.reading)
    if field.is_list:
        return click.option(name, field.name, multiple=True, metavar="WORDS", help=field.meaning + words + between)
    choices = ("yes", "no") if field.reading == "yes_no" else field.choices
    taken = click.Choice(choices) if choices else None
    return click.option(name, field.name, type=taken, default=None, metavar=metavar, help=field.meaning)


def written_fields(kind: Kind, given: Mapping[str, object]) -> dict[str, str | list[str]]:
    """What options say, by field; those that nobody gave are left out. Raises InputError ``agreement.field``."""
    from edgecode.ingest.agreement_form import Misread, listed

    found: dict[str, str | list[str]] = {}
    for field in fields_of(kind):
        value = given.get(field.name)
        try:
            if isinstance(value, tuple) and value:
                found[field.name] = [word for one in value for word in listed(field, one)]
            elif isinstance(value, str) and value:
                found[field.name] = value
        except Misread as misread:
            raise InputError("agreement.field", f"{field.name}: expected {misread}") from misread
    return found


def _record(kind: Kind) -> click.Command:
    whose = "Whose consent it is, by alias." if kind == "consent" else "The person that it is from, where it is one's."

    @click.command("record")
    @click.option("--person", default="", metavar="ALIAS", help=whose)
    @click.option("--label", default="", help="What it is called (default: the next; none is given twice).")
    @click.option(
        "--kept",
        type=click.Choice(("here", "elsewhere")),
        default="here",
        show_default=True,
        help="Elsewhere: its standing is asked for.",
    )
    @SIGNED_BY
    @click.option("--covers", multiple=True, metavar="VERSION", help="What it is for: a version, dataset or model.")
    @click.option(
        "--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="All of it from a YAML or CSV."
    )
    @click.option("--grant", "granted", is_flag=True, help="It was granted on the day of its signature.")
    @ANSWERED_BY
    @WITH_DOCUMENTS
    @with_fields(kind)
    @in_production
    def record(
        person: str,
        label: str,
        kept: Literal["here", "elsewhere"],
        signers: tuple[str, ...],
        covers: tuple[str, ...],
        file: Path | None,
        granted: bool,
        by: str,
        papers: tuple[str, ...],
        folder: Path | None,
        **given: object,
    ) -> None:
        from edgecode.production.agreements.moves import record_granted
        from edgecode.production.agreements.recording import AgreementDraft, record_agreement

        written = written_fields(kind, given)
        with opened(folder) as production:
            if file is not None:
                _record_file(production, kind, file, alone=not (written or person or label or covers or papers or by))
                return
            about = tuple(_content(production, one) for one in covers)
            evidence = documents_of(production, papers)
            signed, beside = "".join(signers[:1]), signers[1:]
            draft = AgreementDraft(kind, written, person, label, kept, signed, about, evidence, beside, by)
            recorded = (record_granted if granted else record_agreement)(production, draft)
            click.echo(recorded.label)
            if granted:
                _say_signatures(production, recorded.label, kind)
                return
        if kept == "elsewhere":
            said(f"{recorded.agreement}; its keeper says how it stands: edgecode {kind} standing {recorded.label} …")
            return
        said(f"a draft, {recorded.agreement}; once it is signed: edgecode {kind} grant {recorded.label}")

    record.help = f"Write a {kind} down and print its label. It is a draft until it is granted."
    return record


def _record_file(production: "Production", kind: Kind, file: Path, *, alone: bool) -> None:
    from edgecode.production.agreements.sheets import import_agreements

    if not alone:
        raise UsageError(
            "agreement.file", "--file holds all of it", f"Leave the others out, or use: edgecode {kind} amend"
        )
    plan = import_agreements(production, sheet_bytes(file), name=file.name, kind=kind, folder=file.parent)
    _say_problems(plan, kind)
    for line in plan.lines:
        if line.what == "new":
            click.echo(line.label)
        else:
            happened = f"; since then: {', '.join(line.moves)}" if line.moves else ", so nothing is recorded"
            said(f"{line.label}: recorded already{happened}")


def _amend(kind: Kind) -> click.Command:
    @click.command("amend")
    @click.argument("label")
    @click.option("--unsay", multiple=True, metavar="FIELD", help="A field that it says no longer.")
    @click.option("--covers", multiple=True, metavar="VERSION", help="What it is for from now on.")
    @SIGNED_BY
    @GRANTED_ON
    @ANSWERED_BY
    @WITH_REASON
    @WITH_DOCUMENTS
    @with_fields(kind)
    @in_production
    def amend(
        label: str,
        unsay: tuple[str, ...],
        covers: tuple[str, ...],
        signers: tuple[str, ...],
        on: str,
        by: str,
        note: str,
        papers: tuple[str, ...],
        folder: Path | None,
        **given: object,
    ) -> None:
        from edgecode.production.agreements.recording import Amendment, amend_agreement

        written = written_fields(kind, given)
        with opened(folder) as production:
            about = tuple(_content(production, one) for one in covers) if covers else None
            fields = tuple(name.replace("-", "_") for name in unsay)
            signer = signers[0] if signers else None
            change = Amendment(written, fields, about, signer, documents_of(production, papers), signers[1:], by)
            signed = str(written.get("signed_on", ""))
            before = _state(production, label, kind)
            done = amend_agreement(production, label, change, kind=kind, signed_on=signed, on=on, note=note)
            after = _state(production, label, kind)
            if before != after:
                said(f"{done.label} was {before} and is {after}")
            _say_signatures(production, label, kind)
        click.echo(done.label)
        said(f"version {done.agreement}; what was used under the one before stays under it")

    amend.help = (
        f"Write an amended version of a {kind} down, signed by both sides (--signed-on). What is not said anew stays."
    )
    return amend


def _grant(kind: Kind) -> click.Command:
    @click.command("grant")
    @click.argument("label")
    @click.option(
        "--signed-on", default="", metavar="DATE", help="The day it was signed, where that is not written down."
    )
    @SIGNED_BY
    @GRANTED_ON
    @ANSWERED_BY
    @WITH_REASON
    @WITH_DOCUMENTS
    @in_production
    def grant(
        label: str,
        signed_on: str,
        signers: tuple[str, ...],
        on: str,
        by: str,
        note: str,
        papers: tuple[str, ...],
        folder: Path | None,
    ) -> None:
        from edgecode.production.agreements.moves import MoveDraft, move_agreement
        from edgecode.production.agreements.recording import Amendment, amend_agreement, signed_day

        with opened(folder) as production:
            evidence = documents_of(production, papers)
            if signed_on or signers:
                # A signature is part of what was agreed, so that the wording with it is a version of its own.
                signed = signed_on or signed_day(production, label, kind)
                change = Amendment({}, (), None, signers[0] if signers else None, evidence, signers[1:], by)
                amend_agreement(production, label, change, kind=kind, signed_on=signed, on=on, note=note)
            else:
                granted = MoveDraft("granted", on, note=note, documents=evidence, by=by)
                move_agreement(production, label, granted, kind=kind)
            _say_state(production, label, kind, on=on)
            _say_signatures(production, label, kind)

    grant.help = f"A {kind} was granted: signed by who may, specific, in its form. Conditions still hold it back."
    return grant


def _say_signatures(production: "Production", label: str, kind: Kind) -> None:
    """Say whose signatures a grant waits for: heirs sign as they decide."""
    from edgecode.production.agreements.moves import signatures_awaited

    missing = signatures_awaited(production, label, kind)
    if missing:
        said(
            f"{label} counts once {' and '.join(missing)} {'sign' if len(missing) > 1 else 'signs'} too: record a consent of theirs with"
            f" the same acts, or edgecode consent grant {label} with --representation for each who signed, and --signed-on"
        )


def _state(production: "Production", label: str, kind: Kind) -> str:
    from edgecode.checks.lifecycle import state_of
    from edgecode.checks.register import Register
    from edgecode.production.agreements.recording import agreement_of
    from edgecode.production.persons.noting import today

    return state_of(
        agreement_of(Register.read(production.index, origin=production.log.origin), label, kind), today(production)
    )


def _say_state(production: "Production", label: str, kind: Kind, *, on: str = "") -> None:
    from edgecode.answers.desk.lists import agreement_answer
    from edgecode.answers.desk.lists_text import agreement_text
    from edgecode.checks.register import Register
    from edgecode.production.agreements.recording import agreement_of
    from edgecode.production.persons.noting import today

    register = Register.read(production.index, origin=production.log.origin)
    agreement = agreement_of(register, label, kind)
    click.echo(next(agreement_text(agreement_answer(agreement, register, on=on or today(production), reveal=False))))


def _list(kind: Kind) -> click.Command:
    @click.command("list")
    @click.option("--on", "on", default="", metavar="DATE", help="As they stand on this day (default: today).")
    @REVEAL
    @in_production
    @as_json
    def listed(on: str, reveal: bool, folder: Path | None, json_wanted: bool) -> None:
        from edgecode.answers.desk.lists import agreements_answer
        from edgecode.answers.desk.lists_text import agreements_text
        from edgecode.checks.register import Register
        from edgecode.production.persons.noting import require_day, today

        require_day(on, empty=True)
        with opened(folder) as production:
            register = Register.read(production.index, origin=production.log.origin)
            answer = agreements_answer(register, kind, on=on or today(production), reveal=reveal)
        if json_wanted:
            print_json(answer)
            return
        echo_folded(agreements_text(answer))

    listed.help = f"Every {kind} with its state on a day. Terms only with --reveal."
    return listed


def _show(kind: Kind) -> click.Command:
    @click.command("show")
    @click.argument("label")
    @click.option("--on", "on", default="", metavar="DATE", help="As it stands on this day (default: today).")
    @REVEAL
    @in_production
    @as_json
    def show(label: str, on: str, reveal: bool, folder: Path | None, json_wanted: bool) -> None:
        from edgecode.answers.desk.lists import agreement_answer
        from edgecode.answers.desk.lists_text import agreement_text
        from edgecode.checks.register import Register
        from edgecode.production.agreements.recording import agreement_of
        from edgecode.production.persons.noting import require_day, today

        require_day(on, empty=True)
        with opened(folder) as production:
            register = Register.read(production.index, origin=production.log.origin)
            agreement = agreement_of(register, label, kind)
            answer = agreement_answer(agreement, register, on=on or today(production), reveal=reveal)
        if json_wanted:
            print_json(answer)
            return
        echo_folded(agreement_text(answer))

    show.help = f"One {kind}: its versions, what happened to it, what its keeper said. Terms only with --reveal."
    return show


def _standing(kind: Kind) -> click.Command:
    @click.command("standing")
    @click.argument("label")
    @click.argument("facts", nargs=-1, metavar="FACT=yes|no...")
    @click.option(
        "--as-of", default="", metavar="MOMENT", help="When its keeper was asked, 2026-11-23T10:00 (default: now)."
    )
    @ANSWERED_BY
    @WITH_DOCUMENTS
    @in_production
    def standing(
        label: str, facts: tuple[str, ...], as_of: str, by: str, papers: tuple[str, ...], folder: Path | None
    ) -> None:
        from edgecode.checks.rules.written_facts import assigned
        from edgecode.production.agreements.moves import state_standing

        written = dict(assigned(one, root=kind) for one in facts)
        with opened(folder) as production:
            evidence = documents_of(production, papers)
            click.echo(state_standing(production, label, written, as_of=as_of, by=by, documents=evidence))

    standing.help = (
        f"Record what the keeper of a {kind} kept elsewhere answered: revoked=no expired=no … What is left out is unknown. What they said "
        "before against a use is over when they say otherwise and it is shown: --by ALIAS --document FILE."
    )
    return standing


def _import(kind: Kind) -> click.Command:
    @click.command("import")
    @click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
    @click.option(
        "--yes", is_flag=True, help="Record it, all or nothing. Without this, only what would happen is shown."
    )
    @click.option("--template", "wants_template", is_flag=True, help="Print an empty CSV that explains its columns.")
    @in_production
    def taken_in(file: Path | None, yes: bool, wants_template: bool, folder: Path | None) -> None:
        from edgecode.production.agreements.sheets import import_agreements, plan_agreements, template

        if wants_template:
            click.echo(template(kind), nl=False)
            return
        if file is None:
            raise UsageError("agreement.file", "which file?", f"As in: edgecode {kind} import FILE")
        taken = import_agreements if yes else plan_agreements
        data = sheet_bytes(file)
        with opened(folder) as production:
            plan = taken(production, data, name=file.name, kind=kind, folder=file.parent)
        _say_plan(plan, kind, yes=yes)

    taken_in.help = f"Take {kind}s in from a CSV or YAML: dry run line by line, then --yes. Nothing is recorded twice."
    return taken_in


def _say_plan(plan: "Plan", kind: Kind, *, yes: bool) -> None:
    words = {"new": "new", "known": "recorded already", "moved": "recorded; since then"}
    # Of a sheet with problems nothing is recorded, so that no line of it is new.
    _say_problems(plan, kind)
    for line in plan.lines:
        moves = f": {', '.join(line.moves)}" if line.moves else ""
        click.echo(f"line {line.line}: {line.label} {line.person or '-'}: {words[line.what]}{moves}")
    new = sum(line.what == "new" for line in plan.lines)
    moved = sum(line.what == "moved" for line in plan.lines)
    known = len(plan.lines) - new - moved
    said(f"{new} new, {moved} with something that happened since, {known} recorded already")
    if not yes:
        said("dry run: nothing is recorded; add --yes to record it")


def _say_problems(plan: "Plan", kind: Kind) -> None:
    for problem in plan.problems:
        said(str(problem))
    if plan.problems:
        many = len(plan.problems)
        said(f"edgecode: {many} {'problem' if many == 1 else 'problems'}, so no {kind} is recorded")
        sys.exit(InputError.exit_status)


def documents_of(production: "Production", papers: tuple[str, ...]) -> "tuple[str | PaperFile, ...]":
    """The documents that options name: ids, or files of the current folder. Raises NotFoundError ``document.absent``."""
    from edgecode.production.documents import Evidence

    evidence = Evidence(production)
    return tuple(evidence.read(one, folder=Path()) for one in papers)


def _content(production: "Production", written: str) -> str:
    return production.digest_of(Path(written)) if Path(written).exists() else written
