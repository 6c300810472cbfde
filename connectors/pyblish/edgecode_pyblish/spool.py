"""Writes the spool: JSONL files of step/1 in one folder, a whole line at a time, a file for each run of the host."""

import json
import os
import uuid

_FILE_BYTES_AT_MOST = 64 << 20
_WAITING_AT_MOST = 2000


class Spool:
    """Appends lines. What cannot be written now waits, and is written first when it can be; beyond 2,000 lines the oldest are dropped."""

    def __init__(self, folder, faults, mode=0o600):
        self.folder = folder
        self._faults = faults
        self._mode = mode
        self._path = None
        self._waiting = []

    def write(self, record):
        """One line, now or as soon as the folder can be written."""
        line = json.dumps(record, ensure_ascii=True, allow_nan=False, sort_keys=True)
        self._waiting.append(line.encode("ascii") + b"\n")
        if len(self._waiting) > _WAITING_AT_MOST:
            dropped = len(self._waiting) - _WAITING_AT_MOST
            del self._waiting[:dropped]
            self._faults.count("dropped", dropped)
        self.flush()

    def flush(self):
        """Write what waits. A fault is counted, and the file is left: what is half written in it is no line."""
        try:
            while self._waiting:
                self._append(self._waiting[0])
                del self._waiting[0]
        except OSError:
            self._path = None
            self._faults.count("spool")

    def _append(self, line):
        if self._path is None or (os.path.exists(self._path) and os.path.getsize(self._path) > _FILE_BYTES_AT_MOST):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            # A name of its own for every writer: several hosts may share a folder. It says nothing about the machine.
            self._path = os.path.join(self.folder, "pyblish-%s.jsonl" % uuid.uuid4().hex[:16])
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), self._mode)
        try:
            if os.write(file, line) != len(line):
                raise OSError("half a line")
            os.fsync(file)
        finally:
            os.close(file)
