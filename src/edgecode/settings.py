"""edgecode.toml: what a production is called, where its stores are and where its media roots are mounted here."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

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
    no answer. *origin* names the log to outsiders and says nothing about the film. *ledger* and *signer* are URLs; relative paths are
    relative to the production's folder.
    """

    production: RecordId
    title: str
    origin: str
    ledger: str = f"sqlite:{STATE_FOLDER}/ledger.db"
    signer: str = f"file:{STATE_FOLDER}/signing.key"
    roots: Mapping[str, tuple[str, ...]] = {}


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
    """Read a production's settings. Raises InputError ``settings.invalid`` with the key that is wrong."""
    path = folder / FILE_NAME
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _invalid(f"it is not TOML ({error})") from error
    production, store = document.get("production"), document.get("store", {})
    if not isinstance(production, dict) or not isinstance(store, dict):
        raise _invalid("[production] is missing")
    identity, title, origin = (production.get(key) for key in ("id", "title", "origin"))
    if not isinstance(identity, str) or not is_record_id(identity):
        raise _invalid("production.id is no record id")
    if not isinstance(title, str) or not isinstance(origin, str) or not origin:
        raise _invalid("production.title and production.origin must be texts")
    defaults = Settings(identity, title, origin)
    ledger, signer = store.get("ledger", defaults.ledger), store.get("signer", defaults.signer)
    if not isinstance(ledger, str) or not isinstance(signer, str):
        raise _invalid("store.ledger and store.signer must be texts")
    return Settings(identity, title, origin, ledger, signer, _roots(document.get("roots", {})))


def _roots(table: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise _invalid("[roots] is no table")
    roots: dict[str, tuple[str, ...]] = {}
    for identity, entry in table.items():
        names = entry.get("names") if isinstance(entry, dict) else None
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            raise _invalid(f"roots.{identity}.names must list the names of the tree")
        roots[identity] = tuple(names)
    return roots


def _invalid(what: str) -> InputError:
    return InputError(
        "settings.invalid",
        f"edgecode.toml cannot be used: {what}",
        "Mend the file; docs/reference/settings.md explains it",
    )


def write_settings(folder: Path, settings: Settings) -> None:
    """Write edgecode.toml whole, through a temporary file, so that it is never half written."""
    lines = [
        "# An edgecode production. docs/reference/settings.md explains every key.",
        "[production]",
        f"id = {_text(settings.production)}",
        f"title = {_text(settings.title)}",
        f"origin = {_text(settings.origin)}",
        "",
        "[store]",
        f"ledger = {_text(settings.ledger)}",
        f"signer = {_text(settings.signer)}",
    ]
    for identity, names in sorted(settings.roots.items()):
        lines += ["", f"[roots.{identity}]", f"names = [{', '.join(_text(name) for name in names)}]"]
    temporary = folder / f".{FILE_NAME}.new"
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(folder / FILE_NAME)


def _text(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
