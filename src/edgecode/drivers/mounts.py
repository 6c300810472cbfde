"""Whether a folder lies on a network file system, where SQLite's locks cannot be relied on."""

import os
import re
from pathlib import Path

from msgspec import Struct

from edgecode.errors import RefusedError


def _types(words: str) -> frozenset[str]:
    return frozenset(words.split())


NETWORK_FILE_SYSTEMS = _types(
    "nfs nfs3 nfs4 cifs smb smb2 smb3 smbfs afpfs afs ncpfs coda 9p virtiofs vboxsf prl_fs vmhgfs lustre beegfs gpfs mmfs ceph glusterfs"
    " orangefs pvfs2 panfs wekafs quobyte moosefs acfs ocfs2 gfs gfs2 davfs webdav"
)
"""Types in mountinfo that several machines can reach at once, or whose locks another machine keeps."""

_NETWORK_FUSE = re.compile(
    r"fuse\.(sshfs|rclone|s3fs|gcsfuse|goofys|glusterfs|ceph|ceph-fuse|davfs2?|smbnetfs|curlftpfs|juicefs|mfs|moosefs|lizardfs|seaweedfs"
    r"|vmhgfs-fuse|cvmfs2|blobfuse2?|geesefs|mount-s3|mountpoint-s3|nfs.*|smb.*|.*drive.*)",
    re.IGNORECASE,
)
_ESCAPE = re.compile(rb"\\([0-7]{3})")
_MOUNTINFO = Path("/proc/self/mountinfo")


class Mounted(Struct, frozen=True):
    """The mount that a path lies on: its folder and file system type."""

    folder: bytes
    type: str

    @property
    def is_network(self) -> bool:
        """Whether other machines can reach the same files."""
        return self.type.lower() in NETWORK_FILE_SYSTEMS or _NETWORK_FUSE.fullmatch(self.type) is not None


def mounted_at(path: bytes, mountinfo: bytes) -> Mounted | None:
    """The mount that holds *path* (absolute, links resolved), from the text of /proc/self/mountinfo (proc(5)); None: not told."""
    best: Mounted | None = None
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(b" - ")
        fields = before.split(b" ")
        if not separator or len(fields) < 5:
            continue
        folder = _ESCAPE.sub(lambda match: bytes([int(match[1], 8)]), fields[4])
        holds = path == folder or path.startswith(folder.rstrip(b"/") + b"/")
        # A later line hides an earlier one at the same folder, so equal lengths go to the later.
        if holds and (best is None or len(folder) >= len(best.folder)):
            best = Mounted(folder, after.split(b" ", 1)[0].decode("ascii", "replace"))
    return best


def mount_of(path: Path, mountinfo: bytes | None = None) -> Mounted | None:
    """The mount that holds *path* or its nearest existing parent; None where the system does not say (not Linux)."""
    if mountinfo is None:
        try:
            mountinfo = _MOUNTINFO.read_bytes()
        except OSError:
            return None
    return mounted_at(os.fsencode(Path(path).resolve()), mountinfo)


def refuse_network_file_system(path: Path, mountinfo: bytes | None = None) -> bool:
    """Refuse a store at *path* when it would lie on a network file system.

    True: it is local. False: this system could not tell (say so to the user). *mountinfo* replaces the system's own for tests.
    Raises RefusedError ``store.network_file_system``.
    """
    mount = mount_of(path, mountinfo)
    if mount is not None and mount.is_network:
        raise RefusedError(
            "store.network_file_system",
            f"the store would lie on a network file system ({mount.type}), whose locks can lose records",
            "Put the production on a local disk; the media themselves may stay on the network",
        )
    return mount is not None
