"""The picture of the demo film (V1) as a CMX 3600 edit decision list: the same record ranges, nested cuts flattened."""

from fractions import Fraction

from edgecode.cli.demo.film import DISSOLVES, RATE, START, USES, Dissolve, Use, source_named
from edgecode.cli.demo.timeline import CUT_NAME
from edgecode.terms.timebase import label_of_frame


def edl(*, media: str) -> bytes:
    """The list in UTF-8 with CRLF (ASCII where *media* is); a path of no encoding keeps its bytes.

    *media* is how the editing room names the media folder.
    """
    lines = [f"TITLE: {CUT_NAME}", "FCM: NON-DROP FRAME", ""]
    picture = [use for use in USES if use.track == "V1"]
    into = {dissolve.at: dissolve for dissolve in DISSOLVES}
    for number, use in enumerate(picture, 1):
        dissolve, leaving = into.get(use.first), into.get(use.end)
        first = use.first - (dissolve.before if dissolve else 0)
        end = use.end - (leaving.before if leaving else 0)
        if dissolve:
            lines += _dissolve(number, picture[number - 2], use, dissolve, first, end)
        else:
            lines.append(_event(number, use, "C", first, end))
        lines += _comments(use, media)
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n"


def _dissolve(number: int, leaving: Use, coming: Use, dissolve: Dissolve, first: int, end: int) -> list[str]:
    frames = dissolve.before + dissolve.after
    return [
        _event(number, leaving, "C", first, first),
        _event(number, coming, f"D    {frames:03d}", first, end),
        f"* FROM CLIP NAME: {leaving.name}",
        f"* TO CLIP NAME: {coming.name}",
    ]


def _event(number: int, use: Use, kind: str, first: int, end: int) -> str:
    times = (_source(use, first), _source(use, end), START + first, START + end)
    labels = " ".join(label_of_frame(time, RATE) for time in times)
    return f"{number:03d}  {_reel(use):<8} V     {kind:<8} {labels}"


def _source(use: Use, record: int) -> int:
    source = source_named(use.source) if use.source else None
    # Stills, titles and black have no clock of their own; editing programs start them at one hour.
    clock = source.clock if source and source.frames else START
    return clock + int(use.offset + (record - use.first) * use.scale)


def _reel(use: Use) -> str:
    if use.name == "black":
        return "BL"
    return (source_named(use.source).reel if use.source else "") or "AX"


def _comments(use: Use, media: str) -> list[str]:
    lines = []
    if use.scale != 1:
        speed = float(Fraction(RATE.nominal) * use.scale)
        lines.append(
            f"M2   {_reel(use):<8}       {speed:05.1f}                {label_of_frame(_source(use, use.first), RATE)}"
        )
    if use.name == "black":
        return lines
    if use.first not in {dissolve.at for dissolve in DISSOLVES}:
        lines.append(f"* FROM CLIP NAME: {use.name}")
    if use.source and not use.by_reel:
        lines.append(f"* SOURCE FILE: {media}/{source_named(use.source).path.replace('#', '%04d')}")
    if use.words:
        lines.append("* COMMENT: TITLE")
    return lines
