"""Reads the history of copies in a folder and in the folders below it: every generation, its chain, what is missing. Writes nothing."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.ingest.mhl.formats import c4_of
from edgecode.ingest.mhl.ignoring import Ignoring, with_patterns
from edgecode.ingest.mhl.manifest import (
    MANIFEST_BYTES_AT_MOST,
    ChainLink,
    Manifest,
    earliest,
    is_inside,
    read_chain,
    read_manifest,
)
from edgecode.ingest.regular_files import regular_bytes
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable

FOLDER, CHAIN = "ascmhl", "ascmhl_chain.xml"
DEPTH_AT_MOST = 64
_NAME = re.compile(r"([0-9]{4,8})(?:_.*)?\.mhl", re.DOTALL)


class Generation(Struct, frozen=True):
    """One generation. *name*: of its file. *c4*: of its bytes, as they are. *chain*: whether the chain file lists it so."""

    number: int
    name: str
    c4: str
    chain: Literal["matches", "differs", "absent"]
    manifest: Manifest


class History(Struct, frozen=True):
    """The history of one folder. *path*: from the asked folder, "" for itself. *chain_c4*: of the chain file, "" without one.

    *problems*: what is wrong with it or could not be read. *missing*: paths that it knows and that are not there now."""

    folder: Path
    path: str
    generations: tuple[Generation, ...]
    links: tuple[ChainLink, ...] = ()
    chain_c4: str = ""
    problems: tuple[Diagnostic, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def ignore(self) -> tuple[str, ...]:
        """The patterns in force: they only ever grow."""
        return with_patterns(pattern for one in self.generations for pattern in one.manifest.ignore)


def read_histories(folder: Path) -> list[History]:
    """The history of *folder* and of every folder below it, parents first.

    Raises NotFoundError ``mhl.no_history`` when there is none, and InputError ``mhl.unreadable`` for a folder that cannot be listed.
    """
    found = [history_of(each, path=path) for each, path in _with_history(folder)]
    if not found:
        raise NotFoundError(
            "mhl.no_history", f"{folder.name} holds no ASC MHL history", "Give the folder that holds the folder ascmhl"
        )
    by_path = {one.path: one for one in found}
    return [_with_references(one, by_path) for one in found]


def history_of(folder: Path, *, path: str = "") -> History:
    """The history of one folder, without those below it; one without generations where there is none."""
    said: list[Diagnostic] = []
    links, chain_c4 = _chain(folder, said)
    listed = {one.path: one for one in links}
    names = sorted(_manifests(folder / FOLDER))
    if [one.number for one in links] != list(range(1, len(links) + 1)):
        said.append(
            Diagnostic("mhl.chain_numbers", "the chain does not count from 1 without a gap", effect="approximate")
        )
    for one in links:
        if one.path not in names:
            text = f"generation {one.number} of the chain ({readable(one.path)}) is not there"
            said.append(Diagnostic("mhl.generation_missing", text, effect="row-missing"))
    generations = [each for name in names if (each := _generation(folder, name, listed, said)) is not None]
    generations.sort(key=lambda one: (one.number, one.name))
    missing = _missing(folder, generations)
    return History(folder, path, tuple(generations), tuple(links), chain_c4, tuple(said), tuple(missing))


def nested_in(folder: Path) -> list[str]:
    """Paths of the folders below *folder* that have a history of their own; what lies in one of these is theirs."""
    found = [path for _, path in _with_history(folder) if path]
    return [one for one in found if not any(one.startswith(f"{other}/") for other in found)]


def _with_history(folder: Path) -> Iterator[tuple[Path, str]]:
    waiting = [("", 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(folder / path), key=lambda one: one.name, reverse=True)
        except OSError as error:
            if path:
                continue
            raise InputError(
                "mhl.unreadable", f"{folder.name} cannot be listed ({error.strerror})", "Give a folder of media"
            ) from error
        folders = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
        if FOLDER in folders:
            yield folder / path, path
        if depth < DEPTH_AT_MOST:
            waiting += [(f"{path}/{name}" if path else name, depth + 1) for name in folders if name != FOLDER]


def _chain(folder: Path, said: list[Diagnostic]) -> tuple[list[ChainLink], str]:
    try:
        data = regular_bytes(folder / FOLDER / CHAIN, at_most=MANIFEST_BYTES_AT_MOST)
        return read_chain(data, name=CHAIN), c4_of(data)
    except OSError:
        if (folder / FOLDER).is_dir():
            text = "there is no chain file, so nothing says which generations there were"
            said.append(Diagnostic("mhl.chain_missing", text, path=CHAIN, effect="approximate"))
    except InputError as error:
        said.append(Diagnostic(error.code, error.sentence, path=CHAIN, effect="approximate"))
    return [], ""


def _manifests(folder: Path) -> list[str]:
    try:
        return [one.name for one in os.scandir(folder) if one.is_file() and _NAME.fullmatch(one.name)]
    except OSError:
        return []


def _generation(folder: Path, name: str, listed: dict[str, ChainLink], said: list[Diagnostic]) -> Generation | None:
    try:
        path = folder / FOLDER / name
        data = regular_bytes(path, at_most=MANIFEST_BYTES_AT_MOST)
        manifest = read_manifest(data, name=name)
    except OSError as error:
        text = f"{readable(name)} cannot be read ({error.strerror})"
        said.append(Diagnostic("mhl.unreadable", text, path=readable(name), effect="row-missing"))
        return None
    except InputError as error:
        said.append(Diagnostic(error.code, error.sentence, path=readable(name), effect="row-missing"))
        return None
    match, link, c4 = _NAME.fullmatch(name), listed.get(name), c4_of(data)
    standing: Literal["matches", "differs", "absent"] = (
        "absent" if link is None else "matches" if link.c4 == c4 else "differs"
    )
    if standing == "absent":
        text = f"{readable(name)} is not listed in the chain"
        said.append(Diagnostic("mhl.chain_absent", text, path=readable(name), effect="approximate"))
    elif standing == "differs":
        text = f"{readable(name)} is not the manifest that the chain lists"
        said.append(Diagnostic("mhl.chain_differs", text, path=readable(name), effect="approximate"))
    said += manifest.problems
    return Generation(int(match[1]) if match else 0, name, c4, standing, manifest)


def _missing(folder: Path, generations: Sequence[Generation]) -> list[str]:
    """Files that a generation had, that no later one renamed or ignores, and that are not there now."""
    manifests = [one.manifest for one in generations]
    renamed = {one.previous for each in manifests for one in each.files if one.previous}
    ignoring = Ignoring(with_patterns(pattern for one in manifests for pattern in one.ignore))
    known = (path for path in earliest(manifests) if path not in renamed)
    return [path for path in known if not _is_left_out(ignoring, path) and not (folder / path).is_file()]


def _is_left_out(ignoring: Ignoring, path: str) -> bool:
    parts = path.split("/")
    folders = ("/".join(parts[:n]) for n in range(1, len(parts)))
    return any(ignoring.leaves_out(one, is_folder=True) for one in folders) or ignoring.leaves_out(
        path, is_folder=False
    )


def _with_references(one: History, by_path: dict[str, History]) -> History:
    """Compares what a history says of those below it with what they are."""
    said = list(one.problems)
    for each in (each for generation in one.generations for each in generation.manifest.references):
        inside, _, name = each.path.rpartition(f"/{FOLDER}/")
        below = by_path.get(f"{one.path}/{inside}" if one.path else inside) if is_inside(each.path) else None
        found = next((g for g in below.generations if g.name == name), None) if below is not None else None
        if found is None:
            said.append(
                Diagnostic(
                    "mhl.reference_missing", "a history below that is referred to is not there", effect="approximate"
                )
            )
        elif found.c4 != each.c4:
            text = f"{readable(name)} is not the manifest that the history above refers to"
            said.append(Diagnostic("mhl.reference_differs", text, path=readable(name), effect="approximate"))
    return History(one.folder, one.path, one.generations, one.links, one.chain_c4, tuple(said), one.missing)
