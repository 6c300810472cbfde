"""Tables laid beside a cut: what they join, what they leave open, where they lead in the ladder, and proxies to originals."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import InputError
from edgecode.events.cut_kinds import CutJoined, JoinFact, JoinPlace, Lead, TableFact
from edgecode.index.conform import Match
from edgecode.index.cuts import clips, cut_named
from edgecode.index.proxies import hops
from edgecode.ingest.doors import Table
from edgecode.ingest.tables.ale import read_ale
from edgecode.ingest.tables.delimited import read_delimited
from edgecode.ingest.tables.joining import LEADS_AT_MOST, Joined, joined
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


def test_no_row_is_dropped_that_could_leave_a_clip_open() -> None:
    show = Show()
    both = {show.video(f"raw/{reel}.mov", 240, start=HOUR, reel=reel) for reel in ("A001", "B001")}
    others = [f"12A-1\tN{number:03d}\t01:00:00:00\t01:00:10:00" for number in range(40)]
    rows = [f"12A-1\t{reel}\t01:00:00:00\t01:00:10:00" for reel in ("A001", "B001")]
    _, match = laid(show, clip("12A-1", source_in=HOUR), ale(rows[0], *others, rows[1]))
    store = show.index()

    assert (match.reason, set(match.candidates)) == (Reason.AMBIGUOUS, {id_of(store, each) for each in both})


def test_of_a_clip_in_more_rows_than_are_kept_nothing_is_taken_and_that_is_said() -> None:
    rows = [f"12A-1\tN{number:03d}\t01:00:00:00\t01:00:10:00" for number in range(LEADS_AT_MOST + 1)]
    one = clip("12A-1", source_in=HOUR)
    found = leads(one, ale(*rows))
    said = [(each.code, each.effect) for each in found.diagnostics]

    assert len(leads(one, ale(*rows[:-1])).leads[0]) == LEADS_AT_MOST
    assert (found.leads, said) == (((),), [("table.unjoined", "none"), ("table.crowded", "row-missing")])


def test_two_headings_that_compare_equal_both_say_something() -> None:
    table = read_delimited(b"Name,Source File,SourceFile,source_file\n12A-1,a.mov,b.mov,\n", name="r.csv")

    assert joined([clip("12A-1")], [table], rate=None).leads[0][0].targets == ("a.mov", "b.mov")


def named_beside(show: Show, table: str, one: Clip) -> Match:
    return laid(show, one, ale(table))[1]


def test_a_table_does_not_overrule_the_file_name_that_the_cut_itself_gives() -> None:
    show = Show()
    both = {show.video(f"raw/{name}.mov", 240) for name in ("a", "b")}
    match = named_beside(show, "b.mov\t\t\t\t\ta.mov", clip("b.mov", names=("b.mov",)))
    store = show.index()

    assert (match.reason, set(match.candidates)) == (Reason.AMBIGUOUS, {id_of(store, each) for each in both})
    assert match.why == (
        "table 1, row 9 (joined by name) leads to it by its file name, and the file name in the cut is that of another, "
        "and so do others: 2 candidates"
    )


def test_a_table_and_the_file_name_of_the_cut_agree_where_one_of_several_is_meant() -> None:
    show = Show()
    proxy, original = show.video("proxy/a.mov", 240), show.video("raw/a.mov", 240, start=HOUR, reel="A001")
    one = clip("a.mov", names=("a.mov",), source_in=HOUR)
    match = named_beside(show, "a.mov\tA001\t01:00:00:00\t01:00:10:00", one)

    assert key_shown(show.index(), match, proxy, original) == original


def test_a_table_leads_on_from_a_file_name_that_a_recorded_step_says_is_its_proxy() -> None:
    show = Show()
    original = show.video("raw/A001.mov", 240, start=HOUR, reel="A001")
    proxy = show.video("proxy/12A-1.mov", 240, start=HOUR)
    one = clip("12A-1.mov", source_in=HOUR)
    table = "12A-1.mov\tA001\t01:00:00:00\t01:00:10:00"
    before = named_beside(show, table, one).reason
    show.step(StepKind.TRANSCODE, proxy, inputs=(original,))

    assert before is Reason.AMBIGUOUS
    assert key_shown(show.index(), named_beside(show, table, one), proxy, original) == original


@pytest.mark.parametrize("read", [read_ale, read_delimited])
def test_a_zero_inside_a_cell_is_no_part_of_a_name_and_not_passed_over(
    read: Callable[..., Table],
) -> None:
    data = ale("12A-1\tA001\t\t\t\tpi\0ca.mov") if read is read_ale else b"Name,Source File\n12A-1,pi\0ca.mov\n"

    with pytest.raises(InputError, match="zero byte") as caught:
        read(data, name="log")
    assert caught.value.code == "table.malformed"
    assert read(data.replace(b"\0", b"") + b"\0" * 512, name="log").rows[0].values["Source File"] == "pica.mov"


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


def led(show: Show, data: bytes, one: Clip | None = None) -> Match:
    """What a clip shows that one report speaks of."""
    one = one or clip("Prox1")
    cut, (key,) = add_cut(show, one)
    found = joined([one], [read_delimited(data, name="r.csv")], rate=Rate(24)).leads[0]
    show.events.append(CutJoined(JoinFact(cut, ()), None, JoinPlace(("r.csv",), {key: found})))
    return matches(show.index(), cut)[0]


@pytest.mark.parametrize(
    "report",
    [
        b"Name,Source File,Original File\nProx1,cam.mov,gen.mov\n",
        b"Name,Original File,Source File\nProx1,cam.mov,gen.mov\n",
        b"Name,File Path,Source File\nProx1,/mnt/show/raw/cam.mov,gen.mov\n",
        b"Name,Source File,Source File\nProx1,cam.mov,gen.mov\n",
    ],
)
def test_a_row_that_names_two_files_settles_on_neither(report: bytes) -> None:
    show = Show()
    both = {show.video(f"raw/{name}.mov", 240) for name in ("cam", "gen")}
    match = led(show, report)
    store = show.index()

    assert (match.reason, set(match.candidates)) == (Reason.AMBIGUOUS, {id_of(store, each) for each in both})


def test_a_path_in_a_row_picks_one_of_the_files_that_its_name_may_mean() -> None:
    show = Show()
    meant = show.video("day1/a.mov", 240)
    show.video("day2/a.mov", 200)
    match = led(show, b"Name,Source File,File Path\nProx1,a.mov,/mnt/show/day1/a.mov\n")

    assert key_shown(show.index(), match, meant) == meant


@pytest.mark.parametrize(("kind", "settled"), [(StepKind.TRANSCODE, True), (StepKind.GENERATE, False)])
def test_a_row_leads_past_a_recorded_proxy_and_not_past_what_a_model_made_of_its_original(
    kind: StepKind, settled: bool
) -> None:
    show = Show()
    proxy, original = show.video("proxy/p.mov", 240), show.video("raw/o.mov", 240)
    show.step(kind, proxy, inputs=(original,))
    match = led(show, b"Name,Source File,Original File\nProx1,p.mov,o.mov\n")

    assert (key_shown(show.index(), match, proxy, original) == original) is settled
    assert settled or match.reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(
    ("shown", "report", "linked"),
    [
        ("proxy/p.mov", "Name,Source File,Original File\nProx1,/mnt/show/proxy/p.mov,/mnt/show/raw/o.mov\n", True),
        ("raw/o.mov", "Name,Source File,Original File\nProx1,/mnt/show/proxy/p.mov,/mnt/show/raw/o.mov\n", False),
        ("raw/o.mov", "Name,Source File,File Path\nProx1,/mnt/show/proxy/p.mov,/mnt/show/raw/o.mov\n", False),
    ],
)
def test_an_original_is_what_the_row_calls_so_and_is_made_from_nothing_that_it_names(
    shown: str, report: str, linked: bool
) -> None:
    show = Show()
    proxy, original = show.video("proxy/p.mov", 240), show.video("raw/o.mov", 240)
    one = clip("Prox1", targets=(f"/mnt/show/{shown}",))
    led(show, report.encode(), one)
    cut = next(event.fact.cut for event in show.events if isinstance(event, CutJoined))

    assert hops_of(show, cut) == ([(proxy, original)] if linked else [])


def test_a_row_that_says_two_starts_says_none() -> None:
    report = b"Name,Start,TC In,End\n12A-1,01:00:00:00,02:00:00:00,03:00:00:00\n"
    found = joined([clip("12A-1", source_in=5)], [read_delimited(report, name="r.csv")], rate=Rate(24))

    assert [(lead.at, lead.rate) for lead in found.leads[0]] == [(5, "")]
