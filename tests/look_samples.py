"""Look pages to test with: a small one, one of a feature's size, and one whose every text is hostile."""

from itertools import pairwise
from random import Random

from msgspec.structs import replace

from edgecode.answers.look.data import (
    LookClip,
    LookData,
    LookGap,
    LookLedger,
    LookQuestion,
    LookRun,
    LookStep,
    LookTrack,
    LookVersion,
)
from edgecode.terms.evidence import Reason

LEDGER = LookLedger("example.org/last-verse", 412, "9f3c" * 16)


def feature(*, frames: int, clips: int, unaccounted: int, seed: int = 3) -> LookData:
    """A cut of *clips* clips with that many single lost frames, as large as a feature if asked."""
    chance = Random(seed)
    edges = [0, *sorted(chance.sample(range(1, frames), clips - 1)), frames]
    spans = list(pairwise(edges))
    lost = set(chance.sample([number for number, (first, end) in enumerate(spans) if end - first > 1], unaccounted))
    runs, rows, gaps = [], [], []
    for number, (first, end) in enumerate(spans):
        letter = chance.choice("CCCCHGMA")
        classes = "CG" if letter == "M" else letter
        ai = "generative" if "G" in classes else "none"
        stop = end - 1 if number in lost else end
        runs.append(LookRun(first, stop, letter, classes, ai, "logged", "content", clips=(number,)))
        if number in lost:
            runs.append(LookRun(stop, end, "U", classes, "unknown", reasons=(Reason.RANGE_OUTSIDE,), clips=(number,)))
            gaps.append(LookGap(stop, end, Reason.RANGE_OUTSIDE, number))
        rows.append(
            LookClip(
                f"sh{number:04d}", 0, first, end, letter, version=number % 50, maker="camera roll A001", source="12"
            )
        )
    return _data(frames, runs, rows, gaps, versions=tuple(_version(number) for number in range(50)))


def _version(number: int) -> LookVersion:
    return LookVersion(f"A{number:03d}", f"C 7K3F9 Q2M{number:02d}", "C", "sequence", "", 400, (number,))


STEPS = tuple(
    LookStep(0, "cut from", f"A{number:03d}", "camera card", "C", f"C 7K3F9 Q2M{number:02d}", "logged")
    for number in range(50)
)
"""The one row of each version's chain."""


def _data(
    frames: int, runs: list[LookRun], clips: list[LookClip], gaps: list[LookGap], *, versions: tuple[LookVersion, ...]
) -> LookData:
    by_origin = dict.fromkeys("CPHGMAU", 0)
    ai = dict.fromkeys(("none", "assistive", "generative", "unknown"), 0)
    grades = dict.fromkeys(("declared", "logged", "signed", "corroborated", "none"), 0)
    for run in runs:
        by_origin[run.letter] += run.end - run.first
        ai[run.ai] += run.end - run.first
        grades[run.grade or "none"] += run.end - run.first
    return LookData(
        production="The Last Verse",
        cut="Picture cut 13",
        rate="24/1",
        start=86_400,
        frames=frames,
        by_origin=by_origin,
        mixed={"CG": by_origin["M"]} if by_origin["M"] else {},
        ai=ai,
        by_grade=grades,
        runs=tuple(runs),
        tracks=(LookTrack("V1", "picture"),),
        clips=tuple(clips),
        versions=versions,
        steps=STEPS,
        gaps=tuple(gaps),
        questions=(
            LookQuestion("Is there a longer render?", len(gaps), "edgecode scan /renders", tuple(range(len(gaps)))),
        )
        if gaps
        else (),
        ledger=LEDGER,
        made_with="edgecode 0.1.0",
    )


def small() -> LookData:
    """A hundred frames: camera, a generated shot, four frames lost."""
    runs = [
        LookRun(0, 60, "C", "C", "none", "logged", "content", clips=(0,)),
        LookRun(60, 96, "G", "G", "generative", "logged", "content", clips=(1,)),
        LookRun(96, 100, "U", "", "unknown", reasons=(Reason.NO_MATCH,), clips=(2,)),
    ]
    clips = [
        LookClip(
            "A001C001",
            0,
            0,
            60,
            "C",
            version=0,
            conform="content",
            grade="logged",
            maker="Larkin Orbit 35, roll A001",
            source="4",
        ),
        LookClip("garden", 0, 60, 96, "G", version=1, conform="content", grade="logged", maker="ComfyUI", source="0"),
        LookClip("insert7", 0, 96, 100, "U", reasons=(Reason.NO_MATCH,)),
    ]
    versions = (_version(1), LookVersion("garden", "G 2M8PA 0WXRE", "G", "sequence"))
    return _data(100, runs, clips, [LookGap(96, 100, Reason.NO_MATCH, 2)], versions=versions)


def long_names() -> LookData:
    """The small one with names as long as vendors write them, and without a place to break."""
    long = "LST_R3_sh0420_comp_v0023_vendorname_lgt_denoise_REGRADE_final_final2"
    data = small()
    return replace(
        data,
        cut=long,
        recorded=False,
        clips=tuple(replace(clip, name=f"{clip.name}_{long}.%04d.exr") for clip in data.clips),
        questions=(LookQuestion(f"Who or what made “{long * 2}.exr”?", 4, f"edgecode answer {long} --as KIND", (0,)),),
    )


HOSTILE = "</script><img src=x onerror=alert(1)><!--\u2028</style>'\"&lt;${title}$title"
"""A clip name that tries to end the script, the style and a template."""


def hostile() -> LookData:
    """The small one with every text replaced by HOSTILE."""
    run = LookRun(0, 10, "U", "", "unknown", reasons=(Reason.NO_STEP,), clips=(0,))
    clip = LookClip(HOSTILE, 0, 0, 10, "U", 0, why=HOSTILE, maker=HOSTILE, nest=(HOSTILE,))
    step = LookStep(0, HOSTILE, HOSTILE, HOSTILE, "U", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    version = LookVersion(HOSTILE, HOSTILE, "U", HOSTILE, HOSTILE, 10, (0,))
    return LookData(
        production=HOSTILE,
        cut=HOSTILE,
        rate="24/1",
        start=0,
        frames=10,
        by_origin={"U": 10},
        runs=(run,),
        tracks=(LookTrack(HOSTILE, "picture"),),
        clips=(clip,),
        versions=(version,),
        steps=(step,),
        gaps=(LookGap(0, 10, Reason.NO_STEP, 0),),
        questions=(LookQuestion(HOSTILE, 10, HOSTILE, (0,)),),
        ledger=LookLedger(HOSTILE, 1, HOSTILE),
        not_proved=(HOSTILE,),
        made_with=HOSTILE,
    )
