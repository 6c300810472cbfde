"""Tables laid beside a cut: what they join, what they leave open, where they lead in the ladder, and proxies to originals."""

from fractions import Fraction

import pytest

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.cut_kinds import CutJoined, JoinFact, JoinPlace, Lead, TableFact
from edgecode.index.conform import Match
from edgecode.index.cuts import clips, cut_named
from edgecode.index.proxies import hops
from edgecode.ingest.tables.ale import read_ale
from edgecode.ingest.tables.delimited import read_delimited
from edgecode.ingest.tables.joining import Joined, joined
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import ConformMethod, Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate
from index.cut_of import ROOTS, add_cut, clip, matches
from index.small_show import Show, id_of

HOUR = 86_400
ALE = """Heading
FIELD_DELIM\tTABS
FPS\t24

Column
Name\tTape\tStart\tEnd\tUMID\tSource File

Data
"""


def ale(*rows: str) -> bytes:
    return (ALE + "".join(f"{row}\n" for row in rows)).encode()


def leads(one: Clip, data: bytes) -> Joined:
    return joined([one], [read_ale(data, name="log.ale")], rate=Rate(24))


def laid(show: Show, one: Clip, *tables: bytes) -> tuple[RecordId, Match]:
    """The cut of one clip with tables beside it, and what that clip shows."""
    cut, (key,) = add_cut(show, one)
    read = [read_ale(data, name="log.ale") for data in tables]
    found = joined([one], read, rate=Rate(24)).leads[0]
    fact = JoinFact(cut, tuple(TableFact("ale", "ale/1", len(each.rows)) for each in read))
    show.events.append(CutJoined(fact, None, JoinPlace(("log.ale",) * len(read), {key: found} if found else {})))
    (match,) = matches(show.index(), cut)
    return cut, match


def key_shown(store: SqliteIndex, match: Match, *versions: RecordId) -> RecordId | None:
    return next((key for key in versions if id_of(store, key) == match.version), None)


@pytest.mark.parametrize(
    ("one", "by"),
    [
        (clip("other", umids=("UMID-1",), source_in=HOUR), "umid"),
        (clip("other", targets=("S:\\proxy\\A001C002_0101.MOV",), source_in=HOUR), "file"),
        (clip("12a-1", source_in=HOUR), "name"),
        (clip("12A-1.new.01", names=("12A-1.mxf",), source_in=HOUR), "name"),
        (clip("x", reel="A001C002", source_in=HOUR), "reel"),
        (clip("x", reel="A001C", reel_is_truncated=True, source_in=HOUR), "reel"),
    ],
)
def test_the_strongest_thing_in_common_joins_a_row(one: Clip, by: str) -> None:
    row = "12A-1\tA001C002\t01:00:00:00\t01:00:10:00\tumid-1\t/raw/A001C002_0101.mov"
    said = Lead(0, 9, by, ("A001C002",), ("umid-1",), ("/raw/A001C002_0101.mov",), HOUR, "24/1")  # type: ignore[arg-type]

    assert leads(one, ale(row)).leads == ((said,),)


def test_the_same_name_at_another_timecode_is_another_take() -> None:
    found = leads(clip("12A-1", source_in=2 * HOUR), ale("12A-1\tA001\t01:00:00:00\t01:00:10:00"))

    assert (found.leads, [each.code for each in found.diagnostics]) == (((),), ["table.unjoined", "table.contradicted"])


def test_a_take_that_ends_before_the_clip_does_is_another() -> None:
    row = ale("12A-1\tA001\t01:00:00:00\t01:00:00:05")

    assert leads(clip("12A-1", source_in=HOUR), row).leads == ((),)


def test_a_reel_alone_joins_nothing() -> None:
    assert leads(clip("x", reel="A001", source_in=HOUR), ale("12A-1\tA001")).leads == ((),)


def test_rows_that_say_the_same_are_one_and_others_are_all_kept() -> None:
    same = "12A-1\tA001\t01:00:00:00\t01:00:10:00"
    found = leads(clip("12A-1", source_in=HOUR), ale(same, same, "12A-1\tB001\t01:00:00:00\t01:00:10:00"))

    assert [lead.reels for lead in found.leads[0]] == [("A001",), ("B001",)]
    assert [each.code for each in found.diagnostics] == ["table.several"]


def test_a_proxy_that_counts_from_zero_is_placed_by_how_far_in_the_clip_begins() -> None:
    one = clip("12A-1", source_in=30, available_first=Fraction(0), available_end=Fraction(240))
    found = leads(one, ale("12A-1\tA001\t01:00:00:00\t01:00:10:00"))

    assert found.leads[0][0].at == HOUR + 30


def test_a_proxy_of_another_length_than_the_row_is_not_placed_from_its_start() -> None:
    one = clip("12A-1", source_in=30, available_first=Fraction(0), available_end=Fraction(200))

    assert leads(one, ale("12A-1\tA001\t01:00:00:00\t01:00:10:00")).leads == ((),)


def test_headings_of_a_camera_report_mean_the_same_as_those_of_an_ale() -> None:
    report = b"Camera,Card,\nClip Name,Reel Name,Start TC,End TC,FPS,File Name\nA_0001,A001,01:00:00:00,01:00:10:00,24,A.mxf\n"
    found = joined([clip("A_0001", source_in=HOUR)], [read_delimited(report, name="r.csv")], rate=None)

    assert found.leads == ((Lead(0, 3, "name", ("A001",), (), ("A.mxf",), HOUR, "24/1"),),)


def test_a_name_that_says_nothing_is_led_to_its_tape_and_the_table_is_named() -> None:
    show = Show()
    original = show.video("raw/x.mov", 240, start=HOUR, reel="A001C002")
    show.video("raw/y.mov", 240, start=HOUR, reel="A001C003")
    _, match = laid(show, clip("12A-1", source_in=HOUR + 24), ale("12A-1\tA001C002\t01:00:00:00\t01:00:10:00"))

    assert key_shown(show.index(), match, original) == original
    assert (match.method, match.confidence, match.first) == (ConformMethod.INFERRED, 75, Fraction(24))
    assert match.why == (
        "table 1, row 9 (joined by name) leads to it by source reel and timecode; aligned by source timecode"
    )


def test_a_cut_short_reel_is_resolved_by_a_table_and_never_alone() -> None:
    show = Show()
    original = show.video("raw/x.mov", 240, start=HOUR, reel="ZZ100_501")
    show.video("raw/y.mov", 240, start=2 * HOUR, reel="ZZ100_502A")
    one = clip("", reel="ZZ100_50", reel_is_truncated=True, source_in=HOUR)
    table = ale("a\tZZ100_501\t01:00:00:00\t01:00:10:00", "b\tZZ100_502A\t02:00:00:00\t02:00:10:00")

    assert laid(show, one)[1].reason is Reason.NO_MATCH
    assert key_shown(show.index(), laid(show, one, table)[1], original) == original


def test_two_rows_of_one_name_stay_ambiguous() -> None:
    show = Show()
    both = {show.video(f"raw/{reel}.mov", 240, start=HOUR, reel=reel) for reel in ("A001", "B001")}
    _, match = laid(
        show,
        clip("12A-1", source_in=HOUR),
        ale("12A-1\tA001\t01:00:00:00\t01:00:10:00", "12A-1\tB001\t01:00:00:00\t01:00:10:00"),
    )
    store = show.index()

    assert (match.reason, set(match.candidates)) == (Reason.AMBIGUOUS, {id_of(store, each) for each in both})


def test_the_tables_laid_last_stand() -> None:
    show = Show()
    show.video("raw/x.mov", 240, start=HOUR, reel="A001")
    cut, match = laid(show, clip("12A-1", source_in=HOUR), ale("12A-1\tA001\t01:00:00:00\t01:00:10:00"))
    show.events.append(CutJoined(JoinFact(cut, ()), None, JoinPlace()))

    assert match.version is not None
    assert matches(show.index(), cut)[0].reason is Reason.NO_MATCH


def hops_of(show: Show, cut: RecordId) -> list[tuple[RecordId, RecordId]]:
    store = show.index()
    return [(hop.proxy, hop.original) for hop in hops(store, cut_named(store, cut), roots=ROOTS)]


def proxied(show: Show, *, reel: str = "A001C002") -> tuple[RecordId, RecordId, RecordId]:
    """A cut of a proxy that was scanned, its original, and a table that names the original's tape: (cut, proxy, original)."""
    original = show.video("raw/A001C002.mov", 240, start=HOUR, reel=reel)
    proxy = show.video("proxy/12A-1.mov", 240, start=HOUR)
    one = clip("12A-1", targets=("/mnt/show/proxy/12A-1.mov",), source_in=HOUR)
    cut, _ = laid(show, one, ale("12A-1\tA001C002\t01:00:00:00\t01:00:10:00"))
    return cut, proxy, original


def test_a_proxy_is_led_on_to_its_original_frame_by_frame() -> None:
    show = Show()
    cut, proxy, original = proxied(show)
    store = show.index()
    (hop,) = hops(store, cut_named(store, cut), roots=ROOTS)

    assert (hop.proxy, hop.original, hop.lead) == (proxy, original, (0, 9))
    assert hop.frames is not None
    assert (hop.frames.first, hop.frames.end, hop.frames.low) == (0, 240, 0)


def test_a_proxy_whose_making_is_recorded_needs_no_inference() -> None:
    show = Show()
    cut, proxy, _ = proxied(show)
    show.step(StepKind.CAMERA, proxy)

    assert hops_of(show, cut) == []


def test_two_originals_that_fit_are_none() -> None:
    show = Show()
    show.video("raw/other.mov", 240, start=HOUR, reel="A001C002")
    cut, _, _ = proxied(show)

    assert hops_of(show, cut) == []


def test_a_table_s_clip_keys_are_those_of_the_cut() -> None:
    show = Show()
    cut, _, _ = proxied(show)
    store = show.index()

    assert [row.clip.name for row in clips(store, cut_named(store, cut))] == ["12A-1"]
