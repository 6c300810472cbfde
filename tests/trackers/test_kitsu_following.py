"""What happens in a Kitsu is on record once, wherever a look was ended, and whatever Kitsu has forgotten or deleted."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from following import Noted, codes, look, noted, versions_of
from kitsu_double import TOKEN, KitsuDouble, digest, kitsu_double

from cli_png import picture
from edgecode.errors import UnavailableError
from edgecode.events.kinds import StepPerformed
from edgecode.ingest.kitsu import Comment, Preview, previews_meant
from edgecode.production import Production
from edgecode.production.kitsu.following import KitsuTaken
from edgecode.production.kitsu.publishes import PublishDesk
from edgecode.terms.evidence import Grade
from edgecode.terms.steps import StepKind

STORY = Noted(
    ["sh010_v001.png", "sh010_v002.png"],
    ["note: sh010_v001.png", "rejected: sh010_v001.png", "approved: sh010_v002.png"],
)
"""What the recorded project holds: a status alone that says nothing (wfa, wip) is no review."""


@pytest.fixture
def double() -> Iterator[KitsuDouble]:
    with kitsu_double() as host:
        yield host


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="The lighthouse").close()
    return tmp_path / "show"


def seen(double: KitsuDouble, show: Path, **more: object) -> KitsuTaken:
    return look(double.url, show, token=TOKEN, **more)  # type: ignore[arg-type]


def test_what_was_published_and_said_is_on_record(double: KitsuDouble, show: Path) -> None:
    taken = seen(double, show)

    assert (taken.publishes, taken.reviews.outcomes) == (2, {"note": 1, "rejected": 1, "approved": 1})
    assert noted(show) == STORY


def test_looking_again_records_nothing_by_events_nor_by_listing(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    more = [seen(double, show, again=again) for again in (False, True)]

    assert [(one.publishes, one.reviews.new) for one in more] == [(0, 0), (0, 0)]
    assert noted(show) == STORY


def test_what_happens_later_comes_by_events_alone(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    double.asked.clear()
    third = double.publish("SH010")
    double.say("SH010", "retake", "too dark", seconds=90)
    taken = seen(double, show)

    assert (taken.publishes, taken.reviews.outcomes) == (1, {"rejected": 1})
    assert noted(show).reviews[-1] == "rejected: sh010_v003.png"
    assert [path for path in double.asked if "preview-files" in path] == [f"/data/preview-files/{third}"]


def test_a_production_that_lost_its_cursor_records_nothing_twice(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    (state,) = (show / ".edgecode" / "polled").rglob("polled.json")
    state.unlink()
    taken = seen(double, show)

    assert (taken.publishes, taken.reviews.new, noted(show)) == (0, 0, STORY)


@pytest.mark.parametrize("ended_after", range(1, 6))
def test_a_look_that_is_ended_anywhere_loses_and_doubles_nothing(
    double: KitsuDouble, show: Path, monkeypatch: pytest.MonkeyPatch, ended_after: int
) -> None:
    seen(double, show)
    for number in range(5):
        double.say("SH010", "wfa", f"take {number}", previews=(double.publish("SH010"),))
    calls = 0
    honest = PublishDesk.record

    def ends(self: PublishDesk, some: list[object]) -> object:
        nonlocal calls
        calls += 1
        if calls == ended_after:
            raise KeyboardInterrupt
        return honest(self, some)  # type: ignore[arg-type]

    monkeypatch.setattr("edgecode.production.kitsu.following._AT_ONCE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(PublishDesk, "record", ends)
        with pytest.raises(KeyboardInterrupt):
            seen(double, show)
    seen(double, show)
    expected = [f"sh010_v{number:03d}.png" for number in range(1, 8)]

    assert noted(show).publishes == expected
    assert noted(show).reviews[3:] == [f"note: {name}" for name in expected[2:]]


def test_ended_between_the_record_and_the_cursor_nothing_is_doubled(
    double: KitsuDouble, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(self: object, news: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("edgecode.production.kitsu.cursor.KitsuCursor.advance", ends)
        with pytest.raises(KeyboardInterrupt):
            seen(double, show)
    seen(double, show)

    assert noted(show) == STORY


def test_more_events_than_a_page_holds_are_read_whole(
    double: KitsuDouble, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(double, show)
    double.most = 30
    monkeypatch.setattr("edgecode.production.kitsu.cursor.EVENTS_OF_A_PAGE", 30)
    for _ in range(100):
        double.publish("SH020", seconds=0.15)
    taken = seen(double, show)

    assert (taken.publishes, dict(codes(taken))) == (100, {})


def test_more_events_in_one_second_than_a_page_holds_are_said(
    double: KitsuDouble, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(double, show)
    double.most = 7
    monkeypatch.setattr("edgecode.production.kitsu.cursor.EVENTS_OF_A_PAGE", 7)
    for _ in range(20):
        double.publish("SH020", seconds=0)
    taken = seen(double, show)

    assert (taken.publishes, "kitsu.crowded" in codes(taken)) == (20, True)


def test_an_event_that_was_committed_late_is_not_lost(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    double.publish("SH010")
    late = double.log.pop()
    double.publish("SH020")
    seen(double, show)
    double.log.insert(-1, late)
    taken = seen(double, show)

    assert (taken.publishes, noted(show).publishes[2:]) == (1, ["sh020_v001.png", "sh010_v003.png"])


def test_a_purged_log_is_said_and_everything_is_listed(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    double.publish("SH010", seconds=60 * 60 * 24 * 91)
    double.log.clear()
    double.publish("SH010")
    taken = seen(double, show)

    assert (taken.publishes, codes(taken)["kitsu.purged"]) == (2, 1)
    assert (seen(double, show).publishes, codes(seen(double, show))["kitsu.purged"]) == (0, 0)


def test_what_is_deleted_in_kitsu_stays_here(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    double.previews.clear()
    double.comments.clear()
    double.happened("preview-file:delete", {})
    seen(double, show)
    seen(double, show, again=True)

    assert noted(show) == STORY


def test_what_was_deleted_before_anybody_looked_is_recorded_from_its_event(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    gone = double.publish("SH010")
    said = double.say("SH010", "retake", "no")
    del double.previews[gone], double.comments[said]
    taken = seen(double, show)

    assert (taken.publishes, taken.reviews.outcomes) == (1, {"rejected": 1})
    assert noted(show).publishes[-1] == f"{gone}.png"


def test_a_comment_waits_for_the_file_that_comes_with_it(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    said = double.say("SH010", "retake", "this one")
    early = seen(double, show, settle_seconds=60)
    double.comments[said]["previews"] = [double.publish("SH010", seconds=5)]
    taken = seen(double, show, settle_seconds=60)

    assert (early.reviews.new, early.waiting, taken.reviews.outcomes) == (0, 1, {"rejected": 1})
    assert noted(show).reviews[-1] == "rejected: sh010_v003.png"


def test_a_comment_on_a_file_that_is_still_being_made_waits_with_it(double: KitsuDouble, show: Path) -> None:
    seen(double, show, fetch=True)
    preview = double.publish("SH010", picture(7), status="processing")
    double.say("SH010", "retake", "flickers", previews=(preview,))
    early = seen(double, show, fetch=True)
    double.previews[preview]["status"] = "ready"
    taken = seen(double, show, fetch=True)

    assert (early.reviews.new, early.waiting, taken.reviews.outcomes, taken.waiting) == (0, 2, {"rejected": 1}, 0)
    assert noted(show).reviews[-1] == "rejected: sh010_v003.png"


def test_with_fetch_a_version_has_the_digest_of_what_kitsu_keeps(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", picture(7))
    seen(double, show, fetch=True)

    assert versions_of(show, preview) == [digest(picture(7))]


def test_without_fetch_a_version_is_only_referred_to(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", picture(7))
    seen(double, show)

    assert versions_of(show, preview) == [None]


def test_a_file_that_is_still_being_made_is_waited_for(double: KitsuDouble, show: Path) -> None:
    seen(double, show, fetch=True)
    preview = double.publish("SH010", picture(7), status="processing")
    early = seen(double, show, fetch=True)
    double.previews[preview]["status"] = "ready"
    taken = seen(double, show, fetch=True)

    assert (early.publishes, early.waiting, taken.publishes, taken.waiting) == (0, 1, 1, 0)
    assert versions_of(show, preview) == [digest(picture(7))]


def test_a_preview_without_a_file_is_said_and_recorded_by_its_name(double: KitsuDouble, show: Path) -> None:
    taken = seen(double, show, fetch=True)

    assert (taken.publishes, codes(taken)["kitsu.no_file"], noted(show)) == (2, 2, STORY)


def test_other_bytes_under_one_preview_are_another_publish(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", picture(7))
    seen(double, show, fetch=True)
    double.uploaded(preview)
    same = seen(double, show, fetch=True)
    double.files[preview] = picture(8)
    double.uploaded(preview)
    other = seen(double, show, fetch=True)

    assert (same.publishes, other.publishes, codes(other)["kitsu.replaced"]) == (0, 1, 1)


def test_a_publish_is_a_declared_import_and_its_maker_is_sealed_alone(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    with Production.open(show) as production:
        entries = production.recorded(0, production.log.size)
        (step, *_) = [one.event for one in entries if isinstance(one.event, StepPerformed)]
        leaves = b"".join(production.ledger.leaves(0, production.log.size))
    makers = {str(one["person_id"]) for one in double.previews.values()}

    assert (step.fact.kind, step.fact.grade, step.fact.ai, step.fact.source) == (
        StepKind.IMPORT, Grade.DECLARED, None, "kitsu",
    )  # fmt: skip
    assert step.text is not None and dict(step.text.items) == {"kitsu_person": makers.pop()}
    assert [one for one in (*double.previews, *double.comments) if one.encode() in leaves] == []


def test_a_status_means_what_somebody_says_that_it_means(double: KitsuDouble, show: Path) -> None:
    taken = seen(double, show, statuses={"wfa": "requested", "wip": "kept"})

    assert taken.reviews.outcomes == {"requested": 2, "rejected": 1, "approved": 1}


def test_a_comment_on_what_was_never_published_is_said(double: KitsuDouble, show: Path) -> None:
    double.say("SH020", "retake", "where is it?")
    taken = seen(double, show)

    assert (taken.reviews.unattached, codes(taken)["kitsu.unattached"]) == (1, 1)


def test_a_key_of_a_manager_lists_by_task(double: KitsuDouble, show: Path) -> None:
    double.forbidden = (f"data/projects/{double.project}/preview-files",)
    seen(double, show)

    assert noted(show) == STORY


def test_a_key_that_may_not_read_events_is_said(double: KitsuDouble, show: Path) -> None:
    double.forbidden = ("data/events",)
    with pytest.raises(UnavailableError) as refused:
        seen(double, show)

    assert refused.value.code == "kitsu.forbidden"


def test_a_row_of_another_shape_is_said_and_the_others_are_taken(double: KitsuDouble, show: Path) -> None:
    next(iter(double.previews.values()))["revision"] = {"newer": "shape"}
    taken = seen(double, show)

    assert (taken.publishes, codes(taken)["kitsu.unread"] > 0) == (1, True)


def test_a_publish_says_nothing_of_how_a_file_was_made(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", picture(7))
    (show / "sh010.png").write_bytes(picture(7))
    with Production.open(show) as production:
        production.add_root(show)
        production.record_lines(
            [
                b'{"schema":"edgecode.step/1","kind":"paint","grade":"logged","outputs":[{"path":"%s"}]}'
                % str(show / "sh010.png").encode()
            ]
        )
        before = production.targets(digest(picture(7)))
    seen(double, show, fetch=True)
    with Production.open(show) as production:
        after = production.targets(digest(picture(7)))
        steps = [
            one.event.fact.kind
            for one in production.recorded(0, production.log.size)
            if isinstance(one.event, StepPerformed)
        ]

    assert (after, versions_of(show, preview)) == (before, [digest(picture(7))])
    assert steps.count(StepKind.PAINT) == 1


def test_a_comment_that_names_no_file_is_about_the_newest_revision_by_then() -> None:
    previews = [Preview(f"p{n}", revision=n, created_at=f"2026-11-23T10:0{n}:00") for n in (1, 2, 3)]

    assert previews_meant(Comment("c", created_at="2026-11-23T10:02:30"), previews) == ["p2"]
    assert previews_meant(Comment("c", created_at="2026-11-23T10:00:30"), previews) == []
    assert previews_meant(Comment("c", previews=["p1", {"id": "p3"}]), previews) == ["p1", "p3"]


def test_half_of_a_character_stops_nothing(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010")
    double.previews[preview]["original_name"] = "sh010_\ud83d"
    double.say("SH010", "retake", "cut off \ud83d", previews=(preview,))
    taken = seen(double, show)

    assert (taken.publishes, taken.reviews.new, noted(show).publishes[-1]) == (3, 4, "sh010_\ufffd.png")


@pytest.mark.parametrize("value", [None, 7, "", [], {}, [None], {"data": 3}, "9" * 400])
@pytest.mark.parametrize("kind", ["previews", "comments", "shots"])
def test_no_answer_of_kitsu_is_a_traceback(double: KitsuDouble, show: Path, kind: str, value: object) -> None:
    rows = getattr(double, kind)
    for one in rows.values():
        one |= dict.fromkeys(set(one) - {"id"}, value)
    taken = seen(double, show)

    assert taken.reviews.new <= 3


def test_a_follower_outlives_a_kitsu_that_is_away(show: Path) -> None:
    with kitsu_double() as double:
        url = double.url
    environment = {**os.environ, "EDGECODE_KITSU_TOKEN": TOKEN}
    command = [sys.executable, "-m", "edgecode", "poll", "kitsu", url, "--every", "1"]
    running = subprocess.Popen(command, cwd=show, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stderr is not None
    said = 0
    while said < 2 and (line := running.stderr.readline()):
        said += b"[kitsu.unreachable]" in line
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=20)

    assert (said, out, running.returncode) == (2, b"", 0)
