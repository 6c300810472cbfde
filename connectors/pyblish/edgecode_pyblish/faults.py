"""Counts what went wrong in the recorder, hook by hook, and keeps it away from the host."""

import functools
import logging
import sys
import threading

log = logging.getLogger("edgecode")


class Faults:
    """How often each hook failed, and how many lines were dropped because nobody could keep them."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts = {}
        self._is_told = True

    def count(self, hook, number=1):
        """One more fault of *hook*. The first of each hook is logged with where it happened."""
        with self._lock:
            first = hook not in self._counts
            self._counts[hook] = self._counts.get(hook, 0) + number
            self._is_told = False
        if first:
            log.warning("edgecode: %s failed (%s); renders go on, their record may be incomplete", hook, _where())

    def counts(self):
        """The counts so far."""
        with self._lock:
            return dict(self._counts)

    def untold(self):
        """The counts when they changed since they were last asked for here, else None."""
        with self._lock:
            if self._is_told:
                return None
            self._is_told = True
            return dict(self._counts)

    def swallowed(self, hook, function):
        """*function*, with its faults counted under *hook* and never raised; None then."""

        @functools.wraps(function)
        def quiet(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except Exception:
                try:
                    self.count(hook)
                except Exception:  # Even counting must not reach the host.
                    pass
                return None

        return quiet


def _where():
    """The kind of the exception being answered and the line it came from. Its message may quote a prompt, so it is left out."""
    kind, _, at = sys.exc_info()
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    name = kind.__name__ if kind else "no room"
    return "%s, line %d of %s" % (name, at.tb_lineno, at.tb_frame.f_code.co_name) if at else name
