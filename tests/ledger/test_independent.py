"""Verifiers that other people wrote accept our log, build the same proofs from our files, and refuse what is damaged.

Go: the packages golang-go and golang-golang-x-mod-dev. sigstore: in this interpreter, or in one that EDGECODE_SIGSTORE_PYTHON names.
"""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from edgecode.drivers.published import publish
from edgecode.ledger.notes import Proof
from sample_log import ORIGIN, new_production

HERE = Path(__file__).parent
ENTRIES = 2_345
GO_PACKAGES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
SIGSTORE_PYTHON = os.environ.get("EDGECODE_SIGSTORE_PYTHON") or (sys.executable if find_spec("sigstore") else "")


@dataclass
class Published:
    folder: Path
    cases: dict


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("independent")
    production = new_production(folder)
    events, sizes, random = production.events(ENTRIES), [], Random(5)
    while production.log.size < ENTRIES:
        begin = production.log.size
        sizes.append(production.log.append(events[begin : begin + random.choice([1, 7, 100, 300])]).size)
    publish(production.log, folder / "published")
    places = sorted({0, 1, 255, 256, 511, 512, ENTRIES - 1, *random.sample(range(ENTRIES), 200)})
    cases = {
        "vkey": str(production.log.key),
        "checkpoint": production.log.checkpoint().decode(),
        "root": text(production.log.root),
        "inclusion": [
            {"index": i, "leaf": text(events[i].leaf), "hashes": texts(Proof.parse(production.log.proof(i)).hashes)}
            for i in places
        ],
        "consistency": [
            {
                "old": size,
                "root": text(production.log.root_at(size)),
                "hashes": texts(production.log.consistency(size, ENTRIES)),
            }
            for size in sizes
        ],
    }
    production.close()
    return Published(folder, cases)


def text(data: bytes) -> str:
    return b64encode(data).decode()


def texts(items: tuple[bytes, ...] | list[bytes]) -> list[str]:
    return [text(item) for item in items]


@pytest.mark.skipif(
    not (shutil.which("go") and GO_PACKAGES.is_dir()),
    reason="NOT CHECKED by Go's reference: apt-get install golang-go golang-golang-x-mod-dev",
)
def test_the_go_reference_accepts_our_log_and_builds_the_same_proofs_from_our_tiles(published: Published) -> None:
    program, cases = published.folder / "go_reference", published.folder / "cases.json"
    cases.write_text(json.dumps(published.cases))
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
    environment["GOCACHE"] = str(published.folder / "go-cache")
    build = ["go", "build", "-o", str(program), str(HERE / "go_reference" / "main.go")]
    subprocess.run(build, check=True, env=environment, timeout=300)
    done = subprocess.run(
        [str(program), str(cases), str(published.folder / "published")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    counts = f"inclusion {len(published.cases['inclusion'])} consistency {len(published.cases['consistency'])}"
    assert (done.stderr, done.stdout) == ("", f"entries {ENTRIES} {counts} flips 0\n")


@pytest.mark.skipif(
    not SIGSTORE_PYTHON,
    reason="NOT CHECKED by sigstore: pip install sigstore==4.5.1, or name an interpreter that has it in EDGECODE_SIGSTORE_PYTHON",
)
def test_sigstore_accepts_every_inclusion_proof_and_no_damaged_one(published: Published) -> None:
    program = [SIGSTORE_PYTHON, str(HERE / "sigstore_reference.py")]
    done = subprocess.run(
        program, input=json.dumps(published.cases), capture_output=True, text=True, check=False, timeout=300
    )

    assert (done.stderr, done.stdout) == ("", f"{ORIGIN} {ENTRIES} good {len(published.cases['inclusion'])} bad 0\n")
