"""Edge codes written into the files of others: every clip reads back with its code, and nothing else of the file has changed."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cut_strategies import flat_cuts
from edgecode.errors import InputError
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.edl_writer import edl_bytes
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.ingest.editorial.stamping import same_places, stamped_edl, stamped_otio
from edgecode.ingest.tables.ale import read_ale
from edgecode.ingest.tables.ale_writer import stamped_ale
from edgecode.terms.cuts import Clip, CutReading
from edgecode.terms.identity import EdgeCode
from edgecode.terms.timebase import Rate
from shared_data import DATA, needs_shared_data

EDL_FILES = sorted((DATA / "timelines" / "edl").rglob("*.edl"))
OTIO_FILES = sorted((DATA / "timelines" / "otio").rglob("*.otio"))
ALE_FILES = sorted((DATA / "timelines" / "ale").rglob("*.ale"))
STAMP = re.compile(rb"^\* EDGECODE: [CPHGMAU] [0-9A-Z]{5} [0-9A-Z]{5} \d{4,}$")


def code(number: int) -> str:
    """An edge code of its own for each number."""
    return str(EdgeCode.of_digest(f"{number * 7919 + 1:064x}"[::-1], origin="G", frame=number))


def codes_for(cut: CutReading) -> list[str | None]:
    return [None if clip.kind == "black" or clip.media.codes else code(n) for n, clip in enumerate(cut.clips)]


def plain(clip: Clip) -> Clip:
    return replace(clip, comments=(), media=replace(clip.media, codes=()))


def lines(data: bytes) -> list[bytes]:
    return re.split(rb"\r\n|\r|\n", data)


@given(flat_cuts(), st.sampled_from((b"\r\n", b"\n", b"\r")))
def test_an_edl_keeps_every_byte_and_every_clip_reads_back_by_its_code(cut: CutReading, ends: bytes) -> None:
    bare = replace(cut, clips=tuple(plain(clip) for clip in cut.clips))
    data = edl_bytes(bare)[0].replace(b"\r\n", ends)
    [read] = read_cut(data, name="a.edl", rate=cut.rate)
    wanted = codes_for(read)
    done = stamped_edl(data, wanted, name="a.edl", rate=cut.rate)
    [again] = read_cut(done.data, name="a.edl", rate=cut.rate)
    refused = {problem.path for problem in done.diagnostics}

    assert [line for line in lines(done.data) if not STAMP.match(line)] == lines(data)
    assert [plain(clip) for clip in again.clips] == [plain(clip) for clip in read.clips]
    for clip, expected in zip(again.clips, wanted, strict=True):
        assert clip.media.codes == ((expected,) if expected else ()) or clip.event in refused


@given(flat_cuts())
def test_an_otio_reads_back_by_its_codes_and_only_says_them_besides(cut: CutReading) -> None:
    data = otio_bytes(replace(cut, clips=tuple(plain(clip) for clip in cut.clips)))
    [read] = read_cut(data, name="a.otio")
    wanted = codes_for(read)
    done = stamped_otio(data, wanted, name="a.otio", rate=None)
    [again] = read_cut(done.data, name="a.otio")

    assert [clip.media.codes for clip in again.clips] == [(each,) if each else () for each in wanted]
    assert same_places(again.clips, read.clips)
    assert json.loads(done.data)["name"] == json.loads(data)["name"]


def test_stamping_a_stamped_file_changes_nothing() -> None:
    data = b"001  A V C 01:00:00:00 01:00:01:00 00:00:00:00 00:00:01:00\n* FROM CLIP NAME: a\n"
    once = stamped_edl(data, [code(1)], name="a.edl", rate=Rate(24))
    twice = stamped_edl(once.data, [code(1)], name="a.edl", rate=Rate(24))

    assert (once.data, once.written) == (data + f"* EDGECODE: {code(1)}\n".encode(), 1)
    assert twice == replace(once, diagnostics=())


def test_a_clip_that_carries_another_code_keeps_it_and_it_is_said() -> None:
    data = f"001  A V C 01:00:00:00 01:00:01:00 00:00:00:00 00:00:01:00\n* FROM CLIP NAME: a\n* EDGECODE: {code(2)}\n".encode()
    done = stamped_edl(data, [code(1)], name="a.edl", rate=Rate(24))

    assert (done.data, done.written, [each.code for each in done.diagnostics]) == (data, 0, ["stamp.coded"])


def test_both_sides_of_a_dissolve_get_their_own_code() -> None:
    data = (
        b"001  A V C      01:00:00:00 01:00:02:00 00:00:00:00 00:00:02:00\n* FROM CLIP NAME: a\n"
        b"002  A V C      01:00:02:00 01:00:02:00 00:00:02:00 00:00:02:00\n"
        b"002  B V D 012  02:00:00:00 02:00:02:00 00:00:02:00 00:00:04:00\n* FROM CLIP NAME: a\n* TO CLIP NAME: b\n"
    )
    [read] = read_cut(data, name="a.edl", rate=Rate(24))
    wanted: list[str | None] = [code(2 if clip.media.reel == "B" else 1) for clip in read.clips]
    done = stamped_edl(data, wanted, name="a.edl", rate=Rate(24))
    [again] = read_cut(done.data, name="a.edl", rate=Rate(24))

    assert [clip.media.codes for clip in again.clips] == [(each,) for each in wanted]
    assert done.diagnostics == ()


def test_picture_and_sound_of_one_event_that_show_two_files_get_no_code() -> None:
    data = b"001  A AA/V C 01:00:00:00 01:00:01:00 00:00:00:00 00:00:01:00\n* FROM CLIP NAME: a\n"
    [read] = read_cut(data, name="a.edl", rate=Rate(24))
    done = stamped_edl(data, [code(n) for n in range(len(read.clips))], name="a.edl", rate=Rate(24))

    assert done.data == data
    assert {each.code for each in done.diagnostics} == {"stamp.several"}


def test_a_document_that_says_a_key_twice_is_not_written_again() -> None:
    data = (
        b'{"OTIO_SCHEMA": "Timeline.1", "name": "a", "name": "b", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": []}}'
    )

    with pytest.raises(InputError, match="twice"):
        stamped_otio(data, [], name="a.otio", rate=None)


ALE = (
    b"Heading\r\nFIELD_DELIM\tTABS\r\nFPS\t24\r\n\r\nColumn\r\nName\tTape\tStart\t\r\n\r\nData\r\n"
    b"12A-1\tA001\t01:00:00:00\r\n12A-2\tA001\r\n"
)


def test_a_log_gets_one_column_and_short_rows_are_filled_up() -> None:
    done = stamped_ale(ALE, {10: code(1)}, name="a.ale")
    filled = stamped_ale(ALE, {9: code(1), 10: code(2)}, name="a.ale")

    assert done == ALE.replace(b"Start\t\r", b"Start\tEDGECODE\r").replace(
        b"12A-2\tA001\r", f"12A-2\tA001\t\t{code(1)}\r".encode()
    )
    assert [row.values.get("EDGECODE") for row in read_ale(filled, name="a.ale").rows] == [code(1), code(2)]


def test_a_log_that_has_the_column_is_left_alone() -> None:
    with pytest.raises(InputError, match="already"):
        stamped_ale(stamped_ale(ALE, {9: code(1)}, name="a.ale"), {9: code(1)}, name="a.ale")


@needs_shared_data
@pytest.mark.parametrize("path", EDL_FILES, ids=lambda path: path.name)
def test_real_lists_keep_their_bytes_and_their_clips(path) -> None:  # type: ignore[no-untyped-def]
    data = path.read_bytes()
    [read] = read_cut(data, name=path.name)
    rate = read.rate or Rate(24)
    try:
        [read] = read_cut(data, name=path.name, rate=rate)
    except InputError:
        pytest.skip("the list counts at a rate of its own")
    wanted = codes_for(read)
    done = stamped_edl(data, wanted, name=path.name, rate=rate)
    [again] = read_cut(done.data, name=path.name, rate=rate)

    assert [line for line in lines(done.data) if not STAMP.match(line)] == lines(data)
    assert [plain(clip) for clip in again.clips] == [plain(clip) for clip in read.clips]
    assert done.written + len(done.diagnostics) >= sum(each is not None for each in wanted)


@needs_shared_data
@pytest.mark.parametrize("path", OTIO_FILES, ids=lambda path: path.name)
def test_real_timelines_read_back_by_their_codes(path) -> None:  # type: ignore[no-untyped-def]
    data = path.read_bytes()
    for which, read in enumerate(read_cut(data, name=path.name)):
        wanted = codes_for(read)
        try:
            done = stamped_otio(data, wanted, name=path.name, rate=None, which=which)
        except InputError as error:
            assert error.code == "stamp.key_twice"
            continue
        again = read_cut(done.data, name=path.name)[which]

        assert same_places(again.clips, read.clips)
        assert done.written + len(done.diagnostics) == sum(each is not None for each in wanted)


@needs_shared_data
@pytest.mark.parametrize("path", ALE_FILES, ids=lambda path: path.name)
def test_real_logs_keep_what_they_say(path) -> None:  # type: ignore[no-untyped-def]
    data = path.read_bytes()
    before = read_ale(data, name=path.name)
    codes = {row.line: code(row.line) for row in before.rows}
    after = read_ale(stamped_ale(data, codes, name=path.name), name=path.name)

    assert [row.values for row in after.rows] == [{**row.values, "EDGECODE": codes[row.line]} for row in before.rows]


@pytest.mark.parametrize("end", [b"\x1a", b" \x1a\x1a", b"\x1a\r\n", b"\x1a\0\0\0", b"\r\n\x1a", b"\r\n\x1a\r\n"])
def test_a_code_stands_before_the_sign_that_ends_an_old_list_and_what_follows_stays(end: bytes) -> None:
    data = b"001  A V C 01:00:00:00 01:00:01:00 00:00:00:00 00:00:01:00\r\n* FROM CLIP NAME: a" + end
    done = stamped_edl(data, [code(1)], name="a.edl", rate=Rate(24))
    note = f"* EDGECODE: {code(1)}".encode()

    assert (done.written, done.diagnostics) == (1, ())
    assert done.data.partition(b"\x1a")[0].rstrip().endswith(b"NAME: a\r\n" + note)
    assert done.data.endswith(end.lstrip(b"\r\n"))
    assert done.data.replace(b"\r\n" + note, b"") == data
