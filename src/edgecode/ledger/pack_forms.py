"""The forms of what a pack says: every field of its answers and of the facts that they cite, as data that both verifiers read alike.

A form is text: ``text``, ``int``, ``count`` (0 and up), ``flag``, ``id``, ``hex`` (64 digits), ``code`` (an edge code),
``letters`` (classes of origin in their order), ``fraction`` (an
integer or ``"num/den"``), ``any``; ``=a|b`` one of these words; ``[]form`` a list, ``[2]form`` a list of two, ``{}form`` an object with
any names; ``#name`` an object of `FORMS`. There a name that ends in ``?`` may be left out, and ``...`` allows further fields.
"""

import re
from collections.abc import Mapping

from edgecode.events.codec import Json

SHAPES = """
sums = frames:count accounted:count unaccounted:count waived:count by_origin:{}count mixed:{}count ai:{}count
  by_grade:{}count by_conform:{}count by_visibility:{}count effects_not_visible:count
seen = origin:=C|P|H|G|M|A|U grade:=declared|logged|signed|corroborated|none conform:=none|inferred|declared|id|content
  visibility:=certain|possible
row = id:id ledger:[]count
answer = schema:=edgecode.pack-answer/1 ledger:#point six:#six coverage:#coverage ranges:[]#range sound:[]#range cuts:[]#cited
  versions:[]#version steps:[]#step answers:[]#word decisions:[]#decision withdrawn:[]#cited opened:[]#opened
point = origin:text size:count root:hex
six = frames:count generated:count unaccounted:count waived:count by_grade:{}count persons:text findings:text
coverage = *sums schema:=edgecode.coverage/1 production:text cut:text rate:text start:int gaps:[]#gap audio:#audio reels:[]#reel
  ledger:#point rows_missing?:count events_unread?:count notes?:#notes
notes = released:[]#released profile_changes:[]#profile rules_decided:[]#rules
released = subject:text kind:text person:text version:text clip:text in_tc:text out_tc:text frames:count note:#release
release = release:id by:text role:text clause:text on:text what?:text named?:text
profile = name:text before:text after:any on:text by:text counts:flag signed:flag forged:flag
rules = decision:id pack:text choice:=on|off|adopted|cap_kept|parameters by:text on:text signed:flag counts:any why:text
audio = *sums gaps:[]#gap
reel = *sums reel:text in:count out:count
gap = in:count out:count in_tc:text out_tc:text frames:count track:text clip:text reason:text
range = *seen in:count out:count in_tc:text out_tc:text classes:letters ai:=none|assistive|unknown|generative effects_hidden:flag
  reasons:[]=no-match|ambiguous|offline-media|range-outside|no-step|dangling-parent|vendor-open shown:[]#shown
shown = *seen clip:count id:id track:text confidence:count version?:id source?:[2]int answer?:id decision?:id
cited = *row
version = *row known:=read|named|referred origin:=|C|P|H|G|M|A|U edge_code?:code sha256?:hex sequence_root?:hex media?:text
  frames?:[2]int steps?:[]id also?:[]#also answer?:id personal?:flag
also = version:id relation:text
step = *row kind:text grade:=declared|logged|signed|corroborated|none standing:=counts|outranked|failed|withdrawn source:text
  outputs:[]id inputs?:[]#input tool?:text ai?:=none|assistive|unknown|generative
input = version:id role:text
word = *row kind:text about:=making|effects versions:count clips:count ai?:=none|assistive|unknown|generative withdrawn?:flag
decision = *row record:id clips:count
opened = section:text events:count
cut.added = ... cut:id rate:text start:int frames:count drop_frame?:flag effects_visible?:flag tracks:[]#track clips:[]#clip
  transitions?:[]#transition diagnostics?:[]#problem
track = ... kind:=picture|sound|other enabled?:flag
clip = ... id:id kind:text path:[]count record:[2]fraction enabled?:flag effects?:[]#effect
effect = ... seen?:text
transition = ... seen?:text record:[2]fraction
problem = ... effect?:text
version.seen = ... version:id media:#media
sequence.seen = ... version:id media:#media first:int last:int
media = ... media_class:text frames?:count first_frame?:int
model.known = ... version:id
dataset.known = ... version:id
step.performed = ... step:id kind:text source:text grade:text outputs:[]id inputs?:[]#used tool?:#tool ai?:text status?:text
  origins?:text
used = ... version:id role?:text frames?:[]any
tool = ... name:text version?:text
answer.given = ... answer:id cut:text claim:#claim about?:text versions?:[]text clips?:[]text
claim = ... kind:text ai?:text
conform.decided = ... cut:text decisions:[]#decided
decided = ... clip:text version?:text
step.withdrawn = ... step:id
answer.withdrawn = ... answer:id
erasure = person:text requested:text executed:text requester:text verified:text ground:text scope:text schema:=edgecode.erasure/1
  number:id record_copy:text approvals:[]#approver complete:flag keys:[]hex records:[]#erased kept:[]#kept remains:[]text
  not_reached:[]#unreached states:[]text entry:count before:#head after:#head ledger:#point
approver = approver:id key:hex
erased = ledger:count type:text sections:[]text
kept = holds:text why:text hold:id sections:count until:text
unreached = version:id media:text how:text
head = size:count root:hex
person.erased = ... requested:text requester:text verified:text ground:text scope:text record_copy:text erasure:id erased:[]#gone
  keys:[]hex kept?:[]#held approvals?:[]#approval
gone = ... event:id sections:[]text
held = ... holds:text why:text hold:id sections:count until?:text
approval = ... approver:id signature:text
approver.named = ... approver:id key:hex retired?:flag
disclosure = schema:=edgecode.disclosure/1 disclosure:id entry:count event:id type:text section:text reader:text ledger:#point
section.disclosed = ... disclosure:id event:id section:text reader?:text
own = schema:=edgecode.own-record/1 alias:text production:text notes:[]#note depictions:[]any holds:[]any rights?:[]any
  entries:[]count ledger:#point
note = ledger:count holds:text values:{}text corrected:flag
"""

FORMS: dict[str, dict[str, str]] = {}
"""For each object its fields and their forms."""
for _line in SHAPES.replace("\n  ", " ").strip().splitlines():
    _name, _fields = _line.split(" = ")
    FORMS[_name] = {}
    for _field in _fields.split():
        FORMS[_name] |= FORMS[_field[1:]] if _field[0] == "*" else {_field.partition(":")[0]: _field.partition(":")[2]}

LETTERS = {
    **dict.fromkeys(("camera", "sound-recording"), "C"),
    **dict.fromkeys(("paint", "model", "animate", "type", "draw", "compose", "render"), "H"),
    **dict.fromkeys(("generate", "generative-edit"), "G"),
    "capture": "P",
    "transfer": "A",
}
"""The origin class that a kind of step adds of its own: `edgecode.terms.origins`, which a test holds this against."""
CLASSES, GRADES, METHODS, AI = (
    "CPHGA",
    ("none", "declared", "logged", "signed", "corroborated"),
    ("none", "inferred", "declared", "id", "content"),
    ("none", "assistive", "unknown", "generative"),
)
"""Weakest first; AI use: least first."""

_PATTERNS = {
    "id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "hex": re.compile(r"[0-9a-f]{64}"),
    "code": re.compile(r"[CPHGMAU](?: [0-9A-HJKMNP-TV-Z]{5}){2,3}"),
    "fraction": re.compile(r"-?[0-9]{1,15}/[1-9][0-9]{0,14}"),
    "letters": re.compile(r"C?P?H?G?A?"),
    "text": re.compile(r"(?s:.*)"),
}


def misfit(value: Json, form: str, at: str = "") -> str | None:
    """Where *value* is not of *form*, as a path of field names; None when it is."""
    here = at or "its beginning"
    if form[0] == "[":
        if not isinstance(value, list) or (form[1] == "2" and len(value) != 2):
            return here
        inner = form[form.index("]") + 1 :]
        return next((found for one in value if (found := misfit(one, inner, at)) is not None), None)
    if form[:2] == "{}":
        if not isinstance(value, dict):
            return here
        return next((found for one in value.values() if (found := misfit(one, form[2:], at)) is not None), None)
    if form[0] == "#":
        return _misfit_object(value, FORMS[form[1:]], at) if isinstance(value, dict) else here
    return None if form == "any" or _is(value, form) else here


def _misfit_object(value: dict[str, Json], form: Mapping[str, str], at: str) -> str | None:
    for name, inner in form.items():
        key, optional = name.removesuffix("?"), name.endswith("?")
        if name == "..." or (optional and key not in value):
            continue
        path = f"{at}.{key}" if at else key
        found = misfit(value[key], inner, path) if key in value else path
        if found is not None:
            return found
    if "..." not in form and not value.keys() <= {name.removesuffix("?") for name in form}:
        return at or "its beginning"
    return None


def _is(value: Json, form: str) -> bool:
    if form in ("int", "count") or (form == "fraction" and not isinstance(value, str)):
        return type(value) is int and (value >= 0 or form != "count")
    if form == "flag":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    return value in form[1:].split("|") if form[0] == "=" else _PATTERNS[form].fullmatch(value) is not None
