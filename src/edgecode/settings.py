"""edgecode.toml: what a production is called, where its stores are and where its media roots are mounted here."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.terms.identity import RecordId, is_record_id

FILE_NAME = "edgecode.toml"
STATE_FOLDER = ".edgecode"
PUBLISHED_FOLDER = "published"
KEY_FILE = "log.vkey"
"""The log's public key, in the state folder: what the record is verified with, by whoever has no private key."""


class Settings(Struct, frozen=True):
    """What `edgecode.toml` says. *roots*: media root id to where the tree is mounted on this machine (``/mnt/show``, ``Z:\\show``).

    Under which names a tree is known is part of the record (`root.named/1`): the settings of one machine decide
    no answer. *origin* names the log to outsiders and says nothing about the film. *ledger*, *keys* and *index* are URLs of databases
    (``sqlite:PATH`` or ``postgresql://…``, see `production.stores`), *signer* is the URL of a key, *signer_before* that of
    the one it replaces ("" for none), which signs along until it is retired; relative paths are relative to the
    production's folder. *high_water*: the file that keeps the last signed head seen here. *policy*: the file that says whose signatures
    count; "" for none, so that the log's own keys are trusted and no witness is. *publish_to*: a folder or ``s3://BUCKET/PREFIX`` where
    outsiders read tiles and checkpoint; "" for ``.edgecode/published``.
    """

    production: RecordId
    title: str
    origin: str
    ledger: str = f"sqlite:{STATE_FOLDER}/ledger.db"
    signer: str = f"file:{STATE_FOLDER}/signing.key"
    roots: Mapping[str, tuple[str, ...]] = {}
    keys: str = f"sqlite:{STATE_FOLDER}/keys.db"
    index: str = f"sqlite:{STATE_FOLDER}/index.db"
    high_water: str = f"{STATE_FOLDER}/high-water"
    policy: str = ""
    publish_to: str = ""
    signer_before: str = ""


class _Place(NamedTuple):
    """Where a setting stands in the file: table, key, and the field of `Settings` that holds it."""

    table: str
    key: str
    field: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.key}"


_REQUIRED = [
    _Place("production", key, field) for key, field in (("id", "production"), ("title", "title"), ("origin", "origin"))
]
_OPTIONAL = [
    *(_Place("store", name, name) for name in ("ledger", "keys", "index", "signer", "signer_before", "high_water")),
    _Place("witness", "policy", "policy"),
    _Place("publish", "to", "publish_to"),
]
_MAY_BE_EMPTY = {"production.title", "witness.policy", "publish.to", "store.signer_before"}


def production_folder(start: Path) -> Path:
    """The nearest folder at or above *start* that holds an edgecode.toml. Raises NotFoundError ``production.none``."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise NotFoundError(
        "production.none",
        "there is no production here: no edgecode.toml in this folder or above it",
        "Run `edgecode init` where the production's records shall live, or give --production DIR",
    )


def read_settings(folder: Path) -> Settings:
    """Read a production's settings. Raises InputError ``settings.invalid`` with the key that is wrong.

    A key that this release does not know is refused, never passed over: a mistyped one would leave its default in force, and another
    ledger than the one meant would be opened.
    """
    path = folder / FILE_NAME
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _invalid(f"it is not TOML ({error})") from error
    _refuse_unknown(document)
    values = {place.field: _text_at(document, place) for place in _REQUIRED}
    if not is_record_id(values["production"]):
        raise _invalid("production.id is no record id")
    values |= {
        place.field: _text_at(document, place) for place in _OPTIONAL if place.key in _table(document, place.table)
    }
    return Settings(roots=_roots(document.get("roots", {})), **values)


def _refuse_unknown(document: Mapping[str, object]) -> None:
    known = {place.name for place in (*_REQUIRED, *_OPTIONAL)}
    tables = {name.partition(".")[0] for name in known}
    for table, entries in document.items():
        if table == "roots":
            continue
        if table not in tables or not isinstance(entries, dict):
            raise _invalid(f"{table} is no setting of this release")
        for key in entries:
            if f"{table}.{key}" not in known:
                raise _invalid(f"{table}.{key} is no setting of this release")


def _table(document: Mapping[str, object], table: str) -> Mapping[str, object]:
    found = document.get(table, {})
    return found if isinstance(found, dict) else {}


def _text_at(document: Mapping[str, object], place: _Place) -> str:
    value = _table(document, place.table).get(place.key)
    if not isinstance(value, str):
        raise _invalid(f"{place.name} is {'missing' if value is None else 'no text'}")
    if not value and place.name not in _MAY_BE_EMPTY:
        raise _invalid(f"{place.name} is empty")
    return value


def _roots(table: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise _invalid("[roots] is no table")
    roots: dict[str, tuple[str, ...]] = {}
    for identity, entry in table.items():
        names = entry.get("names") if isinstance(entry, dict) else None
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            raise _invalid(f"roots.{identity}.names must list the names of the tree")
        if list(entry) != ["names"]:
            raise _invalid(f"roots.{identity} has keys that are no settings of this release")
        roots[identity] = tuple(names)
    return roots


def _invalid(what: str) -> InputError:
    return InputError(
        "settings.invalid",
        f"edgecode.toml cannot be used: {what}",
        "Mend the file; docs/reference/settings.md explains it",
    )


def write_settings(folder: Path, settings: Settings) -> None:
    """Write edgecode.toml whole, through a temporary file, so that it is never half written. Comments are not kept.

    The file keeps who may read it; a new one that holds a password is for its owner alone.
    """
    lines = ["# An edgecode production. docs/reference/settings.md explains every key."]
    written: dict[str, list[str]] = {}
    for place in (*_REQUIRED, *_OPTIONAL):
        value = getattr(settings, place.field)
        # Defaults are written out, so that one sees where the stores are; what is empty is left out.
        if value or place in _REQUIRED:
            written.setdefault(place.table, []).append(f"{place.key} = {_text(value)}")
    for table, entries in written.items():
        lines += [f"[{table}]", *entries, ""]
    for identity, names in sorted(settings.roots.items()):
        lines += [f"[roots.{identity}]", f"names = [{', '.join(_text(name) for name in names)}]", ""]
    temporary = folder / f".{FILE_NAME}.new"
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines[:-1]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(_mode(folder / FILE_NAME, settings))
    temporary.replace(folder / FILE_NAME)


def _mode(path: Path, settings: Settings) -> int:
    """The permissions of the file that is there; of a new one 0644, or 0600 when it holds a password."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        secret = any(has_password(url) for url in (settings.ledger, settings.keys, settings.index))
        return 0o600 if secret else 0o644


def has_password(url: str) -> bool:
    """Whether a URL holds a password, before its host or as a parameter."""
    return url != without_password(url)


def without_password(url: str) -> str:
    """The URL as it may be printed."""
    return _PASSWORD.sub(r"\1***", _USER.sub(r"\1:***@", url))


_USER = re.compile(r"(//[^/?#@:]*):[^?#]*@")
_PASSWORD = re.compile(r"([?&](?:ssl)?password=)[^&#]*", re.IGNORECASE)


def _text(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
