"""`edgecode person`: who is in the record, under an alias; what is noted of them, where they are seen, what is held, what is erased."""

from pathlib import Path

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import as_json, echo_folded, in_production, opened, print_json, said, written_key
from edgecode.cli.erasing import approve, approver, certificate, erase
from edgecode.cli.parties import COMMANDS, written_values
from edgecode.errors import RefusedError, UsageError

CLASSES = ("identity", "contact", "likeness", "session", "agreement", "claim", "other")
REASONS = ("legal-hold", "dispute", "unpaid-statement")
HOW = ("depicted", "heard", "performed", "likeness-source")


@click.group()
def person() -> None:
    """People in the record: who they are, who signs for them, where they are seen, what is held and erased. Papers print the alias."""


@person.command("add")
@click.option("--name", default="", help="Their name; sealed with their own key.")
@click.option("--field", "fields", multiple=True, metavar="FIELD=VALUE", help="More about who they are.")
@click.option("--contact", "contacts", multiple=True, metavar="FIELD=VALUE", help="How to reach them: email=…, agent=…")
@click.option("--another", is_flag=True, help="It is another person, although somebody of that name is here.")
@in_production
def add(name: str, fields: tuple[str, ...], contacts: tuple[str, ...], another: bool, folder: Path | None) -> None:
    """Note a person; prints the alias that stands for them from here on."""
    from edgecode.production.persons.noting import add_person, aliases_named

    name = name.strip()
    identity = {**({"name": name} if name else {}), **written_values(fields)}
    if not any(value.strip() for value in identity.values()):
        raise UsageError(
            "person.nameless", "it is not said who it is", "Give --name, or what they are known by: --field isni=…"
        )
    with opened(folder) as production:
        if name and not another and (there := aliases_named(production, name)):
            raise RefusedError(
                "person.there",
                f"somebody of that name is here already: {', '.join(there)}",
                "Use that alias; for another person of the same name add --another",
            )
        click.echo(add_person(production, identity=identity, contact=written_values(contacts)))


@person.command("rename")
@click.argument("called", metavar="ALIAS|ID")
@in_production
def rename(called: str, folder: Path | None) -> None:
    """Give a person a fresh alias and print it. ID: a note, depiction or hold of theirs, where two persons share an alias."""
    from edgecode.production.persons.noting import rename_person

    with opened(folder) as production:
        click.echo(rename_person(production, called))


@person.command("note")
@click.argument("alias")
@click.argument("values", nargs=-1, metavar="FIELD=VALUE...")
@click.option(
    "--class", "holds", type=click.Choice(CLASSES), required=True, help="What kind of data it is, for retention."
)
@click.option("--replaces", default="", metavar="NOTE", help="An earlier note that this one corrects.")
@in_production
def note(alias: str, values: tuple[str, ...], holds: str, replaces: str, folder: Path | None) -> None:
    """Write something down about a person, sealed; prints the note's id."""
    from edgecode.production.persons.noting import note_person

    with opened(folder) as production:
        click.echo(note_person(production, alias, holds, written_values(values), replaces=replaces))  # type: ignore[arg-type]


@person.command("depicted")
@click.argument("alias")
@click.option("--version", "what", metavar="VERSION", default="", help="A file, record id, digest, edge code or name.")
@click.option("--how", type=click.Choice(HOW), default="depicted", show_default=True, help="How they are in it.")
@click.option("--in", "first", type=int, default=None, help="The first frame of it (the version's own number).")
@click.option("--out", "end", type=int, default=None, help="The frame after the last.")
@click.option(
    "--biometric", is_flag=True, help="It is their scan, voice or capture itself: its digests and places go with them."
)
@click.option("--withdraw", metavar="DEPICTION", help="Instead: take one back that was noted in error.")
@in_production
def depicted(
    alias: str,
    what: str,
    how: str,
    first: int | None,
    end: int | None,
    biometric: bool,
    withdraw: str | None,
    folder: Path | None,
) -> None:
    """Note that a person is seen or heard in a version; prints the depiction's id."""
    from edgecode.production.persons.noting import depict, withdraw_depiction

    if bool(what) == bool(withdraw):
        raise UsageError("person.arguments", "give --version or --withdraw", "As in: --version shot.mov --how heard")
    with opened(folder) as production:
        if withdraw:
            withdraw_depiction(production, withdraw)
            said("withdrawn")
            return
        target = production.digest_of(Path(what)) if Path(what).exists() else what
        click.echo(depict(production, alias, target, how=how, first=first, end=end, biometric=biometric))


@person.command("list")
@click.option("--reveal", is_flag=True, help="Print names beside the aliases.")
@in_production
@as_json
def list_persons(reveal: bool, folder: Path | None, json_wanted: bool) -> None:
    """Everybody by alias with how much is noted of them, and what was erased. Names only with --reveal, and never as JSON."""
    from edgecode.answers.desk.persons import persons_answer, persons_text
    from edgecode.production.erasing.lost import lost_people
    from edgecode.production.persons.noting import names_by_alias, today

    if reveal and json_wanted:
        raise UsageError("person.reveal", "names are not printed as JSON", "Take --json away, or --reveal")
    with opened(folder) as production:
        answer = persons_answer(production.index, today=today(production))
        lost = lost_people(production)
        names = names_by_alias(production) if reveal else {}
    for one in lost:
        what = f"{one.alias or '-'}   {counted(one.entries, 'entry', 'entries')}"
        said(f"{what} that the present log does not lead to: edgecode person erase {one.alias or '-'} --lost")
    if json_wanted:
        print_json(answer)
        return
    echo_folded(persons_text(answer, names=names))


@person.command("show")
@click.argument("alias")
@click.option(
    "--reveal", is_flag=True, help="Print names and everything noted; without it, only what kinds of things are."
)
@in_production
def show(alias: str, reveal: bool, folder: Path | None) -> None:
    """What is noted of a person. Names, and what fields of their own are called, only with --reveal."""
    from edgecode.answers.desk.parties import note_lines, party_lines
    from edgecode.answers.layout.columns import printable
    from edgecode.checks.register import Register
    from edgecode.index.persons import person_called
    from edgecode.production.persons.noting import person_of

    with opened(folder) as production:
        found = person_of(production, alias)
        row = person_called(production.index, alias)
        parties = list(
            party_lines(Register.read(production.index, origin=production.log.origin), row.id, reveal=reveal)
        )
    for one in found.notes:
        click.echo(f"{one.holds:<10} {one.note}  entry {one.entry}")
        for line in note_lines(one.values, reveal=reveal):
            click.echo(f"    {line}")
    for depiction in found.depictions:
        frames = f" frames {depiction.first}-{depiction.end}" if depiction.first is not None else ""
        biometric = ", biometric" if depiction.biometric else ""
        click.echo(f"{depiction.how:<10} {depiction.depiction}  version {depiction.version}{frames}{biometric}")
    for line in parties:
        click.echo(printable(line))
    for right in found.rights:
        click.echo(f"{right.kind} {right.record}  entry {right.entry}")
        for field, value in right.values.items() if reveal else ():
            click.echo(f"    {printable(field)}: {printable(value)}")
    for hold in found.holds:
        click.echo(f"hold       {hold.hold}  {hold.why}: {', '.join(hold.keeps)} {hold.until}")


@person.command("holds")
@in_production
@as_json
def list_holds(folder: Path | None, json_wanted: bool) -> None:
    """Holds that keep something from being erased."""
    from edgecode.answers.desk.persons import holds_answer, holds_text
    from edgecode.production.persons.noting import today

    with opened(folder) as production:
        answer = holds_answer(production.index, today=today(production))
    if json_wanted:
        print_json(answer)
        return
    echo_folded(holds_text(answer))


@person.command("hold")
@click.argument("alias")
@click.option("--why", type=click.Choice(REASONS), required=True, help="What it is placed for.")
@click.option(
    "--keep", "keeps", multiple=True, type=click.Choice(CLASSES), required=True, help="A class that must stay."
)
@click.option("--until", default="", metavar="DATE", help="Its last day, 2027-03-31 (default: until it is released).")
@click.option("--note", "words", default="", help="Why, in words; kept sealed.")
@in_production
def hold(alias: str, why: str, keeps: tuple[str, ...], until: str, words: str, folder: Path | None) -> None:
    """Keep classes of what is noted of a person although erasure is asked; prints the hold's id."""
    from edgecode.production.persons.noting import place_hold

    with opened(folder) as production:
        click.echo(place_hold(production, alias, why, keeps, until=until, note=words))  # type: ignore[arg-type]


@person.command("release")
@click.argument("hold")
@click.option("--note", "words", default="", help="Why, in words; kept sealed.")
@in_production
def release(hold: str, words: str, folder: Path | None) -> None:
    """End a hold."""
    from edgecode.production.persons.noting import lift_hold

    with opened(folder) as production:
        lift_hold(production, hold, note=words)
    said("released; what it alone had kept may be erased by a new order")


@person.command("reader-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def reader_key(file: Path) -> None:
    """Make a key in FILE that opens what is sealed to it; prints the public key to hand to whoever seals."""
    from edgecode.drivers.sealed_letters import create_reader_key

    click.echo(create_reader_key(file))


@person.command("export")
@click.argument("alias")
@click.option(
    "--to",
    "reader",
    default="",
    metavar="HEX|FILE",
    help="Seal it to this public key (person reader-key), or one in a file.",
)
@click.option("--passphrase", is_flag=True, help="Seal it with a passphrase, which is asked for.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@in_production
def export(alias: str, reader: str, passphrase: bool, out: Path, folder: Path | None) -> None:
    """Hand a person their own record: everything held about them, opened, with proofs, sealed for them."""
    from edgecode.cli.context import ask_passphrase
    from edgecode.drivers.private_files import create_private
    from edgecode.drivers.sealed_letters import seal_to_key, seal_with_passphrase
    from edgecode.production.packs.disclosing import own_record

    if bool(reader) == passphrase:
        raise UsageError("person.arguments", "give --to READERKEY or --passphrase", "Nothing personal leaves unsealed")
    words = ask_passphrase(out.name, twice=True) if passphrase else ""
    reader = written_key(reader)
    with opened(folder) as production:

        def seal(data: bytes) -> bytes:
            if passphrase:
                return seal_with_passphrase(data, words, randomness=production.world.randomness)
            return seal_to_key(data, reader)

        create_private(out, own_record(production, alias, seal=seal))
    said(f"wrote {out.name}; its reader opens it with: edgecode log open {out.name}")


for command in (approver, approve, erase, certificate, *COMMANDS):
    person.add_command(command)
