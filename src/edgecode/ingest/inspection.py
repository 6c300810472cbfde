"""Reads a file's header and its record of generation through the readers in `headers` and `generation`; never raises for a bad file."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.credential_marks import Carried, carried
from edgecode.ingest.media_kinds import media_class_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable
from edgecode.terms.steps import Generation

HeaderReader = Callable[[Path], tuple[FileFacts, list[Diagnostic]]]
GenerationReader = Callable[[Path, FileFacts | None], tuple[Generation | None, list[Diagnostic]]]


class Inspection(Struct, frozen=True):
    """What a file says of itself: header facts, how it was generated (None: it says nothing), and problems."""

    facts: FileFacts
    generation: Generation | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    carried: Carried | None = None
    """Its C2PA manifest; None: nobody looked."""


class _Kept(Struct, frozen=True):
    facts: FileFacts
    diagnostics: tuple[Diagnostic, ...]
    carried: Carried | None = None


Inspector = Callable[[Path], Inspection]


def inspector(header: HeaderReader | None = None, generation: GenerationReader | None = None) -> Inspector:
    """A reader of files with the given or the shipped readers (loaded when first needed). Thread-safe if they are."""

    def inspect(path: Path) -> Inspection:
        read_header, read_generation = header or _shipped_header(), generation or _shipped_generation()
        said: list[Diagnostic] = []
        # A crash in one reader over one damaged file must not end the scan of ten thousand others: the file is named instead.
        try:
            facts, problems = read_header(path)
            said += problems
        except Exception as error:
            facts = facts_by_suffix(path.name)
            said.append(_failed(path, "header", error))
        found: Generation | None = None
        try:
            found, problems = read_generation(path, facts)
            said += problems
        except Exception as error:
            said.append(_failed(path, "record of generation", error))
        if found is None and facts.media_class == "video":
            found = _told_beside(path, read_generation, said)
        return Inspection(facts, found, tuple(said), carried(path))

    return inspect


def _told_beside(path: Path, read_generation: GenerationReader, said: list[Diagnostic]) -> Generation | None:
    """The record in the picture that video nodes write beside a video (`clip_00001.png` with `clip_00001.mp4` and `clip_00001-audio.mp4`):
    containers lose theirs on most roads. Its grade is declared, for nothing but the name ties the two."""
    picture = path.with_name(f"{path.stem.removesuffix('-audio')}.png")
    try:
        found, _ = read_generation(picture, None) if picture.is_file() else (None, [])
    except Exception:
        return None  # the picture is a file of its own, whose problems are said where it is read
    if found is None:
        return None
    name = readable(path.name)
    text = f"{name} carries no record of its making; the one in the picture of the same name beside it is taken as declared"
    said.append(Diagnostic("generation.beside", text, path=name, effect="approximate"))
    return msgspec.structs.replace(found, beside=True)


def facts_by_suffix(name: str) -> FileFacts:
    """The little that a file's name promises."""
    return FileFacts(media_class=media_class_of(name) or "other")


def packed(inspection: Inspection) -> bytes:
    """Facts and diagnostics as JSON for the cache; the generation is left out on purpose (see `stat_cache`)."""
    return msgspec.json.encode(_Kept(inspection.facts, inspection.diagnostics, inspection.carried))


def unpacked(data: bytes) -> Inspection | None:
    """The inverse of `packed`; None for bytes from another release that no longer fit."""
    try:
        kept = msgspec.json.decode(data, type=_Kept)
    except msgspec.DecodeError:
        return None
    return Inspection(kept.facts, None, kept.diagnostics, kept.carried)


def _failed(path: Path, what: str, error: Exception) -> Diagnostic:
    name = readable(path.name)
    text = f"the {what} of {name} could not be read ({type(error).__name__}); its bytes were"
    return Diagnostic("header.reader_failed", text, path=name, effect="approximate")


def _shipped_header() -> HeaderReader:
    from edgecode.ingest.headers import read_header

    return cast(HeaderReader, read_header)


def _shipped_generation() -> GenerationReader:
    from edgecode.ingest.generation import read_generation

    return cast(GenerationReader, read_generation)
