"""A published checkpoint never speaks of a file whose name may not be on disk."""

import os
from pathlib import Path

import pytest

from edgecode.drivers.published import publish
from sample_log import new_production


def test_what_an_earlier_publication_left_unflushed_is_flushed_before_the_checkpoint_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = new_production(tmp_path)
    production.log.append(production.events(300))
    published = tmp_path / "published"
    publish(production.log, published)
    (published / "checkpoint").unlink()  # as if the first publication had been killed before its end
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noting_fsync(descriptor: int) -> None:
        order.append(f"flush {Path(f'/proc/self/fd/{descriptor}').resolve().relative_to(tmp_path)}")
        fsync(descriptor)

    def noting_replace(self: Path, target: Path) -> Path:
        order.append(f"name {target.relative_to(tmp_path)}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(Path, "replace", noting_replace)
    publish(production.log, published)
    before = order[: order.index("name published/checkpoint")]

    folders = [published, *(path for path in published.rglob("*") if path.is_dir())]
    assert {line for line in before if ".new" not in line} == {f"flush {one.relative_to(tmp_path)}" for one in folders}
