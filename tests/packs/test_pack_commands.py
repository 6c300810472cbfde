"""`edgecode pack` and `edgecode-verify` as people run them: files, words, exit statuses, and the verifier that lies in the pack itself."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest
from test_pack_attacks import flipped

from doc_pages import ROOT
from edgecode.answers.verify_page import verify_page
from edgecode.cli.verify import main
from edgecode.ledger.packs import PAGE, PROGRAM
from edgecode.production.packs.verifier_program import verifier_program
from pack_samples import Packed
from running import run_command

WITHOUT_CRYPTOGRAPHY = """
import runpy, sys
sys.modules["cryptography"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def handed(demo_pack: Packed, tmp_path: Path) -> Path:
    """A folder with the pack of the demo, the policy of an outsider and the program that lies in the pack."""
    (tmp_path / "pack.zip").write_bytes(demo_pack.data)
    (tmp_path / "policy.txt").write_bytes(demo_pack.policy.encode())
    (tmp_path / "verify.pyz").write_bytes(demo_pack.members[PROGRAM])
    return tmp_path


def pyz(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-I", "verify.pyz", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_the_program_in_the_pack_says_witnessed_with_the_policy_of_an_outsider(handed: Path) -> None:
    status, lines = pyz(handed, "pack.zip", "--policy", "policy.txt")

    assert (status, lines[0]) == (0, "WITNESSED")
    assert "  " not in lines[1][:2]


def test_the_installed_program_says_the_same(handed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([str(handed / "pack.zip"), "--policy", str(handed / "policy.txt")])
    installed = capsys.readouterr().out.splitlines()

    assert (status, installed) == pyz(handed, "pack.zip", "--policy", "policy.txt")


def test_without_a_policy_the_word_is_unwitnessed_and_may_be_allowed(handed: Path, demo_pack: Packed) -> None:
    status, lines = pyz(handed, "pack.zip")

    assert (status, lines[0]) == (31, "UNWITNESSED")
    assert any("whose they are, nothing here can tell" in line for line in lines)
    assert pyz(handed, "pack.zip", "--key", str(demo_pack.key))[0] == 31
    assert pyz(handed, "pack.zip", "--allow-unwitnessed")[0] == 0


def test_a_changed_bit_exits_30_and_names_the_member(handed: Path, demo_pack: Packed) -> None:
    place = demo_pack.data.index(b'"unaccounted":') + 14
    (handed / "pack.zip").write_bytes(flipped(demo_pack.data, place * 8))
    status, lines = pyz(handed, "pack.zip", "--policy", "policy.txt")

    assert (status, lines[0]) == (30, "INVALID")
    assert any(line.startswith("  answer.json: ") for line in lines)


def test_a_file_that_only_ends_in_zip_is_invalid_and_not_a_crash(handed: Path) -> None:
    (handed / "other.zip").write_bytes(b"hello")

    assert pyz(handed, "other.zip")[0] == 30
    assert pyz(handed, "nowhere.zip")[0] == 21


def test_where_cryptography_is_absent_the_program_says_so_in_one_sentence(handed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT_CRYPTOGRAPHY, str(handed / "verify.pyz"), "pack.zip"],
        capture_output=True,
        text=True,
        check=False,
        cwd=handed,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "edgecode-verify needs the Python package cryptography, which is not installed here: pip install cryptography"
    )


def test_the_report_as_json_fits_its_schema(handed: Path) -> None:
    schema = json.loads((ROOT / "schemas" / "verification-1.json").read_text("utf-8"))
    status, lines = pyz(handed, "pack.zip", "--policy", "policy.txt", "--json")
    said = json.loads("\n".join(lines))

    jsonschema.validate(said, schema)
    assert (status, said["verdict"], said["quorum"]["organisations"]) == (0, "WITNESSED", ["guild.example"])


def test_a_pack_is_taken_apart_for_other_verifiers_into_a_new_folder_only(handed: Path, demo_pack: Packed) -> None:
    status, _ = pyz(handed, "pack.zip", "--policy", "policy.txt", "--extract", "parts")
    names = {path.name for path in (handed / "parts").iterdir()}
    leaf = next(name for name in sorted(names) if name.endswith(".leaf"))

    assert status == 0
    assert {"checkpoint", "policy.txt", "made.leaf", "made.tlog-proof"} < names
    proof = leaf.replace(".leaf", ".tlog-proof")
    assert pyz(handed, f"parts/{proof}", "--leaf", f"parts/{leaf}", "--policy", "policy.txt")[0] == 0
    assert pyz(handed, "pack.zip", "--extract", "parts")[0] == 20


def test_a_text_that_would_move_the_cursor_is_printed_as_plain_signs(tmp_path: Path, tiny: Packed) -> None:
    from edgecode.ledger.packs import MANIFEST, Manifest
    from pack_samples import rewritten

    manifest = Manifest.parse(tiny.members[MANIFEST])._replace(pack="\x1b[2J\u202e")
    (tmp_path / "pack.zip").write_bytes(rewritten(tiny, {MANIFEST: manifest.encode()}, relist=False))
    (tmp_path / "verify.pyz").write_bytes(verifier_program())
    _, lines = pyz(tmp_path, "pack.zip")

    assert all(line.isprintable() for line in lines)


# ------------------------------------------------------------------------------------------ edgecode pack


def test_the_command_writes_a_file_without_a_title_in_its_name(demo: Path, tmp_path: Path) -> None:
    done = run_command("pack", "cut13", "--production", str(demo), cwd=tmp_path)
    (file,) = tmp_path.glob("*.zip")

    assert done.status == 0, done.err
    assert "verse" not in file.name.lower()
    assert main([str(file), "--allow-unwitnessed"]) == 0


def test_the_command_says_what_it_wrote_as_json(demo: Path, tmp_path: Path) -> None:
    schema = json.loads((ROOT / "schemas" / "pack-made-1.json").read_text("utf-8"))
    done = run_command("pack", "cut13", "--out", "p.zip", "--json", "--production", str(demo), cwd=tmp_path)
    said = json.loads(done.out)

    jsonschema.validate(said, schema)
    assert said["sha256"] == sha256((tmp_path / "p.zip").read_bytes()).hexdigest()
    assert (said["reached"], said["witnesses"]) == (False, [])


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ((), 2, "pack.arguments"),
        (("cut13", "--renew", "x.zip"), 2, "pack.arguments"),
        (("nothing",), 21, "cut.unknown"),
        (("--renew", "nowhere.zip"), 21, "pack.absent"),
        (("cut13", "--out", "nowhere/p.zip"), 20, "pack.unwritable"),
    ],
)
def test_wrong_words_are_told_with_their_own_status(
    demo: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, code: str
) -> None:
    done = run_command("pack", *arguments, "--production", str(demo), cwd=tmp_path)

    assert (done.status, f"[{code}]" in done.err) == (status, True), done.err


def test_the_digests_of_page_and_program_are_those_in_every_pack(demo_pack: Packed, tmp_path: Path) -> None:
    done = run_command("pack", "--page-digest", cwd=tmp_path)
    members = demo_pack.members

    assert (members[PAGE], members[PROGRAM]) == (verify_page(), verifier_program())
    assert done.out.splitlines() == [f"{sha256(members[name]).hexdigest()}  {name}" for name in (PAGE, PROGRAM)]


def test_the_page_loads_nothing_and_runs_only_its_own_script() -> None:
    page = verify_page().decode()
    policy = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not any(
        word in page for word in ("http://", "https://", "fetch(", "XMLHttpRequest", "import(", "src=", "innerHTML")
    )
