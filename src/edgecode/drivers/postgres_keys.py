"""Keys in a schema of their own in PostgreSQL, or in a database of their own. What it promises is written in `people.store`."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from edgecode.drivers.patience import READERS_MILLISECONDS
from edgecode.drivers.postgres import Session, psycopg, without_words
from edgecode.drivers.sqlite import queries
from edgecode.errors import UnavailableError
from edgecode.people.store import KEY_BYTES, id_hash

SCHEMA = "edgecode_keys"
REMAINS = (
    "PostgreSQL's write-ahead log may hold a destroyed key until its segments are recycled, and its archive until it is deleted",
    "standbys, base backups and dumps of the database of the keys hold a destroyed key until they are renewed or deleted",
)
_SQL = queries("keys.postgres")


class PostgresKeys:
    """The KeyStore of one production. Writers take turns: one transaction of them at a time."""

    def __init__(self, url: str, *, create: bool = False, read_only: bool = False) -> None:
        """Open the keys in the schema ``edgecode_keys`` (or the one that the URL names); only *create* lays out new ones.

        Raises UnavailableError ``keys.absent`` and what `Session` raises.
        """
        self._session = Session(url, _SQL, schema=SCHEMA, read_only=read_only)
        self._inside = self._gone = False
        try:
            if create:
                self._session.lay_out()
            elif not self._session.exists():
                raise UnavailableError(
                    "keys.absent",
                    "there are no keys in the database of store.keys, and without them sealed sections cannot be read",
                    "Bring back the copy that was kept apart; nothing is recorded or answered without it",
                )
        except BaseException as error:
            self._session.close()
            if isinstance(error, psycopg.Error):
                raise _failed(error) from without_words(error)
            raise

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def key(self, key_id: str) -> bytes | None:
        with _said():
            rows = self._session.rows("key", key_id)
        return bytes(rows[0][0]) if rows else None

    def create(self, key_id: str, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        with self._writing():
            self._session.run("create", key_id, key, id_hash(key_id))

    def is_destroyed(self, key_id: str) -> bool:
        with _said():
            return bool(self._session.rows("is_destroyed", id_hash(key_id))[0][0])

    def destroy_forever(self, key_id: str) -> None:
        with self._writing():
            self._session.run("remember", id_hash(key_id))
            self._session.run("destroy", key_id)
            self._gone = True

    def key_ids(self) -> list[str]:
        with _said():
            return [key_id for (key_id,) in self._session.rows("key_ids")]

    def destroyed_hashes(self) -> list[bytes]:
        with _said():
            return [key_hash for (key_hash,) in self._session.rows("destroyed")]

    def forget_forever(self, key_hash: bytes) -> None:
        for key_id in self.key_ids():
            if id_hash(key_id) == key_hash:
                self.destroy_forever(key_id)
        with self._writing():
            self._session.run("remember", key_hash)

    def remains(self) -> list[str]:
        return list(REMAINS)

    @contextmanager
    def together(self) -> Iterator[None]:
        with _said():
            self._session.begin()
            self._inside, self._gone = True, False
            try:
                # One writer at a time: or a key could be made while another session destroys it.
                self._session.run("settle")
                yield
            except BaseException:
                self._session.roll_back()
                raise
            finally:
                self._inside = False
        self._session.commit(unknown=_unknown, failed=_failed)
        if self._gone:
            self._rewrite()

    def _writing(self) -> AbstractContextManager[None]:
        return _said() if self._inside else self.together()

    def _rewrite(self) -> None:
        with _said(), self._session.impatient(milliseconds=READERS_MILLISECONDS):
            try:
                self._session.run("rewrite")
            except psycopg.errors.LockNotAvailable as error:
                raise UnavailableError(
                    "ledger.residue",
                    "the keys are destroyed, but their dead rows are still in the database, because somebody is reading it",
                    "End the other edgecode commands of this production, then erase again",
                ) from error


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _failed(error) from without_words(error)


def _failed(error: Exception) -> UnavailableError:
    return UnavailableError(
        "keys.unwritten",
        f"the keys cannot be used: {type(error).__name__}",
        "See that the server of store.keys is running and has room, then try again",
    )


def _unknown(what: str) -> UnavailableError:
    return UnavailableError(
        "keys.unwritten", f"nobody can tell whether the keys were written: {what}", "Try again: it is done once"
    )
