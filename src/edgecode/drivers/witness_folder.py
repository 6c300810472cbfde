"""A witness's own folder: its key, its name, the logs that it watches and what it has signed. Nothing of any production lies in it."""

from contextlib import closing
from pathlib import Path

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.private_files import create_private
from edgecode.drivers.published import write_durably
from edgecode.drivers.signers import signer_at
from edgecode.drivers.witness_store import WitnessStore
from edgecode.errors import DivergedError, InputError, NotFoundError, RefusedError, UnavailableError
from edgecode.ledger.notes import COSIGNATURE_ED25519, Checkpoint, Note, VerifierKey, open_checkpoint
from edgecode.ledger.policy import Policy, WitnessLine
from edgecode.ledger.witness import Answer, Cosigner

KEY_FILE, PUBLIC_FILE, LOGS_FILE, STATE_FILE = "witness.key", "witness.vkey", "logs.policy", "witness.db"
MAX_LOGS_BYTES = 1 << 22


def create_witness(folder: Path, *, name: str) -> VerifierKey:
    """Begin a witness *name* (``guild.example/w1``: the organisation before the first ``/``) in a folder; returns its public key.

    Raises RefusedError ``witness.exists``, MalformedError for a name that no key can have, UnavailableError ``witness.unwritable``.
    """
    VerifierKey(name, COSIGNATURE_ED25519, bytes(32))
    if (folder / PUBLIC_FILE).exists() or (folder / STATE_FILE).exists():
        raise RefusedError("witness.exists", "there is a witness in this folder already", "Choose another folder")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        signer = create_key_file(folder / KEY_FILE)
        key = VerifierKey(name, COSIGNATURE_ED25519, signer.public)
        create_private(folder / STATE_FILE)
        WitnessStore.create(folder / STATE_FILE, key=key).close()
        write_durably(folder / LOGS_FILE, Policy().encode())
        write_durably(folder / PUBLIC_FILE, f"{key}\n".encode())
    except OSError as error:
        raise _unwritable(error) from error
    return key


def public_key(folder: Path) -> VerifierKey:
    """The key that others know this witness by. Raises NotFoundError ``witness.absent``."""
    try:
        return VerifierKey.parse((folder / PUBLIC_FILE).read_text("utf-8", "replace").removesuffix("\n"))
    except OSError as error:
        raise NotFoundError(
            "witness.absent",
            "there is no witness in this folder",
            "Begin one: edgecode witness init DIR --name guild.example/w1",
        ) from error


def cosigner(folder: Path) -> Cosigner:
    """The witness with its private key. Raises InputError ``witness.other_key`` when the folder's two keys are not one."""
    public = public_key(folder)
    found = Cosigner(public.name, signer_at(f"file:{KEY_FILE}", folder=folder))
    if found.key != public:
        raise InputError(
            "witness.other_key_file", f"{KEY_FILE} is not the key of {PUBLIC_FILE}", "Bring back both files"
        )
    return found


def memory(folder: Path) -> WitnessStore:
    """What the witness has signed. Raises UnavailableError ``witness.state_absent`` and ``witness.state_lost``: then it signs nothing."""
    return WitnessStore(folder / STATE_FILE, key=public_key(folder))


def remember_latest(folder: Path, note: bytes) -> tuple[str, int]:
    """Tell a witness that was restored from an old copy what it has signed since: *note*, a head with its own cosignature.

    Returns the log's origin and how many entries are kept as signed now. Raises InputError ``witness.not_signed_here`` for a head that
    it has not signed or of a log that it does not watch, DivergedError ``witness.signed_two`` when it remembers another history of
    that size, and what `open_checkpoint` raises.
    """
    key, logs = public_key(folder), watched(folder)
    mine = Policy((*logs.logs,), (WitnessLine("self", key),))
    head, times = open_checkpoint(note, mine)
    if key.label not in times:
        what = "this witness has not signed that head"
        raise InputError("witness.not_signed_here", what, "Give the newest head that carries its signature")
    keys = {(one.name, one.id) for one in mine.known_keys()}
    parsed = Note.parse(note)
    kept = parsed._replace(
        signatures=tuple(one for one in parsed.signatures if (one.name, one.key_id) in keys)
    ).encode()

    def newest(latest: bytes | None) -> Answer:
        before = None if latest is None else Checkpoint.parse(Note.parse(latest).text)
        if before is not None and before.size == head.size and before.root != head.root:
            what = f"this witness has signed two histories of {head.size} entries"
            raise DivergedError(
                "witness.signed_two", what, "Retire it and its key, and tell everybody who counts on it"
            )
        newer = before is None or before.size < head.size
        return Answer(200, str(head.size if newer or before is None else before.size).encode(), kept if newer else None)

    with closing(memory(folder)) as store:
        return head.origin, int(store.answer(head.origin, newest).body)


def watched(folder: Path) -> Policy:
    """The keys of the logs that the witness watches. Raises PolicyError, NotFoundError ``witness.absent``."""
    try:
        with (folder / LOGS_FILE).open("rb") as file:
            return Policy.parse(file.read(MAX_LOGS_BYTES))
    except OSError as error:
        raise NotFoundError("witness.absent", f"{LOGS_FILE} is not there", "Bring it back") from error


def watch(folder: Path, keys: list[VerifierKey]) -> int:
    """Watch the logs of these keys too; how many were new. A log that has changed keys has several. On disk when this returns.

    Raises PolicyError, UnavailableError ``witness.unwritable``.
    """
    known = [line.key for line in watched(folder).logs]
    new = [key for key in dict.fromkeys(keys) if key not in known]
    try:
        write_durably(folder / LOGS_FILE, Policy.of_keys(*known, *new).encode())
    except OSError as error:
        raise _unwritable(error) from error
    return len(new)


def _unwritable(error: OSError) -> UnavailableError:
    return UnavailableError(
        "witness.unwritable",
        f"the witness's folder cannot be written ({error.strerror})",
        "Choose a folder of your own",
    )
