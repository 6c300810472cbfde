"""`edgecode hook comfyui` puts the capture into a ComfyUI and takes it out again, and touches nothing that is not its own."""

import json
from pathlib import Path

import pytest
from stub_comfyui import PACKAGE, StubHost, picture_graph

from edgecode.drivers.comfyui_install import CONFIG, FOLDER, install, package_folder, uninstall
from edgecode.errors import NotFoundError, RefusedError
from running import run_command


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "ComfyUI/custom_nodes/other_pack").mkdir(parents=True)
    (tmp_path / "ComfyUI/custom_nodes/other_pack/__init__.py").write_text("")
    return tmp_path / "ComfyUI"


def test_what_is_installed_is_taken_out_without_a_trace(checkout: Path) -> None:
    before = tree(checkout)
    spool = install(checkout)
    there = tree(checkout) - before

    assert there == {
        f"custom_nodes/{FOLDER}/{name}" for name in (CONFIG, *(path.name for path in PACKAGE.glob("*.py")))
    }
    assert (uninstall(checkout), tree(checkout), spool.is_dir()) == (spool, before, True)


def test_an_older_copy_is_replaced_whole(checkout: Path) -> None:
    install(checkout)
    (checkout / "custom_nodes" / FOLDER / "gone_since.py").write_text("")
    install(checkout)

    assert not (checkout / "custom_nodes" / FOLDER / "gone_since.py").exists()


def test_the_installed_copy_writes_where_it_was_told_to(checkout: Path, tmp_path: Path) -> None:
    install(checkout, spool=tmp_path / "elsewhere", stamp_files=False)
    host = StubHost(tmp_path / "comfy")
    with host.running(checkout / "custom_nodes" / FOLDER):
        body = host.post({"prompt": picture_graph(), "extra_data": {}})
        host.capture().drain()

    assert (len(list((tmp_path / "elsewhere").glob("*.jsonl"))), body["extra_data"]) == (1, {})


def test_a_folder_of_somebody_else_is_left_alone(checkout: Path) -> None:
    (checkout / "custom_nodes" / FOLDER).mkdir()
    for act in (install, uninstall):
        with pytest.raises(RefusedError) as refused:
            act(checkout)

        assert refused.value.code == "comfyui.not_ours"


def test_what_is_no_comfyui_is_said(tmp_path: Path, checkout: Path) -> None:
    with pytest.raises(NotFoundError) as none:
        install(tmp_path)
    with pytest.raises(NotFoundError) as nothing:
        uninstall(checkout)

    assert (none.value.code, nothing.value.code) == ("comfyui.none", "comfyui.not_installed")


def test_the_package_never_imports_edgecode() -> None:
    assert package_folder() == PACKAGE
    assert [
        path.name
        for path in PACKAGE.glob("*.py")
        if "import edgecode" in path.read_text() or "from edgecode" in path.read_text()
    ] == []


def test_the_command_says_which_command_reads_the_spool(checkout: Path) -> None:
    done = run_command("hook", "comfyui", str(checkout), cwd=checkout)
    spool = json.loads((checkout / "custom_nodes" / FOLDER / CONFIG).read_text())["spool"]

    assert (done.status, done.out) == (0, f"edgecode record --spool {spool}\n")
    assert run_command("hook", "comfyui", str(checkout), "--uninstall", cwd=checkout).status == 0
