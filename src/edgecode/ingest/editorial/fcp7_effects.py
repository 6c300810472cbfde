"""Filters of an xmeml clip: what they are called, what they do to time."""

from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element

from edgecode.ingest.editorial.exact import Exact, simplest
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.parts import effect, speed
from edgecode.ingest.editorial.xml_tree import text_at
from edgecode.terms.cuts import Diagnostic

_TIME = "timeremap"
_MAX_DEPTH = 12


class Made(NamedTuple):
    """A clip's *effects*; *scale* is how fast its time runs, None where it changes on the way."""

    effects: list[JsonObject]
    scale: Exact | None
    problems: list[Diagnostic]


def effects_of(item: Element, where: str) -> Made:
    """What a clip's filters do. A filter that is switched off does nothing and stays listed."""
    effects: list[JsonObject] = []
    problems: list[Diagnostic] = []
    scale: Exact | None = 1
    for written in item.findall("filter"):
        on = text_at(written, "enabled").upper() != "FALSE"
        for each in written.findall("effect"):
            name, effect_id = text_at(each, "name"), text_at(each, "effectid")
            if effect_id.lower() == _TIME and on:
                own = _speed(each)
                scale = None if scale is None or own is None else simplest(scale * own)
                effects.append(speed(own, name))
                continue
            effects.append(effect(name, effect_id, _settings(each, 0), enabled=on))
    return Made(effects, scale, problems)


def _speed(written: Element) -> Exact | None:
    """The factor of a time remap: percent, backwards when it says so; None where it follows a curve, or says nothing."""
    told = {text_at(each, "parameterid"): text_at(each, "value") for each in written.findall("parameter")}
    if told.get("variablespeed", "0").upper() not in ("0", "FALSE", ""):
        return None
    try:
        percent = Fraction(told.get("speed", "100"))
    except (ValueError, ZeroDivisionError):
        return None
    backwards = told.get("reverse", "").upper() == "TRUE"
    return simplest(-percent / 100 if backwards and percent > 0 else percent / 100)


def _settings(element: Element, depth: int) -> JsonObject:
    """An effect's parameters as they are nested, within bounds."""
    if depth > _MAX_DEPTH:
        return {}
    found: JsonObject = {}
    for index, child in enumerate(element):
        if child.tag in ("name", "effectid") and not depth:
            continue
        key = child.tag if child.tag not in found else f"{child.tag} {index}"
        found[key] = _settings(child, depth + 1) if len(child) else (child.text or "").strip()
    return found
