"""Turnovers: what is asked, what comes back in which form, and that never more is closed than was asked and answered."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecode.errors import InputError, NotFoundError, RefusedError
from edgecode.events.codec import canonical
from edgecode.events.door_kinds import TurnoverReturned
from edgecode.events.kinds import ConformDecision
from edgecode.ingest.turnover_form import MADE, SCHEMA
from edgecode.ledger.zips import read_zip, write_zip
from edgecode.production import Production
from edgecode.production.packs.making import cut_pack
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.production.turnovers.rounds import Choice, Sent, listed, send, shown, take_return
from edgecode.production.turnovers.slices import read_slice
from edgecode.terms.frame_spans import said_spans, spans
from edgecode.terms.steps import StepKind
from turnovers.houses import FRAMES, asking, making, said, shot, shot_bytes

CLIPS = (("shot1.mov", 2, 12), ("shot2.mov", 0, 24), ("gone.mov", 0, 6))
ALL = Choice(clips=(1, 2, 3))
SECRET = "Ann Nightingale"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Production]:
    (tmp_path / "asking").mkdir()
    with asking(tmp_path / "asking", CLIPS) as production:
        yield production


def form(sent: Sent, *rows: dict[str, object], name: str = SECRET) -> bytes:
    body = {"schema": SCHEMA, "turnover": sent.turnover, "rows": rows, "signatory": {"name": name, "role": "producer"}}
    return json.dumps(body).encode()


def row(number: int, *made: str, frames: str = "", **words: str) -> dict[str, object]:
    return {"row": number, "made": list(made), "frames": frames, "ai": "none", **words}


def test_a_turnover_asks_for_the_frames_of_a_file_that_the_cut_shows_and_for_a_clip_without_one(
    house: Production,
) -> None:
    sent = send(house, "reel", ALL, due="2027-03-01")
    rows = shown(house, "T-01").rows

    assert [(one.shot, bool(one.version), one.asked, one.reasons) for one in rows] == [
        ("shot1.mov", True, ((2, 12),), ("no-step",)),
        ("shot2.mov", True, ((0, 24),), ("no-step",)),
        ("gone.mov", False, ((34, 40),), ()),
    ]
    assert (sent.number, sent.frames, listed(house)[0].open, listed(house)[0].due) == ("T-01", 40, 40, "2027-03-01")


def test_what_goes_out_is_of_one_piece_and_proves_that_the_log_holds_the_request(house: Production) -> None:
    sent = send(house, "reel", ALL)
    read = read_slice(sent.data)

    assert (read.request.turnover, read.request.origin) == (sent.turnover, house.log.origin)
    assert [one.sha256 for one in read.request.rows] == [shot_bytes(1), shot_bytes(2), ""]


@pytest.mark.parametrize("name", ["request.json", "evidence/leaf", "evidence/fact", "evidence/bytes", "evidence/proof"])
def test_a_request_that_was_changed_on_the_way_is_refused(house: Production, name: str) -> None:
    members = dict(read_zip(send(house, "reel", ALL).data).members)
    data = bytearray(members[name])
    data[len(data) * 2 // 3] ^= 1
    members[name] = bytes(data)

    with pytest.raises(Exception, match=r".") as caught:
        read_slice(write_zip(members))
    assert type(caught.value).__module__.startswith("edgecode.") or caught.type is InputError


def test_a_form_closes_exactly_what_it_answers_and_nothing_else(house: Production) -> None:
    sent = send(house, "reel", ALL)
    came = take_return(house, form(sent, row(1, "people", "camera", frames="3-5")), name="back.json")

    assert came.answered == 3
    assert said(house, shot(house, 1)) == ["vendor-open"] * 3 + ["CH"] * 3 + ["vendor-open"] * 18
    assert said(house, shot(house, 2)) == ["no-step"] * FRAMES
    assert (listed(house)[0].answered, listed(house)[0].open) == (3, 37)
    coverage = house.coverage(house.view("reel"))
    assert (coverage.by_grade["declared"], coverage.unaccounted) == (3, 37)


def test_frames_that_were_not_asked_stay_as_they_were_whatever_the_form_says(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    came = take_return(house, form(sent, row(1, "people", frames="0-23"), row(2, "people")), name="back.json")

    assert said(house, shot(house, 1)) == ["vendor-open"] * 2 + ["H"] * 10 + ["vendor-open"] * 12
    assert said(house, shot(house, 2)) == ["no-step"] * FRAMES
    assert [one.code for one in came.intake.diagnostics] == ["turnover.not_asked", "turnover.row_unclear"]


def test_a_row_that_does_not_say_what_its_frames_are_made_of_is_no_answer(house: Production) -> None:
    sent = send(house, "reel", ALL)
    came = take_return(house, form(sent, row(1, tools="Nuke 15", people=SECRET)), name="back.json")

    assert (came.answered, listed(house)[0].open) == (0, 40)
    assert said(house, shot(house, 1)) == ["no-step"] * FRAMES


def test_a_second_return_completes_the_first(house: Production) -> None:
    sent = send(house, "reel", ALL)
    take_return(house, form(sent, row(1, "people", frames="2-6")), name="one.json")
    came = take_return(house, form(sent, row(1, "model", frames="7-11"), row(2, "camera")), name="two.json")

    assert said(house, shot(house, 1)) == ["vendor-open"] * 2 + ["H"] * 5 + ["G"] * 5 + ["vendor-open"] * 12
    assert (came.counts.answered, came.counts.open, came.counts.forms) == (34, 6, 2)


def test_returns_that_contradict_each_other_leave_the_frames_open(house: Production) -> None:
    sent = send(house, "reel", ALL)
    take_return(house, form(sent, row(1, "people", frames="2-6")), name="one.json")
    take_return(house, form(sent, row(1, "camera", frames="5-11")), name="two.json")

    assert said(house, shot(house, 1))[2:12] == ["H"] * 3 + ["ambiguous"] * 2 + ["C"] * 5
    assert shown(house, "").rows[0].reasons == ("ambiguous",)
    assert shown(house, "").rows[0].unaccounted == ((5, 7),)


def test_frames_that_one_form_answers_in_two_ways_are_open_and_said(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1,)))
    came = take_return(house, form(sent, row(1, "people"), row(1, "model", frames="3-4")), name="back.json")

    assert (came.answered, came.counts.answered, came.counts.open) == (8, 8, 2)
    assert (shown(house, "").rows[0].answered, shown(house, "").rows[0].open) == (((2, 3), (5, 12)), ((3, 5),))
    assert [(one.code, one.effect) for one in came.intake.diagnostics] == [("turnover.still_open", "row-missing")]


def test_a_return_whose_step_was_taken_back_answers_nothing_also_when_it_comes_again(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(1, 2)))
    data = form(sent, row(1, "people"), row(2, "people", frames="0-3"))
    take_return(house, data, name="one.json")
    (returned,) = [one for one in _events(house) if isinstance(one, TurnoverReturned)]
    house.withdraw_step(returned.fact.steps[0])
    before = listed(house)[0]
    again = take_return(house, data, name="one.json")

    assert (before.answered, before.open, before.forms) == (4, 30, 1)
    assert (again.answered, again.counts) == (4, before)
    assert "record.withdrawn" in [one.code for one in again.intake.diagnostics]
    assert (shown(house, "").rows[0].open, shown(house, "").rows[1].answered) == (((2, 12),), ((0, 4),))


def test_the_answer_to_a_clip_does_not_stand_once_its_step_was_taken_back(house: Production) -> None:
    sent = send(house, "reel", Choice(clips=(3,)))
    data = form(sent, row(1, "people"))
    take_return(house, data, name="one.json")
    house.settle_conform(house.cut("reel"), [ConformDecision(house.view("reel").keys[2], shot(house, 3))])
    take_return(house, data, name="one.json")
    matched = listed(house)[0]
    (step,) = [one.fact.steps[0] for one in _events(house) if isinstance(one, TurnoverReturned) and one.fact.steps]
    house.withdraw_step(step)

    assert (matched.answered, matched.forms, listed(house)[0].open) == (6, 1, 6)


def test_the_same_file_taken_twice_is_one_return(house: Production) -> None:
    sent = send(house, "reel", ALL)
    data = form(sent, row(1, "people"))
    take_return(house, data, name="one.json")
    entries = house.log.size
    again = take_return(house, data, name="one.json")

    assert (house.log.size, again.answered, again.counts.forms) == (entries, 10, 1)


def test_names_of_people_stand_nowhere_but_in_sealed_words(house: Production) -> None:
    sent = send(house, "reel", ALL)
    words = {"people": SECRET, "terms": f"release of {SECRET}", "notes": SECRET, "signatory": SECRET, "inputs": SECRET}
    take_return(house, form(sent, row(1, "people", **words)), name="back.json")
    entries = list(house.log.entries(0, house.log.size))
    plain = b"".join(part for one in entries for part in (one.leaf, *(s.data for s in one.sections)))
    texts = [dict(event.text.items) for event in _events(house) if getattr(event, "text", None) is not None]

    assert SECRET.encode() not in plain
    assert {"people", "terms", "notes", "signed by"} <= {name for items in texts for name in items}


def test_a_clip_of_which_no_file_is_known_is_answered_and_stays_open_until_one_is(house: Production) -> None:
    sent = send(house, "reel", ALL)
    data = form(sent, row(3, "people"))
    first = take_return(house, data, name="back.json")
    assert [one.code for one in first.intake.diagnostics] == ["turnover.no_file"]
    before = house.coverage(house.view("reel")).unaccounted
    view = house.view("reel")
    house.settle_conform(house.cut("reel"), [ConformDecision(view.keys[2], shot(house, 3))])
    second = take_return(house, data, name="back.json")

    assert (before, second.answered, house.coverage(house.view("reel")).unaccounted) == (40, 6, 34)


def test_the_plate_that_the_form_names_by_its_digest_is_behind_the_shot(house: Production) -> None:
    sent = send(house, "reel", ALL)
    take_return(house, form(sent, row(2, "people", inputs="our plate\n" + "A" * 64)), name="back.json")

    assert said(house, shot(house, 2)) == ["CH"] * FRAMES


def test_the_spreadsheet_says_what_the_page_says(house: Production, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    sent = send(house, "reel", ALL)
    data = filled_in(
        read_zip(sent.data).members["return-form.xlsx"],
        {"frames": "2-6, 9", "made": "people, model", "ai": "generative", "people": "=1+1", "models": "dreamfilm"},
    )
    came = take_return(house, data, name="back.xlsx")

    assert came.answered == 6
    assert said(house, shot(house, 1))[2:12] == ["HG"] * 0 + [
        *(["HG"] * 5),
        *(["vendor-open"] * 2),
        "HG",
        *(["vendor-open"] * 2),
    ]


def test_a_pack_of_the_houses_own_record_closes_what_its_facts_account_for(house: Production, tmp_path: Path) -> None:
    sent = send(house, "reel", ALL)
    data = pack_of(tmp_path, sent, [StepKind.PAINT, StepKind.GENERATE])
    came = take_return(house, data, name="return.zip", turnover=sent.number)

    assert (came.form, came.answered, came.counts.open, came.counts.logs) == ("log", 34, 6, 1)
    assert said(house, shot(house, 1)) == ["vendor-open"] * 2 + ["CH"] * 10 + ["vendor-open"] * 12
    assert said(house, shot(house, 2)) == ["CG"] * FRAMES


def test_what_a_house_says_of_its_own_work_stays_declared_though_its_log_is_signed(
    house: Production, tmp_path: Path
) -> None:
    sent = send(house, "reel", ALL)
    take_return(house, pack_of(tmp_path, sent, [StepKind.PAINT, StepKind.PAINT]), name="return.zip")

    assert house.coverage(house.view("reel")).by_grade["declared"] == 34


def test_a_pack_that_does_not_verify_closes_nothing(house: Production, tmp_path: Path) -> None:
    sent = send(house, "reel", ALL)
    data = bytearray(pack_of(tmp_path, sent, [StepKind.PAINT, StepKind.GENERATE]))
    data[data.index(b'"kind":"paint"') + 9] ^= 1

    with pytest.raises(RefusedError, match="cannot be relied on"):
        take_return(house, bytes(data), name="return.zip")
    assert said(house, shot(house, 1)) == ["no-step"] * FRAMES


def test_a_pack_of_other_files_answers_nothing(house: Production, tmp_path: Path) -> None:
    sent = send(house, "reel", Choice(clips=(3,)))
    came = take_return(house, pack_of(tmp_path, sent, [StepKind.PAINT, StepKind.PAINT]), name="return.zip")

    assert (came.answered, came.counts.open) == (0, 6)


def test_who_is_asked_is_a_member_and_the_number_is_nobody_elses(house: Production) -> None:
    alias = add_person(house, identity={}, contact={})
    name_member(house, alias, ["vendor"])
    send(house, "reel", ALL, vendor=alias, number="VFX 7")

    with pytest.raises(NotFoundError, match="no role"):
        send(house, "reel", ALL, vendor="P-99")
    with pytest.raises(InputError, match="sent before"):
        send(house, "reel", ALL, number="VFX 7")


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"not a form", b"PK\x03\x04nothing", canonical({"schema": SCHEMA, "turnover": "x", "rows": []})],
)
def test_what_is_no_return_is_refused_with_a_remedy(house: Production, data: bytes) -> None:
    send(house, "reel", ALL)

    with pytest.raises(InputError) as caught:
        take_return(house, data, name="back.bin")
    assert caught.value.remedy


RANGES = st.lists(
    st.tuples(st.integers(0, FRAMES - 1), st.integers(1, 12)).map(lambda one: (one[0], min(FRAMES, one[0] + one[1]))),
    min_size=0,
    max_size=3,
)


@settings(max_examples=25, deadline=None)
@given(
    asked=st.lists(st.tuples(st.integers(0, 20), st.integers(1, 24)), min_size=3, max_size=3),
    chosen=st.sets(st.integers(1, 3), min_size=1),
    answers=st.lists(st.tuples(st.integers(1, 3), RANGES, st.sampled_from(sorted(MADE))), max_size=5),
)
def test_what_is_closed_is_what_was_asked_and_answered_never_more(
    asked: Sequence[tuple[int, int]], chosen: set[int], answers: Sequence[tuple[int, Sequence[tuple[int, int]], str]]
) -> None:
    clips = [(f"shot{n}.mov", first, min(FRAMES, first + more)) for n, (first, more) in enumerate(asked, 1)]
    with tempfile.TemporaryDirectory() as folder, asking(Path(folder), clips) as house:
        sent = send(house, "reel", Choice(clips=tuple(sorted(chosen))))
        order = sorted(chosen)
        spoken: dict[int, list[set[str]]] = {n: [set() for _ in range(FRAMES)] for n in (1, 2, 3)}
        for at, (number, ranges, word) in enumerate(answers):
            frames = spans(ranges)
            if number not in chosen or not frames:
                continue
            take_return(
                house, form(sent, row(order.index(number) + 1, word, frames=said_spans(frames))), name=f"{at}.json"
            )
            _, low, high = clips[number - 1]
            for frame in (frame for first, end in frames for frame in range(first, end) if low <= frame < high):
                spoken[number][frame].add(MADE[word])

        for number in (1, 2, 3):
            touched = any(spoken[number])
            silent = "vendor-open" if touched else "no-step"
            expected = [
                silent if not words else "ambiguous" if len(words) > 1 else next(iter(words))
                for words in spoken[number]
            ]
            assert said(house, shot(house, number)) == expected
        total = sum(1 for words in spoken.values() for one in words if len(one) == 1)
        assert (listed(house)[0].answered, listed(house)[0].open) == (total, sent.frames - total)


def pack_of(folder: Path, sent: Sent, kinds: Sequence[StepKind]) -> bytes:
    """What the house that made the shots sends: the pack of the timeline that came with the turnover."""
    timeline = folder / "request.otio"
    timeline.write_bytes(read_zip(sent.data).members["request.otio"])
    (folder / "making").mkdir()
    with making(folder / "making", kinds) as house:
        (cut,) = house.add_cut([timeline])
        data, _ = cut_pack(house, cut.name)
    return data


def filled_in(data: bytes, words: dict[str, str]) -> bytes:
    """The spreadsheet with the first row filled in, as a spreadsheet program would save it."""
    import io
    import zipfile

    from edgecode.ingest.turnover_form import COLUMNS

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w") as written:
        for name in read.namelist():
            text = read.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                for column, value in words.items():
                    place = f"{chr(65 + list(COLUMNS).index(column))}8"
                    style = text.split(f'<c r="{place}" ', 1)[1].split("/>", 1)[0]
                    cell = f'<c r="{place}" {style} t="inlineStr"><is><t>{value}</t></is></c>'
                    text = text.replace(f'<c r="{place}" {style}/>', cell)
            written.writestr(name, text)
    return out.getvalue()


def _events(house: Production) -> list[object]:
    return [entry.event for entry in house.recorded()]


def test_the_request_is_the_same_bytes_as_long_as_it_is_the_same_request(house: Production) -> None:
    read = read_slice(send(house, "reel", ALL).data)

    assert msgspec.json.decode(msgspec.json.encode(read.request), type=type(read.request)) == read.request
