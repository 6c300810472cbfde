"""Writes or takes in a spool and is killed, or told that the disk is full, in one of its calls: run as a program by the tests.

killed_spool.py write FOLDER LINES CALL NUMBER FAULT   FAULT: kill-before, kill-after, full, half
killed_spool.py take  FOLDER PRODUCTION CALL NUMBER FAULT
"""

import errno
import os
import signal
import sys
from collections import Counter
from pathlib import Path

_WRITE, _KILL = os.write, os.kill


def line(number: int) -> bytes:
    """The step of one number."""
    return b'{"schema":"edgecode.step/1","kind":"paint","id":"step-%d","outputs":[{"name":"a%d"}]}' % (number, number)


class Faulty:
    """Counts calls and strikes at one of them."""

    def __init__(self, call: str, number: int, fault: str) -> None:
        self.call, self.number, self.fault = call, number, fault
        self.calls: Counter[str] = Counter()

    def around(self, name: str, function: object) -> object:
        """*function* with the fault in its *number*-th call."""

        def called(*given: object, **named: object) -> object:
            self.calls[name] += 1
            if (name, self.calls[name]) != (self.call, self.number):
                return function(*given, **named)  # type: ignore[operator]
            if self.fault == "kill-before":
                _KILL(os.getpid(), signal.SIGKILL)
            if self.fault == "full":
                raise OSError(errno.ENOSPC, "No space left on device")
            if self.fault == "half" and name == "write":
                held, data = given
                _WRITE(held, bytes(data)[: len(data) // 2])  # type: ignore[arg-type]
                raise OSError(errno.ENOSPC, "No space left on device")
            done = function(*given, **named)  # type: ignore[operator]
            if self.fault == "kill-after":
                _KILL(os.getpid(), signal.SIGKILL)
            return done

        return called


def write(folder: Path, lines: int, faulty: Faulty) -> None:
    """Add lines; says of each on stdout what became of it, and at the end how often each call was made."""
    from edgecode.drivers.spool_writer import SpoolWriter
    from edgecode.errors import UnavailableError

    for name in ("open", "write", "fsync", "ftruncate", "lseek"):
        setattr(os, name, faulty.around(name, getattr(os, name)))
    try:
        with SpoolWriter(folder) as writer:
            for number in range(lines):
                said = writer.add(line(number)) or "kept"
                _WRITE(1, b"%s %d\n" % (said.encode(), number))
    except UnavailableError as error:
        _WRITE(1, b"ended %s\n" % error.code.encode())
    _WRITE(1, b"calls %s\n" % repr(dict(faulty.calls)).encode())


def take(folder: Path, production: Path, faulty: Faulty) -> None:
    """Take the spool in, as `edgecode record --spool` does."""
    from edgecode.errors import UnavailableError
    from edgecode.production import Production
    from edgecode.production.spools import taking as spools

    Path.write_bytes = faulty.around("marks", Path.write_bytes)  # type: ignore[method-assign,assignment]
    Path.replace = faulty.around("rename", Path.replace)  # type: ignore[method-assign,assignment]
    with Production.open(production) as opened:
        opened.append = faulty.around("append", opened.append)  # type: ignore[method-assign,assignment]
        try:
            spools.take_spool(folder, production=production, record=opened.record_lines, now_seconds=0.0)
        except UnavailableError as error:
            _WRITE(1, b"ended %s\n" % error.code.encode())


if __name__ == "__main__":
    what, where, more, call, number, fault = sys.argv[1:]
    struck = Faulty(call, int(number), fault)
    if what == "write":
        write(Path(where), int(more), struck)
    else:
        take(Path(where), Path(more), struck)
