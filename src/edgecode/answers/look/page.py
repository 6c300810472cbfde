"""Assembles the look page: one HTML file with its style, script, data and pictures inside, which loads nothing from anywhere."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib.resources import files
from shlex import quote
from string import Template

import msgspec

from edgecode.answers.look.data import LookData, LookGap
from edgecode.terms.evidence import Reason
from edgecode.terms.timebase import Rate, label_of_frame

PICTURE_BUDGET_BYTES = 8_500_000
"""What all pictures together may weigh as the page writes them, in base64. Beyond it they are left out, those of the shortest screen
time first; the page shows a tile instead."""

GAPS_IN_TEXT = 400
"""Gaps that the page lists in plain HTML; the strip shows all of them."""

CLASS_NAMES = {
    "C": "camera",
    "P": "performance capture",
    "H": "human-made",
    "G": "generated",
    "M": "mixed",
    "A": "archive",
    "U": "unaccounted",
}
"""Origin classes as the page spells them."""

REASON_WORDS: dict[Reason, str] = {
    Reason.NO_MATCH: "matches no known file",
    Reason.AMBIGUOUS: "more than one file fits",
    Reason.OFFLINE_MEDIA: "its media cannot be read",
    Reason.RANGE_OUTSIDE: "outside the frames on record",
    Reason.NO_STEP: "nothing says how it was made",
    Reason.DANGLING_PARENT: "an input is named but unknown",
    Reason.VENDOR_OPEN: "the vendor's return leaves it open",
}
"""What each reason code means, in words."""


NO_PRODUCTION = (
    '<p class="note">To record answers: <code>edgecode init; edgecode scan FOLDER; edgecode cut add FILE</code></p>'
)
"""Stands above the questions of a page that no production stands behind."""


def page(data: LookData, pictures: Mapping[str, bytes]) -> str:
    """The whole page as HTML text. *pictures*: JPEG, PNG or WebP bytes by the keys that versions name.

    Every text of *data* is escaped; the page's policy forbids scripts and styles other than its own, and all loading.
    """
    style, script = _part("look.css"), "".join(_part(name) for name in ("look.js", "look_strip.js", "look_panel.js"))
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Template(_part("look.html")).substitute(
        policy=policy,
        style=style,
        script=script,
        data=_inert(msgspec.json.encode(data)),
        pictures=_inert(msgspec.json.encode(_data_uris(data, pictures))),
        title=escape(f"{data.cut} · edgecode look"),
        # A page made without a production is called after its cut; that is said once.
        name=" ".join(f"<span>{escape(name)}</span>" for name in dict.fromkeys((data.production, data.cut))),
        headline=_headline(data),
        percent=_percent(data.frames - data.unaccounted, data.frames),
        accounted=f"{data.frames - data.unaccounted:,}",
        frames=f"{data.frames:,}",
        facts=escape(_facts(data)),
        questions=_questions(data),
        gaps=_gaps(data),
        ledger=_ledger(data),
        not_proved="".join(f"<li>{escape(text)}</li>" for text in data.not_proved),
        made_with=escape(data.made_with),
    )


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    return files("edgecode.answers.look").joinpath("static", name).read_text("utf-8")


def _hash(text: str) -> str:
    # Content Security Policy Level 3, 2.3.1: the digest is over the element's text, exactly as it stands between its tags.
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert(json: bytes) -> str:
    """JSON that no HTML parser can mistake for markup: a clip called ``</script>`` stays a string."""
    text = json.decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _data_uris(data: LookData, pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Pictures that are named, longest on screen first, as far as the budget goes."""
    shown: dict[str, int] = {}
    for clip in data.clips:
        key = data.versions[clip.version].picture if clip.version >= 0 else ""
        if key in pictures:
            shown[key] = shown.get(key, 0) + clip.end - clip.first
    found: dict[str, str] = {}
    left = PICTURE_BUDGET_BYTES
    for key in sorted(shown, key=lambda key: (-shown[key], key)):
        picture = pictures[key]
        kind = _image_type(picture)
        written = base64.b64encode(picture).decode()
        if kind and len(written) <= left:
            left -= len(written)
            found[key] = f"data:{kind};base64,{written}"
    return found


def _image_type(picture: bytes) -> str:
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP" else ""


def _percent(part: int, whole: int) -> str:
    """With one decimal, cut off, never rounded up: 100 is said only of all of it."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}" if tenths % 1000 == 0 else f"{tenths // 10}.{tenths % 10}"


def _frames(count: int) -> str:
    return f"{count:,} frame" if count == 1 else f"{count:,} frames"


def _headline(data: LookData) -> str:
    parts = [f"<b>{_frames(data.frames)}</b>"]
    assisted = data.ai.get("assistive", 0)
    ai = [f"{data.with_ai:,} with generative AI"] if data.with_ai else []
    ai += [f"{assisted:,} AI-assisted"] if assisted else []
    parts.append(f'<b class="ai">{", ".join(ai)}</b>' if ai else "none with AI on record")
    if not data.unaccounted:
        parts.append('<b class="ok">every one accounted for</b>')
        return "; ".join(parts) + "."
    parts.append(f'<b class="gap">{data.unaccounted:,} nobody can explain</b>')
    asked = min(3, len(data.questions))
    ask = f'; <a href="#questions">answer {"this one" if asked == 1 else f"these {asked}"}</a>' if asked else ""
    return "; ".join(parts) + ask + "."


def _facts(data: LookData) -> str:
    rate = Rate.of(data.rate)
    first, last = _label(data, 0), _label(data, data.frames)
    facts = [f"{rate.spoken} frames a second", f"{first} to {last}"]
    if data.effects_not_visible:
        facts.append(f"effects not visible in this format: {data.effects_not_visible:,} frames")
    if data.waived:
        facts.append(f"{data.waived:,} unaccounted frames waived")
    return " · ".join(facts)


def _label(data: LookData, frame: int) -> str:
    return label_of_frame(data.start + frame, Rate.of(data.rate), drop_frame=data.drop_frame)


def _questions(data: LookData) -> str:
    if not data.questions:
        return "<p>There is nothing to ask.</p>"
    rows = []
    cut = quote(data.cut)
    for question in data.questions[:3]:
        command = f"<code>{escape(question.command)}</code>" if question.command else ""
        jump = ""
        if question.gaps and question.gaps[0] < len(data.gaps):
            jump = f'<a class="jump" href="#f={data.gaps[question.gaps[0]].first}">show</a>'
        rows.append(
            f"<li><p>{escape(question.text)} <span>settles {_frames(question.frames)}</span> {jump}</p>{command}</li>"
        )
    more = len(data.questions) - 3
    then = "more" if data.recorded else "more, then"
    rest = f"<p>{more:,} {then}: <code>edgecode questions {escape(cut)}</code></p>" if more > 0 else ""
    return f"{'' if data.recorded else NO_PRODUCTION}<ol>{''.join(rows)}</ol>{rest}"


def _gaps(data: LookData) -> str:
    if not data.gaps:
        return "<p>No gaps: every frame of this cut is accounted for.</p>"
    rows = "".join(_gap_row(data, gap) for gap in data.gaps[:GAPS_IN_TEXT])
    head = "<tr><th>In</th><th>Out</th><th>Frames</th><th>Track</th><th>Clip</th><th>Why</th></tr>"
    more = len(data.gaps) - GAPS_IN_TEXT
    rest = f"<p>and {more:,} more on the strip.</p>" if more > 0 else ""
    return f"<div><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>{rest}"


def _gap_row(data: LookData, gap: LookGap) -> str:
    clip = data.clips[gap.clip] if gap.clip >= 0 else None
    track = data.tracks[clip.track].name if clip and clip.track < len(data.tracks) else ""
    name = clip.name if clip else "a row that could not be read"
    cells = (_label(data, gap.end), f"{gap.end - gap.first:,}", track, name)
    # Names of files are long and have no spaces: they may break after their own separators.
    plain = "".join(f"<td>{escape(cell).replace('_', '_<wbr>')}</td>" for cell in cells)
    link = f'<a class="jump" href="#f={gap.first}">{_label(data, gap.first)}</a>'
    why = f'<td><b class="gap">{escape(gap.reason.value)}</b> {escape(REASON_WORDS[gap.reason])}</td>'
    return f"<tr><td>{link}</td>{plain}{why}</tr>"


def _ledger(data: LookData) -> str:
    ledger = data.ledger
    if not data.recorded:
        return (
            "<dt>Record</dt><dd>None was kept: this page was made from the files alone, by names, timecodes, headers and bytes. "
            "<code>edgecode init</code> begins a record that others can verify.</dd>"
        )
    standing = {
        "UNWITNESSED": "nobody outside has seen this record yet, so whoever keeps it could still show another history",
        "WITNESSED": "outsiders have seen this record and hold its history to what they saw",
    }.get(ledger.standing, "ask edgecode log verify what is wrong")
    return (
        f"<dt>Ledger</dt><dd>{escape(ledger.origin)}, {ledger.size:,} entries</dd>"
        f"<dt>Root</dt><dd><code>{escape(ledger.root)}</code></dd>"
        f"<dt>Standing</dt><dd><b>{escape(ledger.standing)}</b>: {standing}.</dd>"
    )
