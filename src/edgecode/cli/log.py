"""`edgecode log`: the record itself, shown, verified, proved, published."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import as_json, in_production, opened, print_json, said, terminal_world
from edgecode.cli.disclosing import disclose, open_letter
from edgecode.cli.sequencing import inbox, sequence

if TYPE_CHECKING:
    from edgecode.ledger.verify import Finding
    from edgecode.production.log.recovering import Plan


@click.group()
def log() -> None:
    """The record: show, verify, audit, prove, checkpoint, publish."""


@log.command("show")
@click.argument("entry", type=click.IntRange(0), required=False)
@click.option("--first", type=click.IntRange(0), default=None, help="List from this entry (default: the last 20).")
@click.option("--reveal", is_flag=True, help="With ENTRY: also print the sealed sections that this key opens.")
@in_production
@as_json
def show(entry: int | None, first: int | None, reveal: bool, folder: Path | None, json_wanted: bool) -> None:
    """List entries, or show ENTRY with its sections. Sealed sections stay sealed without --reveal."""
    from edgecode.answers.record.code_book import LogAnswer, entry_book, entry_text, line_of

    with opened(folder) as production:
        if entry is not None:
            stored, sections = production.entry(entry)
            book = entry_book(entry, stored.leaf, stored.sections, sections, reveal=reveal)
            if json_wanted:
                print_json(book)
            else:
                click.echo(entry_text(book), nl=False)
            return
        start = max(production.log.size - 20, 0) if first is None else first
        rows = [line_of(recorded) for recorded in production.recorded(start)]
    if json_wanted:
        print_json(LogAnswer(tuple(rows)))
        return
    for row in rows:
        click.echo(f"{row.index:>6}  {row.time}  {row.type:<22} {row.about}")


@log.command("verify")
@click.option("--allow-unwitnessed", is_flag=True, help="Exit 0 although no witness has cosigned.")
@in_production
@as_json
def verify(allow_unwitnessed: bool, folder: Path | None, json_wanted: bool) -> None:
    """Recompute everything: entries, sections, tiles, checkpoint. Prints one verdict word and names every object that is wrong."""
    from edgecode.answers.record.verdict import verdict_answer, witness_lines
    from edgecode.production import audit_of
    from edgecode.settings import production_folder

    audit, key = audit_of(production_folder((folder or Path.cwd()).resolve()))
    verdict, report = audit.verdict, audit.report
    if json_wanted:
        print_json(verdict_answer(audit, origin=key.name))
    else:
        click.echo(f"{verdict.name}   {counted(report.entries, 'entry', 'entries')} of {key.name}")
        for finding in report.findings:
            click.echo(f"  {finding} [{finding.code}]")
        states = ", ".join(f"{count:,} {state}" for state, count in sorted(audit.sections.items()) if count)
        click.echo(f"  sections: {states or 'none'}")
        for line in witness_lines(audit):
            click.echo(f"  {line}")
    status = int(verdict)
    sys.exit(0 if status == 31 and allow_unwitnessed else status)


@log.command("audit")
@click.option("--allow-unwitnessed", is_flag=True, help="Exit 0 although no witness has cosigned.")
@in_production
@as_json
def audit(allow_unwitnessed: bool, folder: Path | None, json_wanted: bool) -> None:
    """Compare every part of the record with its entries and list each difference as it is met; for any size, in bounded memory.

    Beyond what verify does: the table of event ids, every head that is kept, the published files, the inbox, erasures, the index as a
    whole. With --json one JSON document a line, a summary as the last one.
    """
    import msgspec

    from edgecode.answers.record.differences import audit_answer, audit_lines, difference_of
    from edgecode.cli.context import AuditLine
    from edgecode.production.audit.differences import audit_whole
    from edgecode.settings import production_folder

    progress = AuditLine()

    def tell(finding: "Finding") -> None:
        progress.end()
        click.echo(
            msgspec.json.encode(difference_of(finding)).decode() if json_wanted else f"{finding} [{finding.code}]"
        )

    found = audit_whole(production_folder((folder or Path.cwd()).resolve()), tell=tell, progress=progress)
    progress.end()
    answer = audit_answer(found.verdict, found.origin, found.state, found.differences, found.unread)
    for line in [msgspec.json.encode(answer).decode()] if json_wanted else audit_lines(answer):
        click.echo(line)
    status = int(found.verdict)
    sys.exit(0 if status == 31 and allow_unwitnessed else status)


@log.command("problems")
@in_production
@as_json
def problems(folder: Path | None, json_wanted: bool) -> None:
    """List records that contradict others: two makings of one version, circles, two contents of one version."""
    from edgecode.answers.record.verdict import problems_answer
    from edgecode.production.audit.stated_erasures import clock_findings

    with opened(folder) as production:
        found = production.problems()
        clocks = list(clock_findings(production.ledger))
    if json_wanted:
        print_json(problems_answer(found))
        return
    for problem in found:
        about = " ".join(part for part in (problem.step, problem.version) if part)
        click.echo(f"entry {problem.log_index:>6}  {problem.code:<28} {about}")
    for entry, what in clocks:
        click.echo(f"entry {entry:>6}  {'clock.back':<28} {what}")
    if not found:
        click.echo("No record contradicts another.")


@log.command("prove")
@click.argument("entry", type=click.IntRange(0))
@click.option("--leaf", is_flag=True, help="Print the entry's own bytes instead of its proof.")
@in_production
def prove(entry: int, leaf: bool, folder: Path | None) -> None:
    """Print the proof that ENTRY is in the log (c2sp.org/tlog-proof@v1), under a head that witnesses have cosigned where there is one.

    Check it with edgecode-verify."""
    from edgecode.production.packs.making import head_over

    with opened(folder) as production:
        if leaf:
            sys.stdout.buffer.write(production.entry(entry)[0].leaf)
        else:
            sys.stdout.buffer.write(production.log.proof(entry, checkpoint=head_over(production, entry + 1)))


@log.command("checkpoint")
@click.option(
    "--key", "key_wanted", is_flag=True, help="Print the log's public key instead (hand it over by another way)."
)
@in_production
def checkpoint(key_wanted: bool, folder: Path | None) -> None:
    """Print the latest signed checkpoint: origin, size, root, signatures of the log and of the witnesses that have signed it."""
    from edgecode.production.witnessing import best_head

    with opened(folder) as production:
        if key_wanted:
            click.echo(str(production.log.key))
        else:
            sys.stdout.buffer.write(best_head(production))


@log.command("publish")
@click.option(
    "--to",
    default="",
    help="A folder, or s3://BUCKET/PREFIX (default: publish.to in edgecode.toml, else .edgecode/published).",
)
@in_production
def publish(to: str, folder: Path | None) -> None:
    """Write tiles, entries (without sections) and checkpoint for outsiders; with the witnesses' signatures when there are any."""
    place = to if not to or to.startswith("s3:") else str(Path(to).resolve())
    with opened(folder) as production:
        head, name = production.publish(place)
    said(f"published {head.size:,} entries in {name}")


log.add_command(disclose)
log.add_command(open_letter)
log.add_command(sequence)
log.add_command(inbox)


@log.command("recover")
@click.option("--yes", is_flag=True, help="Do it; without this it only says what would be kept and lost.")
@click.option(
    "--force-lost",
    "force",
    type=click.Choice(["damaged", "lost"]),
    help="Although the log did not go back in time: its ledger is damaged, or its newest entries are known to be lost.",
)
@click.option(
    "--to",
    default="",
    metavar="URL",
    help="The successor's ledger (default: a new file; PostgreSQL needs a new database).",
)
@click.option("--key", "signer", default="", metavar="URI", help="A new signing key (default: the one that signs now).")
@click.option(
    "--certificate",
    "certificates",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The certificate or order of an erasure among the lost entries: the successor takes it (repeat for more).",
)
@in_production
def recover(
    yes: bool, force: str | None, to: str, signer: str, certificates: tuple[Path, ...], folder: Path | None
) -> None:
    """Begin a successor of a log that went back in time; it holds what is left, and says of what it is the successor."""
    from typing import cast

    from edgecode.production.erasing.again import erase_again, erasure_in
    from edgecode.production.log.recovering import Force, is_unfinished, plan_recovery
    from edgecode.production.log.recovering import recover as recover_now
    from edgecode.settings import production_folder

    place, kind = production_folder((folder or Path.cwd()).resolve()), cast("Force", force or "")
    lost = [erasure_in(file.read_bytes()) for file in certificates]
    if not is_unfinished(place):
        plan = plan_recovery(place, force=kind)
        for line in _plan_lines(plan):
            click.echo(line)
    if not yes:
        said("nothing was changed; --yes does it")
        return
    done = recover_now(place, force=kind, to=to, signer=signer, world=terminal_world())
    click.echo(f"The log is now {done.origin} with {done.kept:,} entries of the one before.")
    if done.old_ledger:
        click.echo(f"The old ledger is kept as {done.old_ledger}.")
    # Opened whether anything was given or not: the folder keeps copies of what was approved, and takes these.
    with opened(place) as production:
        for fact in lost:
            erase_again(production, fact)
    said(
        "hand the line of .edgecode/log.vkey to whoever verifies; the index is made again when the production is opened"
    )


def _plan_lines(plan: "Plan") -> Iterator[str]:
    """What a recovery would do, for people."""
    yield f"log {plan.origin}"
    for trace in plan.seen:
        yield f"  {trace.where} has seen {trace.size:,} entries"
    yield f"  the ledger here holds {plan.stands:,}"
    yield f"kept: {plan.kept:,} of them, byte for byte, in a new log"
    if plan.lost:
        yield f"lost: entries {plan.kept:,} to {plan.furthest.size - 1:,}, which were signed and are not here"
    if plan.waiting:
        yield f"kept: {plan.waiting:,} events that wait in the inbox"
