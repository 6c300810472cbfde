"""`edgecode witness`: being somebody's witness, and asking one's own. Over HTTP, or with files carried by hand."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import as_json, in_production, opened, print_json, said
from edgecode.cli.ending import end_on_sigterm

if TYPE_CHECKING:
    from edgecode.answers.record.witnesses import WitnessSubmit
    from edgecode.drivers.witness_server import Witness
    from edgecode.ledger.notes import VerifierKey
    from edgecode.production.witnessing import Submitted

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
MAX_FILE_BYTES = 1 << 20


@click.group()
def witness() -> None:
    """Witnesses: organisations that sign what a log shows them, so that it can show nobody another history.

    To be one: init, trust, serve, sign, key. To ask one: submit, or request and accept with files; status, compare.
    """


# ------------------------------------------------------------------------------------------ being one


@witness.command("init")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--name", required=True, help="As others will know it: your organisation's domain, a slash, and a word.")
def init(folder: Path, name: str) -> None:
    """Begin a witness in DIR with a key of its own. Prints the public key: give it to those who shall ask you."""
    from edgecode.drivers.witness_folder import create_witness

    click.echo(str(create_witness(folder, name=name)))


@witness.command("key")
@click.argument("folder", metavar="DIR", type=FOLDER)
def key(folder: Path) -> None:
    """Print the public key of the witness in DIR."""
    from edgecode.drivers.witness_folder import public_key

    click.echo(str(public_key(folder)))


@witness.command("trust")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("keys", metavar="[VKEY]...", nargs=-1)
@click.option(
    "--latest",
    type=FILE,
    help="A head with this witness's own signature: after its folder came back from a copy, tell it what it has signed since.",
)
def trust(folder: Path, keys: tuple[str, ...], latest: Path | None) -> None:
    """Watch the logs of these public keys too (edgecode log checkpoint --key prints one). Get them from their owners."""
    from edgecode.drivers.witness_folder import remember_latest, watch
    from edgecode.errors import UsageError

    if not keys and latest is None:
        raise UsageError("witness.nothing_given", "neither a key nor --latest was given", "As in: trust DIR LOG-KEY")
    if latest is not None:
        origin, size = remember_latest(folder, _read(latest))
        said(f"{origin}: {size:,} entries are signed; it signs nothing that does not continue them")
        if not keys:
            return
    new = watch(folder, [_key(text) for text in keys])
    said(f"{new} new; the others were watched already" if new < len(keys) else f"{new} new")


@witness.command("serve")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--port", type=click.IntRange(0, 65535), default=8377, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--prefix", default="", help="A path before the two routes, as in /witness.")
def serve(folder: Path, port: int, host: str, prefix: str) -> None:
    """Answer over HTTP until stopped: POST /add-checkpoint and GET /<sha256 of the origin>/checkpoint (c2sp.org/tlog-witness).

    Listens to this machine alone unless --host says otherwise; put a server that speaks TLS before it. Ends on SIGTERM, so that a
    service manager can stop it, and on Ctrl-C.
    """
    from edgecode.drivers.witness_server import WitnessServer
    from edgecode.errors import UnavailableError

    serving = _witness(folder)
    try:
        server = WitnessServer(serving, host=host, port=port, prefix=prefix, said=said)
    except OSError as error:
        what = f"the witness cannot listen on port {port} ({error.strerror})"
        raise UnavailableError("witness.port", what, "Give another --port or --host") from error
    with server:
        end_on_sigterm()
        # The line is read by programs that start a witness and need its port.
        click.echo(f"{serving.cosigner.name} listens on http://{host}:{server.server_address[1]}{server.prefix}")
        sys.stdout.flush()
        server.serve_forever()


@witness.command("sign")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--out", type=FILE, help="Write the cosigned checkpoint here instead of on stdout.")
@click.option("--lines", is_flag=True, help="Only the signature lines, as the HTTP protocol has them.")
def sign(folder: Path, file: Path, out: Path | None, lines: bool) -> None:
    """Sign a request that was carried here as a file, under the same rules as over HTTP; carry back what this writes."""
    from edgecode.errors import RefusedError

    answer = _witness(folder).add_checkpoint(_read(file))
    if answer.status == 409:
        size = int(answer.body)
        raise RefusedError(
            "witness.other_size",
            f"this witness has signed {size} entries of that log, and the request begins elsewhere",
            f"Ask for one from there: edgecode witness request --old {size}",
        )
    if answer.status != 200 or answer.latest is None:
        why = answer.body.decode().strip()
        raise RefusedError(
            "witness.would_not", f"nothing was signed: {why} (status {answer.status})", "Ask who sent it"
        )
    _write(answer.body if lines else answer.latest, out)


# ------------------------------------------------------------------------------------------ asking one


@witness.command("submit")
@in_production
@as_json
def submit(folder: Path | None, json_wanted: bool) -> None:
    """Ask every witness of the policy that has a URL to sign the latest head. Exit 0 when enough have, 31 when not."""
    from edgecode.production import witnessing

    with opened(folder) as production:
        answer = _submit_answer(witnessing.submit(production), production.log.origin)
    _tell(answer, json_wanted=json_wanted)


@witness.command("request")
@click.option(
    "--witness", "name", default="", help="Its name in the policy, or its organisation, where there are several."
)
@click.option("--old", type=click.IntRange(0), help="How many entries it says it has signed (default: as known here).")
@click.option("--out", type=FILE, help="Write the request here, as in head.add-checkpoint, instead of on stdout.")
@in_production
def request(name: str, old: int | None, out: Path | None, folder: Path | None) -> None:
    """Write the latest head with its proof as a file, to carry to a witness that has no network. It holds no entry."""
    from edgecode.production import witnessing

    with opened(folder) as production:
        data = witnessing.request(production, witness=name, old=old)
    _write(data, out)


@witness.command("accept")
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--request", "asked", type=FILE, help="When FILE holds signature lines alone: the request that they answer."
)
@in_production
@as_json
def accept(file: Path, asked: Path | None, folder: Path | None, json_wanted: bool) -> None:
    """Keep what a witness has signed and carried back. Exit 0 when enough have signed that head, 31 when not."""
    from edgecode.production import witnessing

    request_bytes = None if asked is None else _read(asked)
    with opened(folder) as production:
        found = witnessing.accept(production, _read(file), asked=request_bytes)
        answer = _submit_answer(found, production.log.origin)
    _tell(answer, json_wanted=json_wanted)


@witness.command("status")
@in_production
@as_json
def status(folder: Path | None, json_wanted: bool) -> None:
    """How far the witnesses are: entries since the last head that enough have signed, and who has signed what."""
    from edgecode.answers.record.witnesses import WitnessRow, WitnessStatus, status_lines
    from edgecode.ledger.policy import keeper_unknown, organisation
    from edgecode.production import witnessing

    with opened(folder) as production:
        found, origin = witnessing.standing(production), production.log.origin
    rows = [
        WitnessRow(seen.line.name, org, org != organisation(origin), seen.size, seen.seconds, seen.line.url)
        for seen in found.seen
        for org in [organisation(seen.line.key.name)]
    ]
    answer = WitnessStatus(
        origin,
        found.size,
        found.witnessed,
        found.size - found.witnessed,
        found.quorum.organisations,
        found.quorum.needed,
        found.reachable,
        not keeper_unknown(origin),
        tuple(rows),
    )
    if json_wanted:
        print_json(answer)
        return
    for line in status_lines(answer):
        click.echo(line)


@witness.command("compare")
@click.argument("one", metavar="A", type=click.Path(path_type=Path))
@click.argument("other", metavar="B", type=click.Path(path_type=Path))
@click.option(
    "--key", "keys", multiple=True, help="The log's public key, where there is no production here; repeatable."
)
@click.option("--out", type=FILE, help="Write the evidence here when the two cannot belong to one history.")
@in_production
def compare(one: Path, other: Path, keys: tuple[str, ...], out: Path | None, folder: Path | None) -> None:
    """Whether two signed heads of a log, files or published folders, can belong to one history. Exit 33 when they cannot.

    Heads of two sizes need the entries of the larger one: this production's, or those of a published folder.
    """
    from edgecode.cli.comparing import compared

    if keys:
        found = compared(one, other, keys=[_key(text) for text in keys])
    else:
        with opened(folder) as production:
            found = compared(one, other, production=production)
    if found is None:
        click.echo("The two heads belong to one history.")
        return
    if out is not None:
        out.write_bytes(found.encode())
    where = f" The evidence is in {out.name}; edgecode-verify checks it." if out else " --out FILE writes the evidence."
    click.echo(f"DIVERGED   the two heads cannot belong to one history.{where}")
    sys.exit(33)


def _witness(folder: Path) -> "Witness":
    from edgecode.drivers.witness_folder import cosigner, memory, watched
    from edgecode.drivers.witness_server import Witness
    from edgecode.drivers.world import World

    clock = World().milliseconds
    signer = cosigner(folder)
    return Witness(memory(folder), signer, lambda: watched(folder), lambda: clock() // 1000)


def _submit_answer(found: "Submitted", origin: str) -> "WitnessSubmit":
    from edgecode.answers.record.witnesses import WitnessOutcome, WitnessSubmit
    from edgecode.ledger.policy import keeper_unknown

    reached, organisations, needed = found.quorum
    outcomes = tuple(WitnessOutcome(one.witness, one.organisation, one.code, one.sentence) for one in found.outcomes)
    return WitnessSubmit(found.size, reached, organisations, needed, not keeper_unknown(origin), outcomes)


def _tell(answer: "WitnessSubmit", *, json_wanted: bool) -> None:
    from edgecode.answers.record.witnesses import submit_lines

    if json_wanted:
        print_json(answer)
    else:
        for line in submit_lines(answer):
            click.echo(line)
    sys.exit(0 if answer.reached else 31)


def _key(text: str) -> "VerifierKey":
    """A public key as typed, or from a file that holds it alone."""
    from edgecode.ledger.notes import VerifierKey

    path = Path(text)
    return VerifierKey.parse(_read(path).decode("utf-8", "replace").strip() if path.is_file() else text)


def _read(path: Path) -> bytes:
    from edgecode.errors import NotFoundError

    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{path.name} cannot be read ({error.strerror})", "Check the path"
        ) from error


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)
