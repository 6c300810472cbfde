"""The production's own packs of rules as files: which there are, which cannot be read, which fail their own tests."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePath
from shlex import quote

from msgspec import Struct

from edgecode.checks.lost_packs import Fault, stand_in
from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.pack_reading import pack_or_problems
from edgecode.checks.rules.pack_testing import run_pack_tests
from edgecode.errors import InputError
from edgecode.settings import Settings

SUFFIX = ".yaml"
_NEARLY = (".yaml", ".yml")


class OwnPack(Struct, frozen=True):
    """A file of a folder of packs. *fault*: why its pack does not judge; then *pack* may stand in for one that cannot be read, called as
    the file is."""

    path: Path
    pack: Pack
    fault: Fault | None = None


def pack_files(settings: Settings, folder: Path) -> list[Path]:
    """The files of the production's own packs. Raises InputError ``settings.invalid``."""
    return [path for _, place in _folders(settings, folder) for path in sorted(place.glob(f"*{SUFFIX}"))]


def found_packs(settings: Settings, folder: Path) -> list[OwnPack]:
    """Every file that is a pack or is nearly called one, by folder and name. Raises InputError ``settings.invalid``."""
    return [_found(path, name) for name, place in _folders(settings, folder) for path in _candidates(place)]


def _folders(settings: Settings, folder: Path) -> Iterator[tuple[str, Path]]:
    """Each folder as edgecode.toml names it, and where it lies."""
    for name in settings.packs:
        place = folder / name
        if not place.is_dir():
            raise InputError(
                "settings.invalid",
                f"edgecode.toml cannot be used: checks.packs names {name}, which is no folder",
                "Make the folder or take the name out: rules that cannot be read are not passed over",
            )
        yield name, place


def _candidates(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.suffix.lower() in _NEARLY and path.is_file())


def _found(path: Path, folder: str) -> OwnPack:
    """One file. *folder*: where it lies, as somebody in the production's folder would say it."""
    data, said = path.read_bytes(), quote(str(PurePath(folder) / path.name))
    if path.suffix != SUFFIX:
        why = f"the file of a pack ends with {SUFFIX}, so {said} is not read"
        return OwnPack(path, _stand_in(path, data), Fault("unreadable", why))
    pack, problems, failures = _tried(data, path.name)
    if pack is None:
        why = f"{path.name} cannot be read ({_counted(problems, 'problem')}): edgecode packs check {said}"
        return OwnPack(path, _stand_in(path, data), Fault("unreadable", why))
    if failures:
        why = f"{_counted(failures, 'test')} of its own come out otherwise: edgecode packs test {said}"
        return OwnPack(path, pack, Fault("tests", why))
    return OwnPack(path, pack)


@lru_cache(maxsize=64)
def _tried(data: bytes, name: str) -> tuple[Pack | None, int, int]:
    """A pack with how many problems it has, and how many of its own tests come out otherwise than they say."""
    pack, problems = pack_or_problems(data, name=name)
    if pack is None:
        return None, len(problems), 0
    try:
        return pack, 0, len(run_pack_tests(pack))
    except InputError:
        return pack, 0, len(pack.tests)


def _stand_in(path: Path, data: bytes) -> Pack:
    return stand_in(path.name, digest=sha256(data).hexdigest())


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
