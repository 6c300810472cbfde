"""Judging the answer of a pack by what is in the pack: its sums, its references, and that the events it cites say what it says.

Beside the trusted path: no input or output. The rules by which frames get their letters are not judged here, only that the figures are
those of the listed ranges, and that every record they name is in the pack.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from edgecode.events.codec import Json, Leaf
from edgecode.ledger.verify import Finding

ANSWER = "answer.json"
CUT_SCHEMA = "edgecode.pack-answer/1"
CITES: Mapping[str, Mapping[str, str]] = {
    "cuts": {"cut.added": "cut"},
    "versions": {
        "version.seen": "version",
        "sequence.seen": "version",
        "model.known": "version",
        "dataset.known": "version",
    },
    "steps": {"step.performed": "step"},
    "answers": {"answer.given": "answer"},
    "decisions": {"conform.decided": "cut"},
    "withdrawn": {"step.withdrawn": "step", "answer.withdrawn": "answer"},
}
"""For each table of the answer: the kinds of events that a row may cite, and the field of `fact` that names the row's record."""

BREAKDOWNS = {
    "by_origin": "origin",
    "ai": "ai",
    "by_grade": "grade",
    "by_conform": "conform",
    "by_visibility": "visibility",
}
"""Figures of coverage/1, and the field of a range that they add up."""


class PackedEvent(NamedTuple):
    """An event of the pack: its leaf, and the values of the sections that are opened."""

    leaf: Leaf
    sections: Mapping[str, Json]


def judge_point(answer: Json, origin: str, size: int, root: str) -> Iterator[Finding]:
    """An answer that names the state of the log that it was given from names that of the pack."""
    said = answer.get("ledger") if isinstance(answer, dict) else None
    if said != {"origin": origin, "size": size, "root": root}:
        yield _wrong("it was given from another state of the log than pack.json says")


def judge_cut(answer: Json, events: Mapping[int, PackedEvent]) -> Iterator[Finding]:
    """The answer about a cut: figures, references, citations."""
    try:
        if not isinstance(answer, dict) or answer["schema"] != CUT_SCHEMA:
            raise KeyError("schema")
        coverage = _object(answer["coverage"])
        yield from _judge_sums(coverage, _rows(answer["ranges"]), "picture")
        yield from _judge_sums(_object(coverage["audio"]), _rows(answer["sound"]), "sound")
        if coverage["ledger"] != answer["ledger"]:
            yield _wrong("its coverage was given from another state of the log")
        yield from _judge_references(answer)
        for table, kinds in CITES.items():
            for row in _rows(answer[table]):
                yield from _judge_row(table, kinds, row, events)
    except (KeyError, TypeError, ValueError) as error:
        yield _wrong(f"it is not in the form of its schema, at {str(error)[:40]}")


def _judge_sums(figures: Mapping[str, Json], ranges: Iterable[Mapping[str, Json]], medium: str) -> Iterator[Finding]:
    """The ranges cover every frame once, and every figure is their sum."""
    at, hidden = 0, 0
    sums: dict[str, dict[str, int]] = {name: {} for name in (*BREAKDOWNS, "mixed")}
    for one in ranges:
        first, end = _number(one["in"]), _number(one["out"])
        if first != at or end <= first:
            yield _wrong(f"its ranges of the {medium} do not follow one another at frame {at}")
        at = end
        counted = [(name, str(one[of])) for name, of in BREAKDOWNS.items()]
        for name, value in [*counted, ("mixed", str(one["classes"]))] if one["origin"] == "M" else counted:
            sums[name][value] = sums[name].get(value, 0) + end - first
        hidden += (end - first) * bool(one.get("effects_hidden"))
    for name, of in sums.items():
        if {key: count for key, count in _object(figures[name]).items() if count} != of:
            yield _wrong(f"{name} of the {medium} is not the sum of its ranges")
    open_ = sums["by_origin"].get("U", 0)
    whole = {"frames": at, "accounted": at - open_, "unaccounted": open_, "effects_not_visible": hidden}
    for name, count in whole.items():
        if figures[name] != count:
            yield _wrong(f"{name} of the {medium} is not the sum of its ranges")
    gaps = sorted((_number(gap["in"]), _number(gap["out"])) for gap in _rows(figures["gaps"]))
    covered, at = 0, 0
    for first, end in gaps:
        covered, at = covered + max(0, end - max(first, at)), max(at, end)
    if covered != open_:
        yield _wrong(f"the gaps of the {medium} are not its unaccounted frames")


def _judge_references(answer: Mapping[str, Json]) -> Iterator[Finding]:
    """Every record that one part of the answer names stands in the table of its kind."""
    known = {table: {row["id"] for row in _rows(answer[table])} for table in CITES}
    named: list[tuple[str, str, Json]] = []
    for place in ("ranges", "sound"):
        for one in _rows(answer[place]):
            for shown in _rows(one["shown"]):
                for table, key in (("versions", "version"), ("answers", "answer"), ("decisions", "decision")):
                    named += [(place, table, shown[key])] if key in shown else []
    for row in _rows(answer["versions"]):
        named += [("versions", "steps", step) for step in _list(row.get("steps", []))]
        named += [("versions", "versions", one["version"]) for one in _rows(row.get("also", []))]
        named += [("versions", "answers", row["answer"])] if "answer" in row else []
    for row in _rows(answer["steps"]):
        named += [("steps", "versions", used["version"]) for used in _rows(row.get("inputs", []))]
    outputs = {row["id"]: _list(row["outputs"]) for row in _rows(answer["steps"])}
    for row in _rows(answer["versions"]):
        if any(row["id"] not in outputs.get(step, [row["id"]]) for step in _list(row.get("steps", []))):
            yield _wrong("a version names a step that did not make it")
    missing = {(place, table) for place, table, record in named if record not in known[table]}
    for place, table in sorted(missing):
        yield _wrong(f"{place} name a record that its {table} do not hold")


def _judge_row(
    table: str, kinds: Mapping[str, str], row: Mapping[str, Json], events: Mapping[int, PackedEvent]
) -> Iterator[Finding]:
    """A row cites events of the pack, of fitting kinds, that are about its record and say what it says."""
    digests = {name: row[name] for name in ("sha256", "sequence_root") if name in row}
    backed: set[str] = set()
    if not row["ledger"] and (table != "versions" or digests):
        yield Finding("pack.cited", str(row["id"]), f"a row of the answer's {table} cites nothing")
    for number in _list(row["ledger"]):
        event = events.get(_number(number))
        kind = event.leaf.type.partition("/")[0] if event is not None else ""
        if event is None:
            yield Finding("pack.cited", f"entry {number}", f"the answer's {table} cite it, and it is not in the pack")
        elif kind not in kinds:
            yield Finding("pack.cited", f"entry {number}", f"the answer's {table} cite it, and it is a {kind}")
        else:
            fact, content = _object(event.sections.get("fact")), event.sections.get("bytes")
            if fact.get(kinds[kind]) != row.get("record", row["id"]):
                yield Finding("pack.cited", f"entry {number}", f"the answer's {table} cite it for another record")
            if kind == "step.performed" and _making(fact) != _making(row):
                yield Finding("pack.cited", f"entry {number}", "the answer says another making than it does")
            if isinstance(content, dict):
                backed |= {name for name in digests if content.get(name) == digests[name]}
    if digests.keys() - backed:
        yield Finding("pack.cited", str(row["id"]), "no event of the pack says the digest that the answer gives for it")


def _making(said: Mapping[str, Json]) -> tuple[Json, ...]:
    """What an event of a step and its row in an answer must have in common."""
    used: list[Json] = [one["version"] for one in _rows(said.get("inputs", []))]
    return said.get("kind"), said.get("grade"), said.get("outputs"), used


def _wrong(what: str) -> Finding:
    return Finding("pack.answer", ANSWER, what)


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("an object")
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError("a list")
    return value


def _rows(value: Json) -> list[dict[str, Json]]:
    return [_object(row) for row in _list(value)]


def _number(value: Json) -> int:
    if type(value) is not int:
        raise TypeError("a number")
    return value
