"""What comes through each cut format: one made sample that says all it can, read by its reader, and what is there afterwards."""

from collections.abc import Callable

from aaf_samples import AafBuilder, aaf_bytes
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import Clip, CutReading, EffectsVisible
from edgecode.terms.timebase import Rate
from exchange_samples import (
    DELIVERED,
    MIX,
    xmeml,
    xmeml_clip,
    xmeml_file,
    xmeml_mix,
    xmeml_sequence,
    xmeml_speed,
)
from fcpxml_parts import compound, document
from otio_parts import clip, dissolve, gap, span, stack, timeline, track, warp

CODE = "G 7K3F9 Q2MT4 0010"


def otio() -> bytes:
    shown = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "target_url": "/a.mov",
        "name": "a.mov",
        "available_range": span(86_400, 500),
    }
    proxy = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "/proxy/a.mov"}
    title = {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "Text"}
    effect = {
        "OTIO_SCHEMA": "Effect.1",
        "name": "",
        "effect_name": "Dream Maker",
        "enabled": True,
        "metadata": {"amount": 3},
    }
    first = clip(
        "a", 86_410, 50,
        media_references={"DEFAULT_MEDIA": shown, "proxy": proxy},
        metadata={"Reel Name": "A001", "umid": "060a2b34aa", "edgecode": {"code": CODE}, "cmx_3600": {"comments": ["NOTE: a"]}},
        effects=[effect],
    )  # fmt: skip
    picture = track(
        first, dissolve(6, 6), clip("b", 100, 50), clip("c", 0, 20, effects=[warp(2)]),
        clip("d", 0, 20, effects=[{"OTIO_SCHEMA": "TimeEffect.1", "name": "curve"}]),
        clip("e", 0, 10, enabled=False), stack(track(clip("f", 0, 10))),
        clip("t", 0, 10, media_references={"DEFAULT_MEDIA": title}), gap(4),
    )  # fmt: skip
    return timeline(picture, track(clip("g", 0, 10)), track(clip("s", 0, 10), kind="Audio"), start=86_400)


def edl() -> bytes:
    return (
        b"TITLE: Reel 1\nFCM: NON-DROP FRAME\n"
        b"001  A001C002_LONG V C      01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00\n* FROM CLIP NAME: a\n"
        b"* SOURCE FILE: /a.mov\n* EDGECODE: G 7K3F9 Q2MT4 0010\n* COMMENT: a note\n* EFFECT: Dream Maker\n"
        b"002  A001C002_LONG V C      01:00:02:00 01:00:02:00 01:00:02:00 01:00:02:00\n"
        b"002  B001 V D 012  02:00:00:00 02:00:02:00 01:00:02:00 01:00:04:00\n* TO CLIP NAME: b\n"
        b"003  C001 V C      01:00:00:00 01:00:04:00 01:00:04:00 01:00:06:00\nM2   C001  048.0  01:00:00:00\n"
        b"004  D001 AA C     01:00:00:00 01:00:02:00 01:00:06:00 01:00:08:00\n"
        b"005  BL   V C      00:00:00:00 00:00:02:00 01:00:08:00 01:00:10:00\n"
        b">>> SOURCE A001C002_LONG A001C002 060A2B340101\n"
    )


def fcpxml() -> bytes:
    curve = (
        '<timeMap><timept time="0s" value="0s"/><timept time="2s" value="1s"/><timept time="4s" value="9s"/></timeMap>'
    )
    fast = '<timeMap><timept time="0s" value="0s"/><timept time="10s" value="20s"/></timeMap>'
    body = (
        f'<asset-clip ref="av" offset="3600s" start="10s" duration="4s" name="a"><note>EDGECODE: {CODE}</note>'
        '<filter-video ref="fx" name="Dream Maker"/><asset-clip ref="v" lane="1" offset="11s" start="10s" duration="1s"/></asset-clip>'
        '<transition offset="3603s" duration="1s" name="Cross Dissolve"><filter-video ref="xd" name="Cross Dissolve"/></transition>'
        '<asset-clip ref="av" offset="3604s" start="50s" duration="4s"/>'
        f'<asset-clip ref="av" offset="3608s" start="0s" duration="4s">{fast}</asset-clip>'
        f'<asset-clip ref="av" offset="3612s" start="0s" duration="4s">{curve}</asset-clip>'
        '<asset-clip ref="av" offset="3616s" start="0s" duration="2s" enabled="0"/>'
        '<ref-clip ref="nest" offset="3618s" duration="2s"/><title ref="title" offset="3620s" duration="2s" name="End"/>'
    )
    inner = '<asset-clip ref="av" offset="0s" start="20s" duration="2s"/>'
    return document(body, resources=compound("nest", inner), duration="22s")


def fcp7() -> bytes:
    named = xmeml_file("a.mov", tc=86_400, reel="A001")
    effect = "<filter><effect><name>Dream Maker</name><effectid>Dream Maker</effectid></effect></filter>"
    notes = f"<comments><mastercomment1>EDGECODE: {CODE}</mastercomment1></comments>"
    inner = xmeml_sequence([xmeml_clip("n.mov", 0, 20, 0, 20)], name="inner", ident="inner")
    picture = (
        xmeml_clip("a.mov", 0, -1, 10, 70, named, effect, notes) + xmeml_mix(48, 60) + xmeml_clip("b.mov", -1, 100, 20, 72)
        + xmeml_clip("c.mov", 100, 120, 0, 20, xmeml_file("c.mov"), xmeml_speed(200))
        + xmeml_clip("d.mov", 120, 140, 0, 20, xmeml_file("d.mov"), xmeml_speed(100, curve=True))
        + xmeml_clip("e.mov", 140, 150, 0, 10, xmeml_file("e.mov"), "<enabled>FALSE</enabled>")
        + xmeml_clip("inner", 150, 170, 0, 20, inner)
        + xmeml_clip("t", 170, 180, 0, 10, '<file id="t"><name>Text</name><mediaSource>Text</mediaSource></file>')
    )  # fmt: skip
    return xmeml(xmeml_sequence([picture, xmeml_clip("g.mov", 0, 10, 0, 10)], [xmeml_clip("s.wav", 0, 50, 0, 50)]))


def aaf() -> bytes:
    def build(builder: AafBuilder) -> None:
        a, b = builder.clip("a", tape="A001", tape_start=86_400), builder.clip("b")
        line = builder.clip("line", kind="sound")
        builder.track(builder.use(a, 10, 60), builder.dissolve(12), builder.use(b, 20, 52))
        builder.track(builder.use(b, 10, 20))
        builder.track(builder.filler(10, "sound"), builder.use(line, 5, 30, "sound"), kind="sound")

    return aaf_bytes(build)


SAMPLES: dict[str, Callable[[], bytes]] = {
    "OTIO": otio,
    "EDL": edl,
    "FCPXML": fcpxml,
    "FCP7 XML": fcp7,
    "AAF": aaf,
    "Pro Tools text": lambda: MIX,
    "IMF": lambda: DELIVERED,
}

Fact = Callable[[CutReading], bool]


def _any(test: Callable[[Clip], object]) -> Fact:
    return lambda cut: any(test(one) for one in cut.clips)


OWN_RATE = "its own rate"
FACTS: dict[str, Fact] = {
    OWN_RATE: lambda cut: cut.rate is not None,
    "record timecode": lambda cut: cut.start > 0,
    "several picture tracks": lambda cut: sum(one.kind == "picture" for one in cut.tracks) > 1,
    "sound": lambda cut: any(one.kind == "sound" for one in cut.tracks),
    "source frames": _any(lambda one: one.source_in is not None),
    "length of the media": _any(lambda one: one.media.available_end is not None),
    "paths": _any(lambda one: one.media.targets),
    "proxies and others": _any(lambda one: one.media.others),
    "whole reels": _any(lambda one: one.media.reel_full or (one.media.reel and not one.media.reel_is_truncated)),
    "unique ids": _any(lambda one: one.media.umids),
    "edge codes": _any(lambda one: one.media.codes),
    "transitions": lambda cut: bool(cut.transitions),
    "constant speeds": _any(lambda one: one.source_scale == 2),
    "speed curves (as uncertain)": lambda cut: (
        any(one.source_in is not None for one in cut.clips) and any(one.source_scale is None for one in cut.clips)
    ),
    "nested cuts": _any(lambda one: one.nest),
    "switched-off clips": _any(lambda one: not one.enabled),
    "titles, black, generators": _any(lambda one: one.kind in ("title", "black", "generator")),
    "all effects": lambda cut: cut.effects_visible is EffectsVisible.YES,
    "names of effects": _any(lambda one: any(each.name == "Dream Maker" for each in one.effects)),
    "notes": _any(lambda one: one.comments),
}
"""What somebody who matches a cut asks of a format; each is answered by looking at the reading of its sample."""

NOT_IN_SAMPLE = {("AAF", fact) for fact in (
    "proxies and others", "edge codes", "constant speeds", "speed curves (as uncertain)", "nested cuts", "switched-off clips",
    "titles, black, generators", "names of effects", "notes",
)}  # fmt: skip
"""What the made AAF does not say, and the reader reads (tests/editorial/test_aaf_reading.py, real files): no answer from the sample."""


def answers() -> dict[str, dict[str, str]]:
    """``yes``, ``no`` or ``(yes)`` (read, shown by other tests) for every format and fact."""
    found: dict[str, dict[str, str]] = {}
    for form, sample in SAMPLES.items():
        name = "sample.aaf" if form == "AAF" else "sample"
        alone = read_cut(sample(), name=name)
        cuts = alone if alone[0].rate is not None else read_cut(sample(), name=name, rate=Rate(24))
        found[form] = {
            fact: "yes"
            if any(test(cut) for cut in (alone if fact == OWN_RATE else cuts))
            else "(yes)"
            if (form, fact) in NOT_IN_SAMPLE
            else "no"
            for fact, test in FACTS.items()
        }
    return found


def table() -> str:
    """The answers as a table in Markdown."""
    found = answers()
    lines = ["| | " + " | ".join(found) + " |", "|---|" + "---|" * len(found)]
    lines += [f"| {fact} | " + " | ".join(found[form][fact] for form in found) + " |" for fact in FACTS]
    return "\n".join(lines)
