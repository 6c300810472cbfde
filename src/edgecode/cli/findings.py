"""`edgecode finding` and `edgecode waive`: what the rules found, and what people answer to it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.agreeing import WITH_DOCUMENTS, documents_of
from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json, said
from edgecode.errors import HeldError

if TYPE_CHECKING:
    from edgecode.production.checking.answering import AnswerDraft


@click.group()
def finding() -> None:
    """Findings of a cut: list, show, and answer that one is being fixed or is cleared by a document."""


@finding.command("list")
@click.argument("cut", metavar="CUT")
@click.option("--severity", type=click.Choice(["fyi", "issue", "blocker"]), help="Only these.")
@click.option("--rule", default="", metavar="RULE", help="Only of this rule: its number, its code or its id.")
@in_production
@as_json
def list_findings(cut: str, severity: str | None, rule: str, folder: Path | None, json_wanted: bool) -> None:
    """Every finding of CUT by itself with every place, those that hold nothing too."""
    from msgspec.structs import replace

    from edgecode.answers.check.text import findings_text
    from edgecode.answers.paper_notes.cut import released_text
    from edgecode.production.checking.cuts import check

    with opened(folder) as production:
        answer = check(production, cut).answer
    shown = tuple(
        one
        for one in answer.findings
        if severity in (None, one.severity.lower()) and rule in ("", one.number, one.code, one.rule)
    )
    if json_wanted:
        print_json(replace(answer, findings=shown))
        return
    for line in (
        *findings_text(shown, columns=fitted_width()),
        *released_text(answer.released, columns=fitted_width()),
    ):
        click.echo(line)


@finding.command("show")
@click.argument("name", metavar="FINDING")
@click.option("--cut", default="", metavar="CUT", help="The cut (default: the newest that has it).")
@in_production
@as_json
def show(name: str, cut: str, folder: Path | None, json_wanted: bool) -> None:
    """One finding in full: where, why, what is not known, who may waive it, what was answered."""
    from edgecode.answers.check.answer import finding_line
    from edgecode.answers.check.text import finding_card
    from edgecode.production.checking.answering import find

    with opened(folder) as production:
        checked, found = find(production, name, cut=cut)
    line = finding_line(found, checked.view, gate=checked.answer.gate)
    if json_wanted:
        print_json(line)
        return
    for text in finding_card(line, columns=fitted_width()):
        click.echo(text)


CUT = click.option("--cut", default="", metavar="CUT", help="The cut (default: the newest that has it).")
ROLE = click.option("--role", default="", help="The role they act in, where they have several.")
REASON = click.option("--reason", required=True, help="Why; kept sealed.")
EVERY = click.option(
    "--every", is_flag=True, help="All findings of that number, code or rule, each on its own; says how many first."
)
YES = click.option("--yes", is_flag=True, help="With --every: record it.")


@finding.command("fix")
@click.argument("name", metavar="FINDING")
@click.option("--by", required=True, metavar="ALIAS", help="The member who takes it on.")
@click.option("--reason", required=True, help="What is being done; kept sealed.")
@CUT
@EVERY
@YES
@in_production
def fix(name: str, by: str, reason: str, cut: str, every: bool, yes: bool, folder: Path | None) -> None:
    """Answer that a finding is being fixed. It holds until it is."""
    from edgecode.production.checking.answering import AnswerDraft

    if _answer(folder, name, AnswerDraft("fix", by, reason), cut=cut, every=every, yes=yes):
        said("noted; it holds until what it asks for is on record")


@finding.command("clear")
@click.argument("name", metavar="FINDING")
@click.option("--by", required=True, metavar="ALIAS", help="The member who clears it, in a role that its rule names.")
@REASON
@WITH_DOCUMENTS
@ROLE
@CUT
@EVERY
@YES
@in_production
def clear(
    name: str,
    by: str,
    reason: str,
    papers: tuple[str, ...],
    role: str,
    cut: str,
    every: bool,
    yes: bool,
    folder: Path | None,
) -> None:
    """Answer that a document settles a finding. What blocks is never cleared so; it opens again when what it is about changes.

    A FILE is kept as a document of the desk with the answer.
    """
    from edgecode.production.checking.answering import AnswerDraft

    draft = AnswerDraft("cleared", by, reason, role=role)
    _answer(folder, name, draft, cut=cut, every=every, yes=yes, papers=papers)


@click.command()
@click.argument("name", metavar="FINDING")
@click.option(
    "--by", required=True, metavar="ALIAS", help="The member who answers for it, in a role that its rule names."
)
@REASON
@click.option(
    "--until", required=True, metavar="DATE", help="Its last day, 2027-03-31; the rule says how far it may lie."
)
@ROLE
@CUT
@EVERY
@YES
@in_production
def waive(
    name: str, by: str, reason: str, until: str, role: str, cut: str, every: bool, yes: bool, folder: Path | None
) -> None:
    """Go on although a rule is not met, for a time and by name. The finding stays; it opens again when the cut, scope or rule changes.

    A person's missing or withdrawn consent is never waived.
    """
    from edgecode.production.checking.answering import AnswerDraft

    _answer(folder, name, AnswerDraft("waived", by, reason, until, role), cut=cut, every=every, yes=yes)


def _answer(
    folder: Path | None,
    name: str,
    draft: "AnswerDraft",
    *,
    cut: str,
    every: bool,
    yes: bool,
    papers: tuple[str, ...] = (),
) -> bool:
    """Answer one finding, or all of a name, and print what that comes to; whether anything was recorded. Exit 10 where some may not be
    answered so. *papers*: documents, as somebody names them."""
    from msgspec.structs import asdict, replace

    from edgecode.answers.check.answered_text import answered_text
    from edgecode.production.checking.answering import answer_finding, answer_findings

    with opened(folder) as production:
        draft = replace(draft, documents=documents_of(production, papers))
        if not every:
            given = asdict(draft)
            click.echo(answer_finding(production, name, given.pop("action"), cut=cut, **given))
            return True
        said_of = answer_findings(production, name, draft, cut=cut, keep=yes)
    for line in answered_text(
        draft.action,
        cut=said_of.cut,
        findings=said_of.findings,
        refused=said_of.refused,
        before=said_of.before,
        is_kept=yes,
        columns=fitted_width(),
    ):
        click.echo(line)
    if yes and said_of.refused:
        sys.exit(HeldError.exit_status)
    return bool(said_of.answers)
