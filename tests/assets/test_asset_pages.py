"""The how-to pages of OpenAssetIO and pyblish: their programs run as they stand, and print what the pages say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from asset_show import ROOT, program
from openassetio_show import CONNECTOR, make_suite

from doc_pages import examples
from edgecode.ingest.step_record import RecordedInput, StepRecord

OPENASSETIO, PYBLISH = ROOT / "docs/how-to/openassetio.md", ROOT / "docs/how-to/pyblish.md"


@pytest.mark.skipif(os.name == "nt", reason="the example takes file URLs of a POSIX system apart")
def test_the_host_of_the_page_prints_what_the_page_says(tmp_path: Path) -> None:
    pytest.importorskip("openassetio_mediacreation")
    make_suite(tmp_path)
    (source,) = examples(OPENASSETIO, "python")
    (printed,) = examples(OPENASSETIO, "text")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EDGECODE_")}

    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=tmp_path / "show",
        env=kept
        | {
            "OPENASSETIO_PLUGIN_PATH": str(CONNECTOR),
            "PATH": f"{program(tmp_path / 'path').parent}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stdout) == (0, printed), done.stderr[-2000:]


def test_the_question_of_the_page_is_answered(tmp_path: Path) -> None:
    make_suite(tmp_path)
    (line,) = examples(OPENASSETIO, "sh")
    path = f"{program(tmp_path / 'path').parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=tmp_path / "show", env=os.environ | {"PATH": path}, capture_output=True, check=True
    )

    assert b'"reference":"edgecode://version/' in done.stdout


def test_the_collector_of_the_page_says_what_the_gate_understands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyblish")
    import pyblish.api
    import pyblish.util

    monkeypatch.syspath_prepend(str(ROOT / "connectors" / "pyblish"))
    suite = make_suite(tmp_path)
    register, collect = examples(PYBLISH, "python")
    words: dict[str, type] = {}
    exec(collect, words)
    pyblish.api.deregister_all_paths()
    pyblish.api.deregister_all_plugins()
    exec(register, {})
    plugins = sorted([*pyblish.api.discover(), words["CollectMaking"]], key=lambda one: one.order)  # type: ignore[attr-defined]
    context = pyblish.api.Context()
    context.data["edgecode"] = {name: suite["settings"][name] for name in ("production", "command", "spool")}
    media = tmp_path / "media"
    instance = context.create_instance(
        "comp",
        family="render",
        files=[suite["published"]],
        plate=str(media / "plate.png"),
        depth=str(media / "sky.png"),
    )

    pyblish.util.publish(context, plugins=plugins)
    pyblish.api.deregister_all_paths()

    assert [str(one["error"]) for one in context.data["results"] if one["error"] is not None] == []
    assert len(instance.data["edgecodeVersions"]) == 1


def test_the_page_names_keys_of_step_1() -> None:
    page = PYBLISH.read_text("utf-8")

    assert {"kind", "inputs", "tool", "ai", "models", "seeds", "settings"} <= set(StepRecord.__struct_fields__)
    assert {"path", "version", "sha256", "name", "role", "frames"} <= set(RecordedInput.__struct_fields__)
    assert "`path`, `version`, `sha256`, `name`, `role`, `frames`" in page
