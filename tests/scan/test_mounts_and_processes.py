"""Where a store may lie, and how a recorded command runs."""

import sys
from pathlib import Path

import pytest

from edgecode.drivers.mounts import Mounted, mounted_at, refuse_network_file_system
from edgecode.drivers.processes import CommandRun, run_command
from edgecode.errors import RefusedError

MOUNTINFO = rb"""22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /mnt/show rw,relatime shared:9 - nfs4 filer:/show rw,vers=4.2
31 30 0:41 / /mnt/show/local rw - xfs /dev/vdb rw
32 22 0:42 / /mnt/with\040space rw - cifs //server/share rw
33 22 0:43 / /media/cloud rw - fuse.rclone remote: rw
34 22 0:44 / /media/usb rw - fuseblk /dev/sdb1 rw
35 22 0:45 / /over rw - nfs filer:/old rw
36 22 0:46 / /over rw - btrfs /dev/vdc rw
"""


@pytest.mark.parametrize("folder", ["/mnt/show", "/mnt/show/prod/.edgecode", "/mnt/with space/p", "/media/cloud/x"])
def test_a_store_on_a_network_file_system_is_refused_with_the_remedy(folder: str) -> None:
    with pytest.raises(RefusedError, match="Put the production on a local disk") as refused:
        refuse_network_file_system(Path(folder), MOUNTINFO)

    assert refused.value.code == "store.network_file_system"


@pytest.mark.parametrize(
    "folder", ["/home/me/prod", "/mnt/show/local/prod", "/mnt/showcase", "/media/usb/p", "/over/p"]
)
def test_a_store_on_a_local_disk_is_fine(folder: str) -> None:
    assert refuse_network_file_system(Path(folder), MOUNTINFO) is True


def test_a_system_that_does_not_say_is_not_taken_for_local() -> None:
    assert refuse_network_file_system(Path("/home"), b"") is False


def test_the_deepest_mount_holds_a_path() -> None:
    assert mounted_at(b"/mnt/show/local/a", MOUNTINFO) == Mounted(b"/mnt/show/local", "xfs")


def run(*command: str) -> CommandRun:
    return run_command(command, run="the-run", now_milliseconds=lambda: 5)


def test_the_status_of_a_command_is_passed_through() -> None:
    assert run(sys.executable, "-c", "raise SystemExit(7)") == CommandRun(7, 5, 5)


def test_a_command_sees_which_run_it_is() -> None:
    script = "import os; raise SystemExit(0 if os.environ['EDGECODE_RUN'] == 'the-run' else 1)"

    assert run(sys.executable, "-c", script).exit_status == 0


def test_a_command_killed_by_a_signal_ends_as_in_a_shell() -> None:
    assert run(sys.executable, "-c", "import os; os.kill(os.getpid(), 9)").exit_status == 137


def test_a_command_that_is_not_there_ends_as_in_a_shell() -> None:
    assert run("/no/such/program") == CommandRun(127, 5, 5, did_start=False)


def test_a_command_that_is_no_program_ends_as_in_a_shell(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")

    assert run(str(tmp_path / "text")).exit_status == 126
