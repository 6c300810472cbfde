"""Speaks assets/1 with an `edgecode assets --stdio` beside the host: a line out, a line back. Standard library only."""

import json
import os
import queue
import subprocess
import threading

_TOLD_AT_MOST = 2000
_HOLDS = {"find": "asset", "related": "related", "gate": "gate", "record": "recorded"}
_OTHER_WORDS = "edgecode gave an answer that this plug-in does not understand; use releases of both that fit"


class Unanswered(Exception):
    """Nobody answered: the program could not be started, ended, or took too long. Its text says which, and what to do."""


class Door:
    """One production's door, opened at the first question and again after it closed. May be asked from several threads.

    *command*: the program and what stands before ``assets``. *production*: its folder; "" for the current one. *timeout_seconds*: for one
    answer.
    """

    def __init__(self, command=("edgecode",), production="", timeout_seconds=120.0):
        self._command = list(command)
        self._production = production
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._process = None
        self._lines = None
        self._threads = []
        self._told = ""
        self._number = 0

    def elements(self, **request):
        """The elements of an answer, one for each that was asked about, with an ``error`` or with what was asked for. Raises Unanswered,
        also for an answer that is none."""
        found = self.ask(**request).get("elements")
        asked, holds = len(request.get("of", ())) + len(request.get("steps", ())), _HOLDS[request["ask"]]
        if not isinstance(found, list) or len(found) != asked:
            raise Unanswered(_OTHER_WORDS)
        for one in found:
            if not isinstance(one, dict) or not ("error" in one or holds in one):
                raise Unanswered(_OTHER_WORDS)
        return found

    def ask(self, **request):
        """The answer to one request. Raises Unanswered."""
        with self._lock:
            self._number += 1
            line = json.dumps(dict(request, id=self._number), ensure_ascii=True).encode("ascii") + b"\n"
            was_open = self._process is not None
            try:
                answer = self._exchanged(line)
            except _Closed:
                if not was_open:
                    raise Unanswered(self._why()) from None
                # It ended since the last question: asked once more of a new one.
                try:
                    answer = self._exchanged(line)
                except _Closed:
                    raise Unanswered(self._why()) from None
            if answer.get("id") != self._number or "error" in answer:
                self._close()
                raise Unanswered(_OTHER_WORDS)
            return answer

    def close(self):
        """End the program, if it runs."""
        with self._lock:
            self._close()

    def _exchanged(self, line):
        if self._process is None:
            self._open()
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError):
            self._close()
            raise _Closed() from None
        try:
            answer = self._lines.get(timeout=self._timeout)
        except queue.Empty:
            self._close()
            raise Unanswered(
                "edgecode did not answer within %g seconds; ask again, or give it longer (timeout_seconds)"
                % self._timeout
            ) from None
        if answer is None:
            self._close()
            raise _Closed()
        try:
            return dict(json.loads(answer.decode("utf-8")))
        except (ValueError, TypeError):
            self._close()
            raise Unanswered("what answered is no edgecode: %s" % os.path.basename(self._command[0])) from None

    def _open(self):
        where = ["--production", self._production] if self._production else []
        self._told = ""
        try:
            self._process = subprocess.Popen(
                [*self._command, "assets", "--stdio", *where],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            self._process = None
            raise Unanswered(
                "the program %s cannot be started; install edgecode, or say where it is (command)"
                % os.path.basename(self._command[0])
            ) from None
        self._lines = queue.Queue()
        self._threads = [
            threading.Thread(target=target, args=(stream, self._lines), name="edgecode-door", daemon=True)
            for target, stream in ((self._read, self._process.stdout), (self._listen, self._process.stderr))
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _read(stream, lines):
        try:
            for line in stream:
                lines.put(line)
        except (OSError, ValueError):
            pass
        finally:
            lines.put(None)

    def _listen(self, stream, _):
        try:
            for line in stream:
                self._told = (self._told + line.decode("utf-8", "replace"))[-_TOLD_AT_MOST:]
        except (OSError, ValueError):
            pass

    def _close(self):
        process, self._process = self._process, None
        if process is None:
            return
        # The end of its input ends it; whatever it acknowledged is kept.
        try:
            process.stdin.close()
        except OSError:
            pass
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for thread, stream in zip(self._threads, (process.stdout, process.stderr)):
            thread.join(timeout=2)
            if not thread.is_alive():
                stream.close()

    def _why(self):
        # Its own sentences alone: what else a program says as it ends may quote anything.
        told = [line for line in self._told.splitlines() if line.startswith("edgecode: ")]
        return told[-1] if told else "edgecode ended without a sentence; try: edgecode assets --stdio"


class _Closed(Exception):
    """The program is not there any more."""
