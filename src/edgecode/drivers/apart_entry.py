"""The process of a reader that reads apart: a `Request` in one line and the file's bytes on stdin, the answer on stdout."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import cast

import msgspec

from edgecode.drivers.apart import MEMORY_BYTES_AT_MOST, Refusal, Request, Told, encoded
from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.step_record import StepRecord
from edgecode.terms.cuts import Diagnostic


def main() -> int:
    """Read once; 0 when there is an answer, a refusal included. What libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    line = sys.stdin.buffer.readline()
    request = msgspec.json.decode(line, type=Request)
    data = sys.stdin.buffer.read()
    with answers:
        try:
            answers.write(b"read\n" + encoded(_read(request, data)))
        except InputError as error:
            answers.write(b"refused\n" + encoded(Refusal("input", error.code, error.sentence, error.remedy)))
        except UnavailableError as error:
            answers.write(b"refused\n" + encoded(Refusal("unavailable", error.code, error.sentence, error.remedy)))
    return 0


def _read(request: Request, data: bytes) -> object:
    module, _, name = request.reader.partition(":")
    reader = getattr(import_module(module), name)()
    if request.rate is None:
        found: object = reader.read(data, name=request.name)
        return [_told(one) for one in found] if isinstance(found, Iterator) else found
    return reader.read(data, name=request.name, rate=request.rate)


def _told(one: object) -> Told:
    return Told(step=one) if isinstance(one, StepRecord) else Told(problem=cast(Diagnostic, one))


def _limit_memory() -> None:
    """A file may make a library ask for any amount of memory; the machine's other programs must not pay for it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_AT_MOST, MEMORY_BYTES_AT_MOST))


if __name__ == "__main__":
    sys.exit(main())
