"""What mail, other programs and hurried hands make of a pack is said in plain words, next to the verdict."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from edgecode.cli.verify import main
from pack_samples import Packed


def packed_again(data: bytes, method: int) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(out, "w", method) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("harm", "hint"),
    [
        (lambda data: data[: len(data) // 2], "The file is cut off: ask for it again."),
        (lambda data: packed_again(data, ZIP_DEFLATED), "packed again by another program: ask for the original file."),
        (lambda data: packed_again(data, ZIP_STORED), "packed again by another program: ask for the original file."),
    ],
)
def test_a_pack_that_the_way_here_has_changed_says_what_became_of_it_before_any_finding(
    tiny: Packed, tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: object, hint: str
) -> None:
    (tmp_path / "pack.zip").write_bytes(harm(tiny.data))  # type: ignore[operator]
    status = main([str(tmp_path / "pack.zip")])
    lines = capsys.readouterr().out.splitlines()

    assert (status, lines[0]) == (30, "INVALID")
    assert lines[1].endswith(hint)


def test_an_unpacked_pack_is_refused_with_the_request_for_the_zip(
    tiny: Packed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ZipFile(BytesIO(tiny.data)) as file:
        file.extractall(tmp_path / "pack")

    assert (main([str(tmp_path / "pack")]), "[verify.unpacked]" in capsys.readouterr().err) == (20, True)


def test_several_keys_in_one_file_are_several_keys_and_one_that_stands_twice_is_one(
    tiny: Packed, tmp_path: Path
) -> None:
    (tmp_path / "pack.zip").write_bytes(tiny.data)
    (tmp_path / "log.vkey").write_text(f"{tiny.key}\n{tiny.key}\n", encoding="utf-8")

    assert main([str(tmp_path / "pack.zip"), "--key", str(tmp_path / "log.vkey")]) == 31


def test_what_was_given_in_the_place_of_a_key_is_named(
    tiny: Packed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.zip").write_bytes(tiny.data)
    (tmp_path / "log.vkey").write_text(f"{tiny.key}\n", encoding="utf-8")
    main([str(tmp_path / "log.vkey"), "--key", str(tmp_path / "pack.zip")])
    swapped = capsys.readouterr().err
    main([str(tmp_path / "pack.zip"), "--witness", str(tmp_path / "log.vkey")])

    assert "pack.zip, which --key names, is no verifier key: it is a pack" in swapped
    assert "log.vkey, which --witness names, is a log's key" in capsys.readouterr().err


def test_a_name_of_300_letters_and_a_reader_who_leaves_are_no_crash(tiny: Packed, tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(tiny.data)
    program = "import os, sys; from edgecode.cli.verify import main; sys.exit(main(sys.argv[1:]))"
    long = subprocess.run([sys.executable, "-c", program, "a" * 300], capture_output=True, text=True, check=False)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "pack.zip")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as left:
        assert left.stdout is not None and left.stderr is not None
        left.stdout.close()
        said = left.stderr.read()

    assert (long.returncode, "Traceback" in long.stderr) == (20, False)
    assert (left.returncode, said) == (31, b"")
