"""inspect/1 for cuts, exactly as FORMATS says it, and the same for people."""

import json

import msgspec

from edgecode.answers.inspection.answer import cut_inspection
from edgecode.answers.inspection.text import cut_inspection_text
from edgecode.ingest.editorial import read_cut
from edgecode.terms.timebase import Rate
from otio_parts import clip, dissolve, gap, stack, timeline, track

BLUR = {"OTIO_SCHEMA": "Effect.1", "effect_name": "Blur"}
MAGIC = {"OTIO_SCHEMA": "Effect.1", "effect_name": "Vendor Magic 9"}


def inspected(data: bytes, rate: Rate | None = None) -> dict[str, object]:
    answer: dict[str, object] = json.loads(msgspec.json.encode(cut_inspection(read_cut(data, name="x", rate=rate))))
    return answer


def test_a_cut_is_inspected_as_the_contract_says() -> None:
    nested = stack(track(clip("n", 5, 2.5)), name="comp")
    data = timeline(
        track(clip("a", 100, 4, effects=[BLUR]), dissolve(1, 1), nested, gap(1), effects=[MAGIC]), start=86400
    )

    magic = {"name": "Vendor Magic 9", "schema": "Effect.1", "seen": "unknown", "enabled": True}
    assert inspected(data) == {
        "schema": "edgecode.inspect/1",
        "kind": "cut",
        "cuts": [
            {
                "name": "a cut",
                "rate": "24/1",
                "start": 86400,
                "frames": 8,
                "tracks": [
                    {
                        "name": "Video",
                        "kind": "picture",
                        "enabled": True,
                        "effects": [magic],
                        "clips": [
                            {
                                "name": "a",
                                "path": [0],
                                "record": [0, 5],
                                "source": [100, 105],
                                "reel": "",
                                "media": "plates/a.mov",
                                "enabled": True,
                                "effects": [{"name": "Blur", "schema": "Effect.1", "seen": "plain", "enabled": True}],
                            },
                            {
                                "name": "n",
                                "path": [0, 1, 0],
                                "record": [4, "13/2"],
                                "source": [5, "15/2"],
                                "reel": "",
                                "media": "plates/n.mov",
                                "enabled": True,
                                "effects": [],
                            },
                            {
                                "name": "Vendor Magic 9",
                                "path": [0],
                                "record": ["13/2", "15/2"],
                                "source": None,
                                "reel": "",
                                "media": "black",
                                "enabled": True,
                                "effects": [],
                            },
                        ],
                        "transitions": [
                            {"name": "Cross Dissolve", "kind": "SMPTE_Dissolve", "record": [3, 5], "seen": "plain"}
                        ],
                    }
                ],
            }
        ],
        "diagnostics": [],
    }


LIST = b"TITLE: R1\n001  T1  V  C  01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10\n* FROM CLIP NAME: shot\nodd line\n"


def test_a_list_of_unknown_rate_shows_its_labels_and_says_so() -> None:
    answer = inspected(LIST)
    [cut] = answer["cuts"]  # type: ignore[misc]

    assert (cut["rate"], cut["start"], cut["frames"]) == (None, None, None)
    assert cut["tracks"][0]["clips"] == [
        {
            "name": "shot",
            "path": [0],
            "record": ["10:00:00:00", "10:00:00:10"],
            "source": ["01:00:00:00", "01:00:00:10"],
            "reel": "T1",
            "media": None,
            "enabled": True,
            "effects": [],
        }
    ]
    assert [(problem["code"], problem["line"]) for problem in answer["diagnostics"]] == [  # type: ignore[attr-defined]
        ("comment.unknown", 4),
        ("rate.unknown", None),
    ]


def test_people_read_timecodes_names_and_problems() -> None:
    text = cut_inspection_text(read_cut(LIST, name="x", rate=Rate(24)))

    assert text == (
        "R1: edl, 24 frames a second, from 10:00:00:00, 10 frames\n"
        "  effects are not visible in this format: 10 frames\n"
        "  track 0 V (picture), 1 clip\n"
        "    10:00:00:00 - 10:00:00:10  from 86400  shot  reel T1\n"
        "  comment.unknown: line 4: a line that is no event, command or comment we know\n"
    )


def test_people_see_what_is_odd_about_a_clip() -> None:
    nested = stack(track(clip("n", 5, 2.5, enabled=False, effects=[{"OTIO_SCHEMA": "TimeEffect.1"}])), name="comp")
    text = cut_inspection_text(read_cut(timeline(track(nested)), name="x"))

    assert "00:00:00:00 - 00:00:00:02+1/2  from unknown  n  [off; source range uncertain; in comp;" in text


def test_a_name_in_a_cut_neither_moves_the_cursor_nor_writes_a_row_of_its_own() -> None:
    evil = "\x1b]0;pwn\x07x\nFORGED ROW"
    shown = cut_inspection_text(read_cut(timeline(track(clip(evil, 0, 5)), name=evil), name="x"))

    assert not [line for line in shown.split("\n") if line.startswith("FORGED") or not (line + "x").isprintable()]
