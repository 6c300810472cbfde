"""edgecode.toml: what a production is called, where its stores are and where its media roots are mounted here."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeGuard

from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.naming import NamePattern

FILE_NAME = "edgecode.toml"
STATE_FOLDER = ".edgecode"
PUBLISHED_FOLDER = "published"
KEY_FILE = "log.vkey"
"""The log's public key, in the state folder: what the record is verified with, by whoever has no private key."""


class Hook(Struct, frozen=True):
    """What the compliance team runs. *on*: kinds of events (``agreement.moved``), ``finding``, ``finding:blocker``, ``gate``,
    ``gate:deliver`` …, ``*`` for every event. Either *command* (program and arguments) or *entry* (``module:function``).
    """

    name: str
    on: tuple[str, ...]
    command: tuple[str, ...] = ()
    entry: str = ""
    timeout_seconds: int = 30


class Settings(Struct, frozen=True):
    """What `edgecode.toml` says. *roots*: media root id to where the tree is mounted on this machine (``/mnt/show``, ``Z:\\show``).

    Under which names a tree is known is part of the record (`root.named/1`): the settings of one machine decide
    no answer. *origin* names the log to outsiders and says nothing about the film. *ledger*, *keys* and *index* are URLs of databases
    (``sqlite:PATH`` or ``postgresql://…``, see `production.log.stores`), *signer* is the URL of a key, *signer_before* that of
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
    hooks: tuple[Hook, ...] = ()
    packs: tuple[str, ...] = ()
    """Folders with the production's own packs of rules, relative to its own."""
    names: tuple[str, ...] | None = None
    """How this production builds the names of its files: patterns with groups (`terms.naming`). None: this file does not say."""
    trust: tuple[str, ...] = ()
    """Files with certificates (PEM) of those whose C2PA manifests count as signed, relative to the production's folder."""


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
    return Settings(
        roots=_roots(document.get("roots", {})),
        hooks=_hooks(document.get("hooks", {})),
        names=_patterns(document.get("conform", {})),
        packs=_listed(document.get("checks", {}), "checks", "packs", "folders"),
        trust=_listed(document.get("credentials", {}), "credentials", "trust", "files with certificates"),
        **values,
    )


def _refuse_unknown(document: Mapping[str, object]) -> None:
    known = {place.name for place in (*_REQUIRED, *_OPTIONAL)}
    tables = {name.partition(".")[0] for name in known}
    for table, entries in document.items():
        if table in ("roots", "hooks", "conform", "checks", "credentials"):
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


def _listed(table: object, name: str, key: str, what: str) -> tuple[str, ...]:
    """The one setting of a table, a list of paths."""
    if not isinstance(table, dict):
        raise _invalid(f"[{name}] is no table")
    unknown = sorted(set(table) - {key})
    if unknown:
        raise _invalid(f"{name}.{unknown[0]} is no setting of this release")
    paths = table.get(key, [])
    if not _are_texts(paths):
        raise _invalid(f'{name}.{key} must list {what}, as in ["{key}"]')
    return tuple(paths)


def _patterns(table: object) -> tuple[str, ...] | None:
    if not isinstance(table, dict):
        raise _invalid("[conform] is no table")
    if unknown := sorted(set(table) - {"names"}):
        raise _invalid(f"conform.{unknown[0]} is no setting of this release")
    names = table.get("names")
    if names is None:
        return None
    if not _are_texts(names):
        raise _invalid("conform.names must list patterns, each a text")
    try:
        return tuple(NamePattern.of(one).written for one in names)
    except InputError as error:
        raise _invalid(f"conform.names: {error.sentence}") from error


def _hooks(table: object) -> tuple[Hook, ...]:
    if not isinstance(table, dict):
        raise _invalid("[hooks] is no table")
    return tuple(_hook(str(name), entry) for name, entry in table.items())


def _hook(name: str, entry: object) -> Hook:
    if not isinstance(entry, dict) or not _HOOK_NAME.fullmatch(name):
        raise _invalid("hooks are written [hooks.NAME], the name of small letters, digits and hyphens")
    unknown = sorted(set(entry) - {"on", "command", "entry", "timeout_seconds"})
    if unknown:
        raise _invalid(f"hooks.{name}.{unknown[0]} is no setting of this release")
    on, command, function = entry.get("on"), entry.get("command", []), entry.get("entry", "")
    seconds = entry.get("timeout_seconds", 30)
    if not _are_texts(on) or not on:
        raise _invalid(f'hooks.{name}.on must list what it runs on, as in ["agreement.moved", "gate:deliver"]')
    if strange := next((one for one in on if not _HOOK_ON.fullmatch(one)), ""):
        raise _invalid(f"hooks.{name}.on: {strange[:40]!r} is neither a kind of event nor a finding nor a gate")
    if not _are_texts(command) or not isinstance(function, str) or bool(command) == bool(function):
        raise _invalid(f'hooks.{name} needs either a command (a list of texts) or an entry ("module:function")')
    if type(seconds) is not int or not 1 <= seconds <= 600:
        raise _invalid(f"hooks.{name}.timeout_seconds must be a whole number from 1 to 600")
    return Hook(name, tuple(on), tuple(command), function, seconds)


_HOOK_ON = re.compile(
    r"\*|gate(?::(?:ingest|publish|deliver))?|finding(?::(?:fyi|issue|blocker))?|[a-z]+(?:-[a-z]+)*\.[a-z-]+(?:/[1-9][0-9]*)?"
)
_HOOK_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


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
    if settings.packs:
        lines += ["[checks]", f"packs = {_texts(settings.packs)}", ""]
    if settings.trust:
        lines += ["[credentials]", f"trust = {_texts(settings.trust)}", ""]
    if settings.names is not None:
        lines += ["[conform]", f"names = {_texts(settings.names)}", ""]
    for identity, names in sorted(settings.roots.items()):
        lines += [f"[roots.{identity}]", f"names = {_texts(names)}", ""]
    for hook in settings.hooks:
        what = f"entry = {_text(hook.entry)}" if hook.entry else f"command = {_texts(hook.command)}"
        times = f"timeout_seconds = {hook.timeout_seconds}"
        lines += [f"[hooks.{hook.name}]", f"on = {_texts(hook.on)}", what, times, ""]
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


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
