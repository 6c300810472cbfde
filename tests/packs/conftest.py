"""The packs that these tests judge: a tiny one with short stand-ins for its programs, and that of the demo with everything in it."""

import shutil
from pathlib import Path

import pytest

import pack_samples
from edgecode.production import Production
from edgecode.production.packs.making import cut_pack, renew_pack
from pack_samples import Packed, keep_cosigned
from running import run_command
from witness_samples import policy


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """A pack of about 15 kB that the guild's witness has cosigned; tests do not change it."""
    with pytest.MonkeyPatch.context() as patched:
        pack_samples.short_programs(patched)
        return pack_samples.tiny_pack(tmp_path_factory.mktemp("tiny") / "show")


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, made by its own command; tests only read it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = run_command("demo", "--dir", str(folder), "--no-open", cwd=folder.parent)
    assert done.status == 0, done.err
    return folder


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the demo's record to change."""
    copy = tmp_path / "demo"
    shutil.copytree(demo_folder / ".edgecode", copy / ".edgecode")
    shutil.copy(demo_folder / "edgecode.toml", copy / "edgecode.toml")
    return copy


@pytest.fixture(scope="session")
def demo_pack(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """The pack of the demo's cut, cosigned by the guild's witness, and beside it nothing that was stood in for."""
    copy = tmp_path_factory.mktemp("packed") / "demo"
    shutil.copytree(demo_folder / ".edgecode", copy / ".edgecode")
    shutil.copy(demo_folder / "edgecode.toml", copy / "edgecode.toml")
    with Production.open(copy) as production:
        data, _ = cut_pack(production, "cut13")
        keep_cosigned(production)
        data, key = renew_pack(production, data), production.log.key
    return Packed(data, key, policy([key], {"w1": pack_samples.WITNESS.key}, "quorum w1"))
