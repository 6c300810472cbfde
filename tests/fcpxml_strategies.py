"""Hypothesis strategies for FCPXML: storylines of anything inside anything, two levels deep, on and off the frame grid."""

from fractions import Fraction

from hypothesis import strategies as st

from fcpxml_parts import compound, document, multicam

lengths = st.integers(1, 200).map(lambda n: Fraction(n, 24)) | st.integers(1, 90).map(lambda n: Fraction(n, 25))
moments = st.integers(0, 200).map(lambda n: Fraction(n, 24))


def written(time: Fraction) -> str:
    """A time as Final Cut writes it."""
    return f"{time.numerator}/{time.denominator}s" if time.denominator != 1 else f"{time.numerator}s"


def _said(**times: Fraction | None) -> str:
    return "".join(f' {key}="{written(time)}"' for key, time in times.items() if time is not None)


@st.composite
def _speed(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 3)):
        return ""
    time, end, first, last = draw(moments), draw(lengths), draw(moments), draw(moments)
    if first == last:
        return ""
    return f"<timeMap><timept{_said(time=time, value=first)}/><timept{_said(time=time + end, value=last)}/></timeMap>"


@st.composite
def _switches(draw: st.DrawFn, *, split: bool, halves: bool) -> str:
    off = ' enabled="0"' if draw(st.integers(0, 4)) == 0 else ""
    only = draw(st.sampled_from(("", "", "", ' srcEnable="video"', ' srcEnable="audio"'))) if halves else ""
    if not split or draw(st.integers(0, 3)):
        return off + only
    return off + only + _said(audioStart=draw(moments), audioDuration=draw(lengths))


@st.composite
def _connected(draw: st.DrawFn, start: Fraction, depth: int) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 2)) if depth > 0 else 0):
        at = f' lane="{draw(st.sampled_from((-2, -1, 1, 2)))}"{_said(offset=start + draw(moments))}'
        if draw(st.booleans()):
            parts.append(draw(item(at, depth - 1)))
        else:
            parts.append(f"<spine{at}>{draw(storyline(Fraction(0), depth - 1))}</spine>")
    return "".join(parts)


@st.composite
def item(draw: st.DrawFn, at: str, depth: int) -> str:
    """One element at a place that is already written (*at*)."""
    kinds = ["asset-clip", "asset-clip", "video", "title", "gap"]
    kinds += ["clip", "sync-clip", "ref-clip", "ref-clip", "mc-clip", "audition"] if depth > 0 else []
    kind = draw(st.sampled_from(kinds))
    if "lane" in at and kind == "gap":
        kind = "title"
    start = draw(moments)
    times = at + _said(start=start, duration=draw(lengths))
    more = draw(_connected(start, depth))
    if kind == "asset-clip":
        switches = draw(_switches(split=True, halves=True))
        return f'<asset-clip ref="{draw(st.sampled_from(("av", "v", "s")))}"{times}{switches}>{draw(_speed())}{more}</asset-clip>'
    if kind == "video":
        return f'<video ref="v"{times}{draw(_switches(split=False, halves=False))}>{draw(_speed())}{more}</video>'
    if kind == "title":
        return f'<title ref="title"{times}>{more}</title>'
    if kind == "gap":
        return f"<gap{times}>{more}</gap>"
    if kind == "audition":
        picks = [draw(item("", 0)) for _ in range(draw(st.integers(1, 2)))]
        return f"<audition{at}>{''.join(pick for pick in picks)}</audition>"
    switches, speed = draw(_switches(split=True, halves=kind in ("ref-clip", "mc-clip"))), draw(_speed())
    if kind == "ref-clip":
        return f'<ref-clip ref="{draw(st.sampled_from(("c0", "c1")))}"{times}{switches}>{speed}{more}</ref-clip>'
    if kind == "mc-clip":
        angles = "".join(
            f'<mc-source angleID="{key}" srcEnable="{draw(st.sampled_from(("all", "video", "audio", "none")))}"/>'
            for key in "xy"
        )
        return f'<mc-clip ref="m"{times}{switches}>{speed}{angles}{more}</mc-clip>'
    held = "".join(draw(item(_said(offset=draw(moments)), depth - 1)) for _ in range(draw(st.integers(1, 2))))
    return f"<{kind}{times}{switches}>{speed}{held}{more}</{kind}>"


@st.composite
def storyline(draw: st.DrawFn, begins: Fraction, depth: int) -> str:
    """Items one after the other, some with a transition between them, some that do not say where they lie."""
    parts: list[str] = []
    cursor = begins
    for index in range(draw(st.integers(1, 3))):
        if draw(st.integers(0, 2)) == 0:
            half = draw(lengths)
            parts.append(f"<transition{_said(offset=max(cursor - half, begins), duration=2 * half)}/>")
        cursor += Fraction(0) if index == 0 else draw(st.sampled_from((Fraction(0), Fraction(1), Fraction(7, 24))))
        parts.append(draw(item(_said(offset=cursor), depth)))
        cursor += draw(lengths)
    return "".join(parts)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A document with a project, two compound clips (one may hold the other) and a multicam of two angles."""
    inner = draw(storyline(Fraction(0), 0))
    outer = draw(storyline(Fraction(5), 1)).replace('ref="c1"', 'ref="c0"').replace('ref="m"', 'ref="m0"')
    angles = [draw(storyline(Fraction(0), 0)) for _ in "xy"]
    resources = compound("c0", inner) + compound("c1", outer, tc_start="5s")
    resources += multicam("m", ("x", angles[0]), ("y", angles[1])) + multicam("m0", ("x", angles[1]), ("y", angles[0]))
    return document(draw(storyline(Fraction(3600), 2)), resources=resources)
