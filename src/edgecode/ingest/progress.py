"""How far a scan is: files, bytes, rate, time left."""

from threading import Lock
from typing import Literal

from msgspec import Struct

Phase = Literal["looking", "headers", "wanted", "rest", "done"]
_SECONDS_BEFORE_A_RATE = 0.5


class Progress(Struct, frozen=True):
    """*bytes* counts only what has to be read (unchanged files cost none). *seconds_left* is None while nobody can tell."""

    files_done: int
    files: int
    bytes_done: int
    bytes: int
    rate_bytes_per_second: int
    seconds_left: int | None
    phase: Phase


class Meter:
    """Counts what is done; threads may add bytes. Times are seconds of one monotonic clock, given by the caller."""

    def __init__(self) -> None:
        self.files = self.files_done = self.bytes = 0
        self.phase: Phase = "looking"
        self._bytes_done = 0
        self._began: float | None = None
        self._lock = Lock()

    def read(self, count: int) -> None:
        """*count* more bytes were read."""
        with self._lock:
            self._bytes_done += count

    def begin_reading(self, now_seconds: float) -> None:
        """The rate counts from here."""
        self._began = now_seconds

    def progress(self, now_seconds: float) -> Progress:
        """The figures now."""
        with self._lock:
            done = self._bytes_done
        seconds = now_seconds - self._began if self._began is not None else 0.0
        rate = int(done / seconds) if seconds >= _SECONDS_BEFORE_A_RATE else 0
        left = max(self.bytes - done, 0)
        seconds_left = 0 if self._began is not None and not left else left // rate if rate else None
        return Progress(self.files_done, self.files, done, self.bytes, rate, seconds_left, self.phase)
