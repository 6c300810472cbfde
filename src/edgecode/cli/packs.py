"""`edgecode packs`: rules as data. Which packs judge the production, what they say, their tests and signatures, and deciding on them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import (
    as_json,
    echo_folded,
    fitted_width,
    in_production,
    opened,
    print_json,
    said,
    written_key,
)
from edgecode.errors import HeldError, InputError, NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from edgecode.checks.rules.pack import Pack, Parameter

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def packs() -> None:
    """Packs of rules: list, show, explain, copy, check, test, sign, verify, and decide which judge."""


@packs.command("list")
@in_production
@as_json
def list_packs(folder: Path | None, json_wanted: bool) -> None:
    """Every pack with what it does here: on, off, watch, not checked, and why. Packs that are not run are listed too."""
    from edgecode.answers.rule_packs import packs_answer, packs_text
    from edgecode.checks.rules.catalogue import VOCABULARY
    from edgecode.production.rule_packs.choosing import own_packs, pack_states
    from edgecode.production.rule_packs.signing import signed_packs

    with opened(folder) as production:
        own = frozenset(pack.id for pack in own_packs(production.settings, production.folder))
        answer = packs_answer(pack_states(production), signed_packs(production), own=own, facts=VOCABULARY)
    if json_wanted:
        print_json(answer)
        return
    echo_folded(packs_text(answer, columns=fitted_width()))


@packs.command("show")
@click.argument("pack")
@in_production
def show(pack: str, folder: Path | None) -> None:
    """What a pack rests on, what is open in it, and its rules. PACK: a name or a file."""
    from edgecode.answers.rule_packs import pack_text

    echo_folded(pack_text(_meant(pack, folder)))


@packs.command("explain")
@click.argument("pack")
@click.argument("rule")
@in_production
def explain(pack: str, rule: str, folder: Path | None) -> None:
    """One rule in full: what it rests on, when it applies, what it requires, which facts it reads and what they mean."""
    from edgecode.answers.rule_packs import rule_text

    meant = _meant(pack, folder)
    found = meant.rule(rule)
    if found is None:
        raise NotFoundError(
            "pack.no_rule", f"{meant.id} has no rule {rule}", f"List them: edgecode packs show {meant.id}"
        )
    echo_folded(rule_text(meant, found))


@packs.command("copy")
@click.argument("pack")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def copy(pack: str, file: Path) -> None:
    """Write a pack that ships to FILE under the file's name, to fill in its sources and sign it."""
    from edgecode.production.rule_packs.choosing import copied_pack
    from edgecode.production.rule_packs.files import SUFFIX

    if file.suffix != SUFFIX:
        raise UsageError("pack.file_name", f"the file of a pack ends with {SUFFIX}", f"As in: rules/my-{pack}{SUFFIX}")
    text = copied_pack(pack, called=file.stem)
    if file.exists():
        raise RefusedError("pack.exists", f"{file.name} is there already", "Give another name")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    click.echo(f"{file.name}: {pack} under the name {file.stem}; its tier, quotes and tests are as they ship")


@packs.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Say everything that is wrong with a pack before anything of it runs: fields, types, words, missing tests, each with its line."""
    from edgecode.checks.rules.pack_reading import pack_or_problems

    pack, problems = pack_or_problems(file.read_bytes(), name=file.name)
    for problem in problems:
        click.echo(problem)
    if pack is None:
        raise InputError(
            "pack.invalid",
            f"{file.name} is no pack of rules",
            "Mend what is listed; docs/reference/packs.md says what a pack holds",
        )
    held = f"{counted(len(pack.rules), 'rule')}, {counted(len(pack.tests), 'test')}"
    click.echo(f"{pack.id} {pack.header.version}: {held}, no problems; sha256 {pack.digest}")


@packs.command("test")
@click.argument("packs_meant", metavar="[PACK|FILE]...", nargs=-1)
@in_production
def test(packs_meant: tuple[str, ...], folder: Path | None) -> None:
    """Run the tests that packs bring; without a name, of all that ship. Exit 10 when one does not come out as it says."""
    from edgecode.checks.rules.pack_testing import run_pack_tests
    from edgecode.production.rule_packs.choosing import shipped_packs

    meant = [_meant(one, folder) for one in packs_meant] or shipped_packs()
    failures = [failure for pack in meant for failure in run_pack_tests(pack)]
    for failure in failures:
        click.echo(failure)
    said(
        f"{counted(len(meant), 'pack')}, {counted(sum(len(pack.rules) for pack in meant), 'rule')}, "
        f"{counted(sum(len(pack.tests) for pack in meant), 'test')}"
    )
    if failures:
        sys.exit(HeldError.exit_status)
    click.echo("every test comes out as it says")


@packs.command("sign")
@click.argument("file", type=FILE)
@click.option("--signer", required=True, metavar="URI", help="The key to sign with: file:KEY.")
def sign(file: Path, signer: str) -> None:
    """Write FILE.sig: a DSSE envelope over the pack's name, version and digest. Several people may sign one after the other."""
    from edgecode.checks.rules.pack_reading import read_pack
    from edgecode.cli.context import terminal_world
    from edgecode.production.rule_packs.signing import SUFFIX, sign_pack

    pack = read_pack(file.read_bytes(), name=file.name)
    beside = file.with_name(file.name + SUFFIX)
    before = beside.read_bytes() if beside.exists() else None
    key = terminal_world().open_signer(signer, Path.cwd())
    beside.write_bytes(sign_pack(pack, key, envelope=before))
    click.echo(f"{beside.name}: signed with {key.actor}")


@packs.command("verify")
@click.argument("file", type=FILE)
@click.option(
    "--key", "keys", multiple=True, required=True, metavar="HEX|FILE", help="A public key that must have signed it."
)
def verify(file: Path, keys: tuple[str, ...]) -> None:
    """Whether every one of these keys signed exactly this pack. Exit 30 when one did not."""
    from edgecode.checks.rules.pack_reading import read_pack
    from edgecode.production.rule_packs.signing import require_signed

    pack = read_pack(file.read_bytes(), name=file.name)
    require_signed(file, pack, [written_key(key) for key in keys])
    click.echo(f"{pack.id} {pack.header.version}: signed by {'this key' if len(keys) == 1 else 'all of these keys'}")


def _deciding(command: "click.decorators.FC") -> "click.decorators.FC":
    for option in (
        click.option(
            "--signer", default="", metavar="URI", help="The member's own key, to sign the decision: file:KEY."
        ),
        click.option("--reason", required=True, help="Why; kept sealed."),
        click.option("--by", "member", required=True, metavar="ALIAS", help="The member who decides."),
        in_production,
    ):
        command = option(command)
    return command


def _decide(
    choice: str, pack: str, folder: Path | None, member: str, reason: str, signer: str, values: tuple[str, ...] = ()
) -> None:
    from edgecode.cli.context import terminal_world
    from edgecode.production.rule_packs.choosing import decide_pack, pack_called, packs_of

    key = terminal_world().open_signer(signer, Path.cwd()) if signer else None
    with opened(folder) as production:
        parameters = _parameters(pack_called(packs_of(production), pack), values)
        click.echo(decide_pack(production, pack, choice, by=member, reason=reason, signer=key, parameters=parameters))


@packs.command("on")
@click.argument("pack")
@_deciding
def switch_on(pack: str, folder: Path | None, member: str, reason: str, signer: str) -> None:
    """Have a pack judge. The decision is about the pack as it reads now, and prints its id."""
    _decide("on", pack, folder, member, reason, signer)


@packs.command("off")
@click.argument("pack")
@_deciding
def switch_off(pack: str, folder: Path | None, member: str, reason: str, signer: str) -> None:
    """Have a pack judge no more. The member signs it for a pack that is on by default or of an agreement that the production works
    under; consent-core and edgecode-desk never go off."""
    _decide("off", pack, folder, member, reason, signer)


@packs.command("adopt")
@click.argument("pack")
@_deciding
def adopt(pack: str, folder: Path | None, member: str, reason: str, signer: str) -> None:
    """Have a pack's rules bite in full, those of less than high confidence too."""
    _decide("adopted", pack, folder, member, reason, signer)


@packs.command("keep-cap")
@click.argument("pack")
@_deciding
def keep_cap(pack: str, folder: Path | None, member: str, reason: str, signer: str) -> None:
    """Leave the rules that the confidence cap softens as they are, knowingly; papers print it."""
    _decide("cap_kept", pack, folder, member, reason, signer)


@packs.command("set")
@click.argument("pack")
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
@_deciding
def set_parameters(
    pack: str, values: tuple[str, ...], folder: Path | None, member: str, reason: str, signer: str
) -> None:
    """Override parameters of a pack; those that are not named have their defaults again. Lists: NAME=a,b"""
    _decide("parameters", pack, folder, member, reason, signer, values)


def _parameters(pack: "Pack", written: tuple[str, ...]) -> dict[str, object]:
    """What somebody typed, as values of the parameters' types where it can be one."""
    known = {one.name: one for one in pack.parameters}
    found: dict[str, object] = {}
    for one in written:
        name, separator, text = one.partition("=")
        if not separator:
            raise UsageError("pack.value", "a parameter is written NAME=VALUE", "As in: ai_share_percent=10")
        found[name] = _typed(text, known[name]) if name in known else text
    return found


def _typed(text: str, parameter: "Parameter") -> object:
    if parameter.type == "bool":
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if (
        parameter.type == "int"
        and text.removeprefix("-").isascii()
        and text.removeprefix("-").isdigit()
        and len(text) < 16
    ):
        return int(text)
    return tuple(part for part in text.split(",") if part) if parameter.type == "strings" else text


def _meant(written: str, folder: Path | None) -> "Pack":
    """A pack by the name of one that ships or is the production's own, or by its file."""
    from edgecode.checks.rules.pack_reading import read_pack
    from edgecode.production.rule_packs.choosing import own_packs, pack_called, shipped_packs
    from edgecode.settings import production_folder, read_settings

    if Path(written).suffix == ".yaml" and Path(written).is_file():
        return read_pack(Path(written).read_bytes(), name=Path(written).name)
    known = shipped_packs()
    try:
        place = production_folder((folder or Path.cwd()).resolve())
    except NotFoundError:
        return pack_called(known, written)
    return pack_called([*known, *own_packs(read_settings(place), place)], written)
