"""Reads what a generative tool left in a file: pull the records, take the secrets out, ask each tool's reader in turn."""

import struct
from pathlib import Path

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.generation import embedded, secrets
from edgecode.ingest.generation.records import Record, json_of
from edgecode.ingest.generation.tools import generation_of
from edgecode.ingest.media.window import Window
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation


def read_generation(path: Path, facts: FileFacts | None = None) -> tuple[Generation | None, list[Diagnostic]]:
    """What the file says of how it was made; None when it says nothing. Never raises for what a file holds.

    *facts* spares a look where the header already says that nothing can be there (class ``audio`` of a WAVE file). Reads at most
    128 MiB and keeps at most 64 MiB of text; problems are Diagnostics (codes ``media.*`` and ``generation.*``).
    """
    if facts is not None and facts.media_type in _NEVER_HOLD_RECORDS:
        return None, []
    found, diagnostics = _records(path)
    if not found:
        return None, diagnostics
    try:
        cleaned, scrubbed = secrets.scrub(found)
        generation, problems = generation_of(cleaned)
    except (ValueError, IndexError, KeyError, TypeError, RecursionError, MemoryError, InputError):
        # A document of a shape that no reader expects: one bad file must not end a scan, and it must not look empty either.
        problem = Diagnostic(
            "generation.unreadable", "its generator record has a shape that cannot be read", effect="approximate"
        )
        return None, [*diagnostics, problem]
    finally:
        json_of.cache_clear()
    if generation is None:
        return None, [*diagnostics, *problems]
    return replace(generation, scrubbed=scrubbed), [*diagnostics, *problems]


_NEVER_HOLD_RECORDS = frozenset(
    ("image/x-exr", "image/x-dpx", "audio/wav", "audio/aiff", "audio/flac", "application/x-gguf")
)


def _records(path: Path) -> tuple[list[Record], list[Diagnostic]]:
    found: list[Record] = []
    try:
        with Window(path, budget=embedded.READ_BYTES_AT_MOST) as window:
            found.extend(embedded.records(window))
    except InputError as problem:
        return found, [Diagnostic(problem.code, problem.sentence, effect="approximate")]
    except OSError as problem:
        sentence = f"the file cannot be read: {problem.strerror or 'input/output error'}"
        return found, [Diagnostic("media.unreadable", sentence, effect="row-missing")]
    except (struct.error, ValueError, IndexError, OverflowError, RecursionError):
        return found, [Diagnostic("media.malformed", "its records contradict their own format", effect="approximate")]
    return found, []
