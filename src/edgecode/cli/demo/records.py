"""The step/1 records of the demo: what camera cards, the transfer house, artists and the vendor said, one JSON object a line.

Three things are left out on purpose: nothing says how `sh0512_v003` was made, the vendor accounts for 88 of 96 frames, and the
ComfyUI sequences speak for themselves through the graphs in their files.
"""

import json
from hashlib import sha256
from pathlib import Path

from edgecode.cli.demo.film import CROWD_COVERED, FIRST_FILE_NUMBER, SOURCES, Source, source_named
from edgecode.cli.demo.weights import VOICE_BYTES, VOICE_MODEL
from edgecode.ingest.step_record import SCHEMA

_UNSAID = {"sh0512_v003", "garden_dream_v012", "letter_dream_v003"}

_KINDS: dict[str, tuple[str, str]] = {
    "camera": ("camera", "Larkin Card Reader 2.4"),
    "archive": ("transfer", "Oldreel Transfer 3.1"),
    "sound": ("sound-recording", "Larkin Field Recorder 1.9"),
    "capture": ("capture", "Sixpoint Stage 7.2"),
    "restoration": ("restore", "Clearframe 5.0"),
    "titles": ("type", "Plainframe 4.2"),
    "art": ("draw", "Plainframe 4.2"),
    "renders": ("render", "Claykit 4.1"),
    "comp": ("comp", "Layerhouse 15.1"),
    "vendor": ("vendor", "Layerhouse 14.8"),
    "generated": ("generate", "Echo Bench 2.0"),
}
"""What happened in each top folder, and the program that said so."""

_KIND_OF = {"moon_matte": "paint", "garden_drone": "compose", "guitar_t04": "capture"}

_INPUTS: dict[str, tuple[tuple[str, str], ...]] = {
    "T0211_restored": (("T0211_raw", "picture"),),
    "hand_render_v011": (("hand_capture_t04", "reference"),),
    "sh0420_comp_v012": (("A003C005", "picture"), ("garden_dream_v012", "picture")),
    "sh0710_comp_v004": (("A001C001", "picture"), ("moon_matte", "picture")),
    "sh0600_crowd_v002": (("A003C009", "picture"),),
}
"""What each step used: source and role."""

DAY_MILLISECONDS = 86_400_000
_DAYS_BEFORE = {"verse_voice_t03": 40}
"""How many days before the rest a step was done: the voice was made while the estate's consent stood (`desk`)."""


def record_lines(media: Path, *, now: int) -> list[str]:
    """The lines in the order of the film's sources. *media*: where its media lies; *now*: milliseconds since 1970."""
    told = [source for source in SOURCES if source.on_disk and source.name not in _UNSAID]
    made = [_record(source, media, now - 60_000 * (len(told) - place)) for place, source in enumerate(told)]
    return [json.dumps(record) for record in (_trained(media, now), *made)]


def _trained(media: Path, now: int) -> dict[str, object]:
    """The training of the voice model, before the voice was made."""
    ended = now - (_DAYS_BEFORE["verse_voice_t03"] + 5) * DAY_MILLISECONDS
    return {
        "schema": SCHEMA,
        "id": f"last-verse/{VOICE_MODEL}",
        "kind": "command",
        "tool": {"name": "Echo Trainer", "version": "0.9"},
        "folder": media.as_posix(),
        "outputs": [{"path": f"models/{VOICE_MODEL}"}],
        "started": ended - 3_600_000,
        "ended": ended,
        "grade": "logged",
    }


def _record(source: Source, media: Path, ended: int) -> dict[str, object]:
    kind, tool = _KINDS[source.path.partition("/")[0]]
    name, _, version = tool.rpartition(" ")
    ended -= _DAYS_BEFORE.get(source.name, 0) * DAY_MILLISECONDS
    record: dict[str, object] = {
        "schema": SCHEMA,
        "id": f"last-verse/{source.name}",
        "kind": _KIND_OF.get(source.name, kind),
        "tool": {"name": name, "version": version},
        "folder": media.as_posix(),
        "outputs": [{"path": _path(source)}],
        "started": ended - 30_000,
        "ended": ended,
    }
    if source.name in _INPUTS:
        record["inputs"] = [{"path": _path(source_named(used)), "role": role} for used, role in _INPUTS[source.name]]
    # What people made is their word; card readers, the transfer house and the farm recorded their steps as they happened.
    record["grade"] = "declared" if kind in ("type", "draw", "comp") else "logged"
    return record | _SPECIAL.get(source.name, {})


def _path(source: Source) -> str:
    return source.path.replace("#", "%04d")


_SPECIAL: dict[str, dict[str, object]] = {
    "T0211_restored": {"ai": "assistive", "settings": {"mode": "grain and dropout repair", "strength": "0.6"}},
    "sh0600_crowd_v002": {
        "ai": "generative",
        "vendor": {
            "turnover": "T-07",
            "covers": [[FIRST_FILE_NUMBER, FIRST_FILE_NUMBER + CROWD_COVERED]],
            "origins": "CG",
        },
    },
    "verse_voice_t03": {
        "models": [{"name": VOICE_MODEL, "kind": "voice", "hashes": {"sha256": sha256(VOICE_BYTES).hexdigest()}}],
        "datasets": [
            {
                "name": "Estate tapes, songwriter's voice",
                "items": 12,
                "members": [{"path": "archive/T0103/T0103_side_a.wav"}],
            }
        ],
        "seeds": ["7041188250"],
        "settings": {"language": "en", "pace": "0.94"},
        "texts": [{"name": "script", "text": "Keep the last verse open. Somebody will come by and hum the rest."}],
    },
}
"""What some steps say beyond the plain record."""
