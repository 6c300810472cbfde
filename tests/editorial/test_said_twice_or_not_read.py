"""What a file says in two ways, or in a way that is not read, is said and believed for no frame."""

import pytest

from edgecode.errors import InputError
from edgecode.ingest.editorial.export_check import checked
from edgecode.ingest.editorial.reading import read_cut
from exchange_samples import session, session_track, xmeml, xmeml_clip, xmeml_file, xmeml_sequence

LINE = session_track("DX", ("line", "01:00:00:00", "01:00:02:00", "Unmuted"))


@pytest.mark.parametrize("folders", [("/day1/", "/day2/"), ("/day2/", "/day1/")])
def test_a_file_name_in_two_folders_of_a_session_is_no_path(folders: tuple[str, str]) -> None:
    files = "".join(f"line.wav\t{folder}\n" for folder in folders)
    (cut,) = read_cut(session(LINE, files=files, clips="line\tline.wav\t[1]\n"), name="mix.txt")

    assert cut.clips[0].media.targets == ()
    assert "resource.twice" in [said.code for said in cut.diagnostics]


def test_a_clip_name_with_two_source_files_has_none() -> None:
    (cut,) = read_cut(
        session(LINE, files="a.wav\t/d/\nb.wav\t/d/\n", clips="line\ta.wav\t[1]\nline\tb.wav\t[1]\n"), name="mix.txt"
    )

    assert cut.clips[0].media.names == ("line",)
    assert "resource.twice" in [said.code for said in cut.diagnostics]


def test_a_session_is_not_asked_for_source_positions_that_its_format_has_not() -> None:
    cuts = read_cut(session(LINE, files="line.wav\t/d/\n", clips="line\tline.wav\t[1]\n"), name="mix.txt")

    assert "export.no_source_range" not in [one.code for one in checked(cuts)]


def test_two_files_under_one_id_are_each_shown_where_they_stand_and_hold_the_cut() -> None:
    second = xmeml_file("b.wav").replace('id="file-b.wav"', 'id="file-a.wav"')
    sound = xmeml_clip("a.wav", 0, 24, 0, 24) + xmeml_clip("b.wav", 24, 48, 0, 24, second)
    (cut,) = read_cut(xmeml(xmeml_sequence([], [sound])), name="two.xml")

    assert [clip.media.names[0] for clip in cut.clips] == ["a.wav", "b.wav"]
    assert ("resource.twice", "row-missing") in [(said.code, said.effect) for said in cut.diagnostics]


@pytest.mark.parametrize(
    "told",
    [
        "<stillframe>TRUE</stillframe><stillframeoffset>33</stillframeoffset>",
        "<subclipinfo><startoffset>20</startoffset><endoffset>0</endoffset></subclipinfo>",
    ],
)
def test_a_still_frame_or_a_subclip_shows_no_frame_for_certain(told: str) -> None:
    (cut,) = read_cut(
        xmeml(xmeml_sequence([xmeml_clip("a.mov", 0, 10, 2, 12, xmeml_file("a.mov") + told)])), name="still.xml"
    )

    assert cut.clips[0].source_scale is None
    assert "start.missing" in [said.code for said in cut.diagnostics]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("padding", ["", "\n", "\0\0"])
def test_xml_in_utf_16_is_read_whole(encoding: str, padding: str) -> None:
    text = xmeml(xmeml_sequence([xmeml_clip("a.mov", 0, 10, 2, 12)])).decode().replace("UTF-8", "UTF-16")
    (cut,) = read_cut(("\ufeff" + text + padding).encode(encoding), name="wide.xml")

    assert cut.frames == 10


def test_several_documents_in_one_file_are_said_to_be_several() -> None:
    one = xmeml(xmeml_sequence([xmeml_clip("a.mov", 0, 10, 2, 12)]))
    with pytest.raises(InputError) as refused:
        read_cut(one + one[one.index(b"<xmeml") :], name="two.xml")

    assert (refused.value.code, "more than one" in refused.value.sentence) == ("xml.malformed", True)
    assert "cut short" not in refused.value.remedy
