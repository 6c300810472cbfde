"""SHA-256 of files, each state of a file read once: remembered by path, size, time of change and inode, also over restarts."""

import hashlib
import json
import os

_BLOCK_BYTES = 1 << 20
_REMEMBERED_AT_MOST = 20000


class Digests:
    """What files hold. *path*: where to remember it over restarts, None for nowhere."""

    def __init__(self, path=None):
        self._path = path
        self._known = {}
        self._is_changed = False
        if path:
            try:
                with open(path, encoding="utf-8") as file:
                    self._known = {tuple(key): digest for key, digest in json.load(file)}
            except (OSError, ValueError, TypeError):
                self._known = {}

    def of(self, path):
        """{path, size, sha256} of a file; {path, missing} where it is not there, {path, changing} where it changed while it was read."""
        for _ in range(2):
            try:
                before = os.stat(path)
                key = (path, before.st_size, before.st_mtime_ns, before.st_ino)
                digest = self._known.get(key) or _sha256(path)
                after = os.stat(path)
            except OSError:
                return {"path": path, "missing": True}
            if key == (path, after.st_size, after.st_mtime_ns, after.st_ino):
                if key not in self._known:
                    self._remember(key, digest)
                return {"path": path, "size": before.st_size, "sha256": digest}
        return {"path": path, "changing": True}

    def _remember(self, key, digest):
        while len(self._known) >= _REMEMBERED_AT_MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = digest
        self._is_changed = True

    def keep(self):
        """Write what is remembered, whole or not at all."""
        if not self._path or not self._is_changed:
            return
        self._is_changed = False
        new = "%s.%d.new" % (self._path, os.getpid())
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([[list(key), digest] for key, digest in self._known.items()], file)
        os.replace(new, self._path)


def _sha256(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            block = file.read(_BLOCK_BYTES)
            if not block:
                return found.hexdigest()
            found.update(block)
