"""`edgecode person approver`, `approve`, `erase` and `certificate`: forgetting a person takes an order and two people."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import as_json, in_production, opened, print_json, said, written_key
from edgecode.errors import InputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from edgecode.events.person_kinds import ErasureGround
    from edgecode.production.erasing.ordering import Order, Plan, RecordCopy, Requester, Verified

GROUNDS = ("no-longer-needed", "consent-withdrawn", "objection", "unlawful", "legal-obligation", "collected-from-child")
REQUESTERS = ("person", "representative", "estate", "authority")
VERIFIED = ("in-person", "identity-document", "known-contact", "court-order", "power-of-attorney")


@click.group()
def approver() -> None:
    """People who may approve an erasure, by opaque ids and keys: create, add, list, retire."""


@approver.command("create")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def create(file: Path) -> None:
    """Make an approver's key in FILE, for its owner alone; prints the public key."""
    from edgecode.drivers.key_files import create_key_file

    click.echo(create_key_file(file).public.hex())


@approver.command("add")
@click.option(
    "--key", required=True, metavar="HEX|FILE", help="The public key, 64 hexadecimal characters, or a file with it."
)
@in_production
def add(key: str, folder: Path | None) -> None:
    """Let somebody approve erasures; prints their opaque id."""
    from edgecode.production.persons.noting import name_approver

    with opened(folder) as production:
        click.echo(name_approver(production, written_key(key)))


@approver.command("list")
@in_production
def list_approvers(folder: Path | None) -> None:
    """Everybody who may approve, or could once."""
    from edgecode.index.persons import approvers

    with opened(folder) as production:
        for identity, (public, counts) in approvers(production.index).items():
            click.echo(f"{identity}  {public}  {'approves' if counts else 'retired'}")


@approver.command("retire")
@click.argument("approver_id", metavar="APPROVER")
@in_production
def retire(approver_id: str, folder: Path | None) -> None:
    """From here on somebody's approvals count no more."""
    from edgecode.production.persons.noting import retire_approver

    with opened(folder) as production:
        retire_approver(production, approver_id)
    said("retired")


@click.command("erase")
@click.argument("alias", required=False)
@click.option("--requested", metavar="DATE", help="The day on which it was asked for.")
@click.option("--requester", type=click.Choice(REQUESTERS), help="Who asked.")
@click.option("--verified", type=click.Choice(VERIFIED), help="How their right to ask was checked.")
@click.option("--ground", type=click.Choice(GROUNDS), help="Why it must be erased.")
@click.option(
    "--record-copy",
    type=click.Choice(["handed-over", "declined"]),
    help="What became of the offer of their own record.",
)
@click.option(
    "--also-text", multiple=True, metavar="STEP", help="A step whose prompts name the person: they go as well."
)
@click.option(
    "--also",
    multiple=True,
    metavar="VERSION",
    help="Another take that is their scan, voice or capture too: it is declared so first, on the record.",
)
@click.option("--order", "file", type=click.Path(path_type=Path, dir_okay=False), help="The order's file.")
@click.option(
    "--again",
    default="",
    metavar="ERASURE|FILE",
    help="Carry an erasure out once more, or one that the log lost: its number, its order or its certificate.",
)
@click.option(
    "--forget-completely",
    is_flag=True,
    help="When carrying out: keep no mark of the erased files either, so that a later scan records them as new ones.",
)
@click.option(
    "--lost",
    is_flag=True,
    help="Of somebody whom the present log does not lead to: ALIAS as in a former ledger, - for all that no key opens.",
)
@in_production
def erase(
    alias: str | None,
    requested: str | None,
    requester: str | None,
    verified: str | None,
    ground: str | None,
    record_copy: str | None,
    also_text: tuple[str, ...],
    also: tuple[str, ...],
    file: Path | None,
    again: str,
    lost: bool,
    forget_completely: bool,
    folder: Path | None,
) -> None:
    """With ALIAS: make an order in a new file that says exactly what would go; nothing is erased. Without: carry an approved order out."""
    from edgecode.production.erasing.lost import plan_lost
    from edgecode.production.erasing.ordering import Request, erase_person, plan
    from edgecode.production.persons.noting import declare_takes

    if again:
        _erase_again(again, folder)
        return
    if file is None:
        raise UsageError("person.arguments", "an order's file is needed", "As in: --order order.json")
    if alias is None:
        order = _order(file)
        with opened(folder) as production:
            production.remembers_erased_files = not forget_completely
            index = erase_person(production, order)
        said(f"erased; the certificate: edgecode person certificate {order.fact.erasure} --out FILE (entry {index:,})")
        return
    asked = {"--requested": requested, "--requester": requester, "--verified": verified, "--ground": ground}
    missing = [name for name, value in asked.items() if not value]
    if missing:
        raise UsageError(
            "person.arguments", f"an order also needs {', '.join(missing)}", "edgecode person erase --help"
        )
    if record_copy is None:
        raise UsageError(
            "erasure.record_copy",
            "the person was not offered their own record yet",
            f"Run: edgecode person export {alias} --to READERKEY --out FILE, then give --record-copy handed-over or declined",
        )
    request = Request(
        requested or "",
        cast("Requester", requester),
        cast("Verified", verified),
        cast("ErasureGround", ground),
        cast("RecordCopy", record_copy),
    )
    with opened(folder) as production:
        if lost:
            found = plan_lost(production, alias.strip("-"), request)
        else:
            declare_takes(production, alias, also)
            found = plan(production, alias, request, also_text=also_text)
    _write(file, found.order, new=True)
    _say_plan(found, file, lost=lost)


@click.command("approve")
@click.argument("order", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--signer", "uri", required=True, help="The approver's key: file:PATH, relative to this folder.")
@in_production
def approve(order: Path, uri: str, folder: Path | None) -> None:
    """Approve an order with an approver's key. It takes two people."""
    from edgecode.production.erasing.ordering import approve as approved
    from edgecode.production.log.approvals import APPROVALS

    with opened(folder) as production:
        signed = approved(production, _order(order), production.world.open_signer(uri, Path.cwd()))
    _write(order, signed, new=False)
    said(f"approved, {len(signed.fact.approvals)} of {APPROVALS}")


@click.command("certificate")
@click.argument("erasure", metavar="ERASURE|ORDER")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it as a pack with its proofs.")
@click.option(
    "--for-person", default="", metavar="ALIAS", help="Print this alias on it: for the person's own copy alone."
)
@in_production
@as_json
def certificate(erasure: str, out: Path | None, for_person: str, folder: Path | None, json_wanted: bool) -> None:
    """The certificate of an erasure (its number, or the order's file): what was destroyed, what stays and why, what it does not reach."""
    from edgecode.answers.packs.erasure import certificate_text
    from edgecode.production.erasing.certificates import certificate_pack, erasure_certificate

    if Path(erasure).is_file():
        erasure = _order(Path(erasure)).fact.erasure
    with opened(folder) as production:
        if out is not None:
            data, given = certificate_pack(production, erasure, person=for_person)
            try:
                out.write_bytes(data)
            except OSError as error:
                raise InputError(
                    "erasure.unwritten", f"{out.name} cannot be written", "Choose another place"
                ) from error
        else:
            given = erasure_certificate(production, erasure, person=for_person)
    if json_wanted:
        print_json(given)
    elif out is None:
        click.echo(certificate_text(given), nl=False)
    if out is not None:
        said(f"wrote {out.name}; check it with: edgecode-verify {out.name}")


def _erase_again(wanted: str, folder: Path | None) -> None:
    from edgecode.production.erasing.again import erase_again, erasure_in, erasure_on_record

    with opened(folder) as production:
        fact = erasure_in(_read(Path(wanted))) if Path(wanted).is_file() else erasure_on_record(production, wanted)
        if fact is None:
            raise NotFoundError(
                "erasure.unknown", "there is no erasure with this number", "Give its order or its certificate, a file"
            )
        index = erase_again(production, fact)
    said(f"erased; the certificate: edgecode person certificate {fact.erasure} --out FILE (entry {index:,})")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError("erasure.order_unreadable", f"{file.name} cannot be read", "Give the order's file") from error


def _order(file: Path) -> "Order":
    from edgecode.production.erasing.ordering import Order

    return Order.parse(_read(file))


def _write(file: Path, order: "Order", *, new: bool) -> None:
    """The order's file; a new one never takes the place of another."""
    try:
        with file.open("xb" if new else "wb") as opened_file:
            opened_file.write(order.encode())
    except OSError as error:
        raise InputError(
            "erasure.unwritten", f"{file.name} cannot be written, or is there already", "Choose another name"
        ) from error


def _say_plan(found: "Plan", file: Path, *, lost: bool) -> None:
    fact = found.order.fact
    click.echo(f"ORDER  {fact.erasure}   {fact.scope}; nothing is erased yet")
    for what, count in found.counts.items():
        click.echo(f"  goes: {count:>4} sections, {what}")
    click.echo(f"        {counted(len(fact.erased), 'entry', 'entries')}, {counted(len(fact.keys), 'key')}")
    for one in fact.kept:
        until = f"until {one.until}" if one.until else "until the hold is released"
        click.echo(f"  stays: {one.sections:>3} sections, {one.holds}: {one.why}, {until}")
    for cut in found.cuts:
        click.echo(f"  the coverage of {cut} will change: what nothing else explains is lost with the digests")
    for other, holds in found.shared.items():
        what = "their hold keeps what both are in" if holds else "nothing holds it, so it goes for both"
        click.echo(f"  {other} is in these scans, voices or captures too: {what}")
    for version in found.takes:
        click.echo(
            f"  stays: version {version}, another take at the same place or of the same file. Is it theirs too? Then: --also {version}"
        )
    for name in found.files:
        others = found.rests.get(name, ())
        if others:
            click.echo(f"  keep this file, or take their part out: {', '.join(others)} rest on it too: {name}")
        else:
            click.echo(f"  delete this file yourself: {name}")
    if found.files:
        click.echo("  until then a keyed mark lets scans hold these files back; --forget-completely keeps none")
    said(f"wrote {file.name}; two approvers run: edgecode person approve {file.name} --signer file:KEY")
    said(f"then: edgecode person erase {'--again' if lost else '--order'} {file.name}")
