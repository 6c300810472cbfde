"""Where verifiers that other people wrote are found on this machine, how they are started, and what is said when one is absent."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
GO_PACKAGES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
SIGSTORE_PYTHON = os.environ.get("EDGECODE_SIGSTORE_PYTHON") or (sys.executable if find_spec("sigstore") else "")
SIGSTORE_NODE = os.environ.get("EDGECODE_SIGSTORE_NODE", "")
"""A folder with a `node_modules` that holds @sigstore/verify."""

needs_go = pytest.mark.skipif(
    not (shutil.which("go") and GO_PACKAGES.is_dir()),
    reason="NOT CHECKED by Go's reference: apt-get install golang-go golang-golang-x-mod-dev",
)
needs_sigstore_python = pytest.mark.skipif(
    not SIGSTORE_PYTHON,
    reason="NOT CHECKED by sigstore: pip install sigstore==4.5.1, or name an interpreter that has it in EDGECODE_SIGSTORE_PYTHON",
)
needs_sigstore_node = pytest.mark.skipif(
    not (shutil.which("node") and (Path(SIGSTORE_NODE) / "node_modules" / "@sigstore" / "verify").is_dir()),
    reason="NOT CHECKED by sigstore-js: npm install @sigstore/verify@4.1.3 in a folder that EDGECODE_SIGSTORE_NODE names",
)
needs_tlog_scales = pytest.mark.skipif(
    not find_spec("tlog_scales"), reason="NOT CHECKED by tlog-scales: pip install tlog-scales"
)


def go_program(folder: Path) -> Path:
    """Builds go_reference in *folder*."""
    program = folder / "go_reference"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
    environment["GOCACHE"] = str(folder / "go-cache")
    sources = sorted(map(str, (HERE / "go_reference").glob("*.go")))
    subprocess.run(["go", "build", "-o", str(program), *sources], check=True, env=environment, timeout=300)
    return program


def said_by(*arguments: object, given: str = "") -> tuple[str, str]:
    """(errors, output) of an oracle; the last line of each, because a runtime may warn of itself."""
    done = subprocess.run(
        [str(one) for one in arguments], input=given, capture_output=True, text=True, check=False, timeout=900
    )
    return done.stderr if done.returncode else "", done.stdout.strip()


def sigstore_python(*arguments: object, given: str = "") -> tuple[str, str]:
    return said_by(SIGSTORE_PYTHON, HERE / "sigstore_reference.py", *arguments, given=given)


def sigstore_node(*arguments: object) -> tuple[str, str]:
    return said_by("node", HERE / "sigstore_reference.js", Path(SIGSTORE_NODE) / "node_modules", *arguments)
