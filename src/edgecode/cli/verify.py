"""`edgecode-verify`: checks a pack, a published log, a proof or evidence, offline, with the trusted path and nothing else of ours."""

import argparse
import json
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from edgecode.errors import EdgecodeError, InputError, NotFoundError, UnverifiableError
from edgecode.ledger.evidence import START as EVIDENCE
from edgecode.ledger.evidence import signers_of, verify_evidence
from edgecode.ledger.notes import ED25519, PROOF_HEADER, VerifierKey, open_checkpoint
from edgecode.ledger.packs import EVENT, HEAD, KEEPERS_POLICY, MADE, PROOF, PackReport, verify_pack
from edgecode.ledger.policy import Policy, Quorum, keeper_unknown, organisation
from edgecode.ledger.tiles import TileName, decode_bundle, tile_path, width_at
from edgecode.ledger.verify import MAX_FINDINGS, Finding, Report, Verdict, finding_of, verify_log, verify_proof
from edgecode.ledger.zips import read_zip, write_zip

MAX_NOTE_BYTES = 1 << 20  # a checkpoint, a proof or a key
MAX_BUNDLE_BYTES = 256 * (2 + 65_535)
MAX_TILE_BYTES = 256 * 32
MAX_PACK_BYTES = 2**31 - 1
_MOST_AHEAD_SECONDS = 86_400
_END_OF_ZIP_BYTES = 22 + 65_535
"""The end record of a zip and the longest comment after it."""
MAX_HOLES = 64
"""After this many absent bundles the rest is not asked for: the size in a checkpoint is its signer's word."""

_PROVES = {
    Verdict.WITNESSED: "Everything checks, and the witnesses asked for have signed the same history.",
    Verdict.UNWITNESSED: "Everything checks. No quorum of witnesses: whoever runs the log could have shown others another history.",
    Verdict.UNVERIFIABLE: "It cannot be told. Nothing here is shown to be altered.",
    Verdict.DIVERGED: "Two signed heads of this log cannot belong to one history.",
    Verdict.INVALID: "Something is not what was recorded.",
}


_KINDS = {"cut": "a cut", "erasure": "an erasure", "disclosure": "a disclosure"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status (0, 2, 20, 21, 30, 31, 32, 33)."""
    given = _parser().parse_args(arguments)
    try:
        report, signed = _judge(given)
    except EdgecodeError as error:
        print(f"edgecode-verify: {error}", file=sys.stderr)
        return error.exit_status
    hint = _hint(given.what) if report.verdict is Verdict.INVALID else ""
    try:
        for line in [_json(report, signed)] if given.json else _lines(report, signed, hint):
            print(_plain(line))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough; the status still says how it ended.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if report.verdict is Verdict.UNWITNESSED and given.allow_unwitnessed:
        return 0
    return int(report.verdict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="edgecode-verify",
        description="Check an evidence pack, a published log, or the proof that one entry is in a log, without the network and "
        "without an account.",
        epilog="Exit: 0 witnessed, 30 invalid, 31 unwitnessed, 32 cannot be told, 33 diverged, 2 wrong usage, 20 bad input, 21 not found.",
    )
    parser.add_argument(
        "what",
        type=Path,
        help="a pack (.zip), a folder with checkpoint and tile/, a .tlog-proof file, or an evidence file",
    )
    parser.add_argument(
        "--policy",
        type=Path,
        help="a trust file (c2sp.org/tlog-policy): keys of logs, witnesses, how many must have signed",
    )
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        help="the log's verifier key, or a file that holds it, instead of the policy's; repeated for a log that has changed "
        "keys. Get it from its owner",
    )
    parser.add_argument("--leaf", type=Path, help="with a proof: the file with the entry's bytes")
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        help="without a policy: a witness's verifier key or file; may be repeated",
    )
    parser.add_argument(
        "--quorum",
        type=_count,
        default=None,
        help="how many of these witnesses, each of another organisation, must have signed (default: all)",
    )
    parser.add_argument(
        "--allow-unwitnessed", action="store_true", help="exit 0 when everything but the quorum is there"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON (edgecode.verification/1)")
    parser.add_argument(
        "--extract",
        type=Path,
        metavar="DIR",
        help="with a pack: write its leaves, proofs and checkpoint into a new folder, for verifiers that others wrote",
    )
    return parser


class Signed(NamedTuple):
    """The keys that signed the head: *by*, of *given* ones for its log."""

    by: tuple[VerifierKey, ...] = ()
    given: tuple[VerifierKey, ...] = ()


def _judge(given: argparse.Namespace) -> tuple[Report, Signed]:
    pack = _pack(given.what)
    if pack is not None:
        if given.extract is not None:
            _extract(pack, given.extract)
        trusted = _policy(given) if given.policy is not None or given.key or given.witness or given.quorum else None
        judged = verify_pack(pack, trusted)
        return judged, _signed(judged, _head_in(pack) if judged.checkpoint else b"", trusted)
    policy = _policy(given)
    if _is_folder(given.what):
        report = _judge_folder(given.what, policy)
        return report, _signed(report, _there(given.what / "checkpoint", MAX_NOTE_BYTES, inside=True), policy)
    if _there(given.what, len(EVIDENCE)).startswith(EVIDENCE):
        return verify_evidence(_there(given.what), policy), Signed()
    if not _there(given.what, len(PROOF_HEADER)).startswith(PROOF_HEADER.encode()):
        what = f"{given.what.name} is no pack, no folder of a published log, no proof and no evidence"
        raise InputError("verify.other_file", what, "Check which file you were given, and that mail has not changed it")
    if given.leaf is None:
        raise InputError("verify.no_leaf", "a proof is about an entry, and none is given", "Give --leaf FILE")
    proof = _there(given.what)
    report = verify_proof(proof, entry=_there(given.leaf), policy=policy)
    return report, _signed(report, proof.partition(b"\n\n")[2], policy)


def _signed(report: Report, note: bytes, policy: Policy | None) -> Signed:
    """Who signed the head that was judged: nobody where it was not, or where no key was given."""
    if report.checkpoint is None or policy is None:
        return Signed()
    try:
        return Signed(signers_of(note, policy), policy.log_keys(report.checkpoint.origin))
    except EdgecodeError:
        return Signed()


def _head_in(pack: bytes) -> bytes:
    """The signed head in a pack; b"" where it cannot be read. Whether it holds was judged before."""
    try:
        with ZipFile(BytesIO(pack)) as opened, opened.open(HEAD) as member:
            return member.read(MAX_NOTE_BYTES)
    except (BadZipFile, KeyError, NotImplementedError, ValueError, OSError, EOFError, zlib.error):
        return b""


def _policy(given: argparse.Namespace) -> Policy:
    """What the words on the command line trust: a policy file, keys instead of the file's logs, or keys and witnesses alone."""
    # A key that stands in two files is one key.
    keys = list(dict.fromkeys(key for text in given.key for key in _keys(text, option="--key")))
    witnesses = list(dict.fromkeys(key for text in given.witness for key in _keys(text, option="--witness")))
    if given.policy is not None:
        if given.witness or given.quorum:
            raise InputError("verify.quorum", "the policy says which witnesses count", "Give --policy or --witness")
        policy = Policy.parse(_there(given.policy))
        return policy.of_logs(*keys) if keys else policy
    if not keys:
        raise InputError("verify.no_key", "it is not said whose log this is", "Give --key or --policy")
    # Who names witnesses and no number wants all of them.
    quorum = len({organisation(key.label) for key in witnesses}) if given.quorum is None else given.quorum
    if quorum > len(witnesses):
        raise InputError("verify.quorum", "the quorum is larger than the number of witnesses", "Give more --witness")
    lines = [f"witness w{number} {key}\n" for number, key in enumerate(witnesses, 1)]
    names = " ".join(f"w{number}" for number in range(1, len(lines) + 1))
    lines.append(f"group asked {quorum} {names}\nquorum asked\n" if quorum else "quorum none\n")
    return Policy.parse("".join(lines).encode()).of_logs(*keys)


def _pack(path: Path) -> bytes | None:
    """The bytes of a pack; None for a folder and for any other file. Raises InputError ``verify.too_large``."""
    if _is_folder(path):
        if (path / "pack.json").is_file():
            what = f"{path.name} is a pack that was unpacked, and only the zip as it was handed over can be judged"
            raise InputError("verify.unpacked", what, "Give the zip; if it is gone, ask for it again")
        return None
    start = _there(path, 4)
    if path.suffix.lower() != ".zip" and not start.startswith(b"PK\x03\x04"):
        return None
    data = _there(path, MAX_PACK_BYTES)
    if len(data) > MAX_PACK_BYTES:
        raise InputError("verify.too_large", f"{path.name} is larger than any pack", "Check the path")
    return data


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise InputError("verify.unreadable", f"{path.name[:60]} cannot be read", "Check the path") from error


def _hint(path: Path) -> str:
    """What most likely became of a file that begins as a pack does and does not hold; "" where nothing plain did."""
    pack = b"" if _is_folder(path) else _there(path, MAX_PACK_BYTES)
    if not pack.startswith(b"PK\x03\x04"):
        return ""
    if b"PK\x05\x06" not in pack[-_END_OF_ZIP_BYTES:]:
        return "The file is cut off: ask for it again."
    # The form of every pack's first header: versions, flags, method and date are the same in all.
    if pack[4:14] != write_zip({"pack.json": b""})[4:14]:
        return "The file was packed again by another program: ask for the original file."
    return ""


def _extract(pack: bytes, folder: Path) -> None:
    """Write what other verifiers read; the names are ours, never the pack's."""
    try:
        folder.mkdir(parents=True)
        for name, data in _parts_of(pack).items():
            (folder / name).write_bytes(data)
    except OSError as error:
        what = f"{folder.name} cannot be made ({error.strerror})"
        raise InputError("verify.extract", what, "Give the name of a folder that is not there yet") from error


def _parts_of(data: bytes) -> dict[str, bytes]:
    """What verifiers of other people read of a pack, under plain names: ``<index>.leaf`` and ``<index>.tlog-proof`` of every event and
    of the one that made the pack, ``checkpoint`` and the keeper's ``policy.txt``. Nothing is judged."""
    members, found = read_zip(data).members, dict[str, bytes]()
    for name, member in members.items():
        if (match := EVENT.fullmatch(name)) and match[2] == "leaf":
            found[f"{match[1]}.leaf"] = member
        elif match := PROOF.fullmatch(name):
            found[f"{match[1]}.tlog-proof"] = member
        elif name in (HEAD, KEEPERS_POLICY, MADE[0], MADE[3]):
            plain = {HEAD: "checkpoint", KEEPERS_POLICY: "policy.txt", MADE[0]: "made.leaf", MADE[3]: "made.tlog-proof"}
            found[plain[name]] = member
    return found


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("it is a number from 0")
    return int(text)


def _judge_folder(folder: Path, policy: Policy) -> Report:
    checkpoint = _there(folder / "checkpoint", MAX_NOTE_BYTES, inside=True)
    try:
        # Before anything else is read: what nobody signed says nothing, not even how much there is to read.
        head = open_checkpoint(checkpoint, policy).checkpoint
    except EdgecodeError as error:
        return Report((finding_of(error, "checkpoint"),), None, 0)
    absent: list[Finding] = []
    report = verify_log(
        _entries(folder, head.size, absent),
        tiles=lambda name: _optional(folder / tile_path(name), MAX_TILE_BYTES, inside=True),
        checkpoints=[checkpoint],
        policy=policy,
    )
    if not absent:
        return report
    # What was not handed over is not called altered: what follows from the hole alone is left out.
    followed = {"entry.missing", "checkpoint.root"}
    kept = [finding for finding in report.findings if finding.code not in followed]
    return Report((*absent, *kept), report.checkpoint, report.entries, report.quorum, report.cosigned)


def _entries(folder: Path, size: int, absent: list[Finding]) -> Iterator[tuple[int, list[bytes]]]:
    for number in range((size + 255) // 256):
        name = TileName("entries", number, width_at(size, level=0, number=number))
        path, thing = folder / tile_path(name), tile_path(name)
        data = _optional(path, MAX_BUNDLE_BYTES, inside=True)
        if data is None:
            absent.append(Finding("bundle.missing", thing, "not there", Verdict.UNVERIFIABLE))
            if len(absent) == MAX_HOLES:
                return
            continue
        try:
            leaves = decode_bundle(data, width=name.width)
        except EdgecodeError as error:
            absent.append(finding_of(error, thing))
            continue
        yield number << 8, leaves


def _plain(line: str) -> str:
    """What a file says of itself moves no cursor."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in line)


def _json(report: Report, signed: Signed) -> str:
    head = report.checkpoint
    said: dict[str, object] = {
        "schema": "edgecode.verification/1",
        "verdict": report.verdict.name,
        "findings": [{"code": one.code, "object": one.object, "what": one.what} for one in report.findings],
        "origin": head.origin if head is not None else None,
        "size": head.size if head is not None else None,
        "root": head.root.hex() if head is not None else None,
        "entries": report.entries,
        "signed_by": [key.label for key in signed.by],
        "cosigned": dict(report.cosigned),
        "keeper_known": head is not None and not keeper_unknown(head.origin),
        "quorum": report.quorum._asdict(),
        "pack": None,
    }
    if isinstance(report, PackReport):
        said["pack"] = {
            "id": report.pack,
            "kind": report.kind,
            "outside": report.outside,
            "made": report.made,
            "given": report.given,
        }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _lines(report: Report, signed: Signed, hint: str = "") -> Iterator[str]:
    yield report.verdict.name
    if hint:
        yield hint
    yield from (f"  {finding}  [{finding.code}]" for finding in report.findings[:MAX_FINDINGS])
    if (more := len(report.findings) - MAX_FINDINGS) > 0:
        yield f"  and {more} more; --json lists them"
    head = report.checkpoint
    if head is not None:
        yield f"log {head.origin}, {head.size} entries, root {head.root.hex()}"
        yield from _of_keys(signed)
        yield f"witnesses: {_witnesses(report.quorum)}"
        yield from (f"  {label.partition('+')[0]} signed {_when(at)}" for label, at in report.cosigned.items())
        if report.quorum.needed and keeper_unknown(head.origin):
            yield (
                "The log's name does not say whose it is: whether a witness is the keeper's own, nothing here can tell. Know your "
                "witnesses."
            )
    if isinstance(report, PackReport):
        yield f"pack {report.pack or 'unknown'}, about {_KINDS.get(report.kind, 'something unknown')}, {report.entries} events"
        if head is not None and report.made >= 0:
            yield _staleness(report, head.size)
        yield "the judged answer is answer.json; answer.txt is the keeper's rendering of it and is not judged"
        if not report.outside:
            yield (
                "Judged under the keys in the pack itself; whose they are, nothing here can tell. Give --policy or --key from a "
                "place you trust."
            )
    yield _PROVES[report.verdict]
    if isinstance(report, PackReport):
        yield "What a pack does not prove stands in its limits.txt."
        return
    yield "Sections beside the log are not part of this check; it says nothing about whether what was recorded is true."


def _of_keys(signed: Signed) -> Iterator[str]:
    """Which keys have signed; a policy cannot say that one of them is retired, so whoever reads this must know."""
    if not signed.by:
        return
    others = [key.id.hex() for key in signed.given if key not in signed.by]
    yield f"signed with the log's key {' and '.join(key.id.hex() for key in signed.by)}" + (
        f", not with {' and '.join(others)}: ask the log's owner which is retired, and since when" if others else ""
    )


def _when(seconds: int) -> str:
    """When a witness says that it signed; its clock is its own, and what cannot be is said."""
    now = time.time()
    if not 0 < seconds < now + _MOST_AHEAD_SECONDS:
        far = f"in the future by this machine's clock ({seconds} seconds since 1970)"
        return f"at a time that is {far if seconds else 'left out (0)'}; when it did, nothing here can tell"
    return f"at {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC by its clock"


def _staleness(report: PackReport, size: int) -> str:
    """How old the answer is: what was recorded after it is not in it, however new the head is that it is proved under."""
    said = f"answer given at {report.given} entries; the head has {size}; pack made at entry {report.made}"
    if report.made > report.given:
        said += f"; {report.made - report.given} entries were recorded between the answer and the pack"
    if size > report.made + 1:
        said += f"; nothing of the {size - report.made - 1} entries after the pack is in it"
    return said


def _witnesses(quorum: Quorum) -> str:
    if not quorum.needed:
        return "none asked for"
    signed = ", ".join(quorum.organisations) or "none"
    return f"signed by {signed}; organisations needed: {quorum.needed}, that count: {len(quorum.organisations)}"


def _keys(text: str, *, option: str) -> list[VerifierKey]:
    """The key that somebody wrote, or those in a file: one a line, as in a log's log.vkey. Raises InputError ``verify.key``."""
    path = Path(text)
    try:
        is_file = path.is_file()
    except OSError:
        is_file = False
    words = _there(path).decode("utf-8", "replace").split() if is_file else [text]
    where = f"what {option} names" if not is_file else f"{path.name}, which {option} names,"
    try:
        keys = [VerifierKey.parse(word) for word in words]
    except UnverifiableError:
        raise
    except EdgecodeError as error:
        what = f"{where} is no verifier key" + (
            ": it is a pack" if is_file and _there(path, 4).startswith(b"PK") else ""
        )
        raise InputError("verify.key", what, "Give name+id+base64, or a file that holds it, one a line") from error
    if not keys:
        raise InputError("verify.key", f"{where} holds no key", "Give name+id+base64, or a file that holds it")
    if any((key.kind == ED25519) != (option == "--key") for key in keys):
        other = "--witness" if option == "--key" else "--key"
        what = f"{where} is {'a witness' if option == '--key' else 'a log'}'s key"
        raise InputError("verify.key", what, f"Give it with {other}")
    return keys


def _there(path: Path, most: int = MAX_NOTE_BYTES, *, inside: bool = False) -> bytes:
    data = _optional(path, most, inside=inside)
    if data is None:
        raise NotFoundError("verify.absent", f"{path.name} is not there", "Check the path")
    return data


def _optional(path: Path, most: int, *, inside: bool = False) -> bytes | None:
    """A plain file's first *most* bytes and one more; None when it is not there. *inside* a folder that others made, a link is refused."""
    # A pipe or a device under a file's name would be read for ever.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | (getattr(os, "O_NOFOLLOW", 0) if inside else 0))
        with os.fdopen(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return file.read(most + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError("verify.unreadable", f"{path.name} cannot be read", "Check the path") from error
    raise InputError("verify.unreadable", f"{path.name} is no plain file", "Check the path")


if __name__ == "__main__":
    sys.exit(main())
