"""Asks a gate in a story, and compares what it says with what the story's file expects."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from edgecode.answers.check.answer import Check, CheckFinding
from edgecode.production.checking.cuts import check

if TYPE_CHECKING:
    from stories.story_run import Telling

Entry = Mapping[str, Any]


class Asked(Struct, frozen=True):
    """A gate that was asked: what the story expects of it, and the answer."""

    entry: Mapping[str, Any]
    day: str
    answer: Check
    aliases: Mapping[str, str]


def ask(telling: "Telling", entry: Entry) -> None:
    """Hold the story's cut against the rules, and keep the answer with what was expected."""
    gate = entry.get("gate", "deliver")
    checked = check(telling.production, entry["of"], gate=gate, keep=True)
    telling.asked.append(Asked(entry, telling.clock.day, checked.answer, dict(telling.aliases)))


def differences(asked: Asked) -> list[str]:
    """What the gate says otherwise than the story: its word, findings that have to be there with their frames and words, rules that have
    to be silent."""
    entry, answer = asked.entry, asked.answer
    place = f"{asked.day} {entry.get('gate', 'deliver')} {entry['of']}"
    found = (
        [] if answer.word == entry["word"] else [f"{place}: {answer.word}, not {entry['word']}: {open_rules(answer)}"]
    )
    for wanted in entry.get("findings", []):
        found += (f"{place}: {one}" for one in _unmet(wanted, asked))
    silent = set(entry.get("silent", []))
    found += (f"{place}: {one.rule or one.code} {one.verdict}: {one.description}" for one in answer.findings
              if {one.rule, one.code, one.number} & silent)  # fmt: skip
    if entry.get("only") == "yes":
        named = {wanted["rule"] for wanted in entry.get("findings", [])}
        others = [one for one in answer.findings if one.held != "open" and not {one.rule, one.code, one.number} & named]
        found += (f"{place}: besides {one.rule or one.code}: {one.description}" for one in others)
    return found


def open_rules(answer: Check) -> str:
    """The rules that hold or refuse, for a message."""
    return "; ".join(
        f"{one.rule or one.code} {one.verdict}: {one.description}" for one in answer.findings if one.held != "open"
    )


def _unmet(wanted: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    named = [one for one in asked.answer.findings if wanted["rule"] in (one.rule, one.code, one.number)]
    about = [one for one in named if _is_about(one, wanted, asked)]
    if not about:
        seen = [(one.person, one.kind, one.verdict, _frames(one)) for one in named]
        yield f"no finding of {wanted['rule']} as expected: {wanted}; there are {seen}"
    elif wanted.get("says") and not any(wanted["says"] in one.description for one in about):
        yield f"{wanted['rule']} does not say {wanted['says']!r} but {[one.description for one in about]}"


def _is_about(one: CheckFinding, wanted: Mapping[str, Any], asked: Asked) -> bool:
    expected = {
        "verdict": one.verdict,
        "kind": one.kind,
        "person": next((name for name, alias in asked.aliases.items() if alias == one.person), ""),
        "frames": _frames(one),
        "held": one.held,
        "visibility": one.spans[0].visibility if one.spans else "",
    }
    return all(expected[name] == value for name, value in wanted.items() if name in expected)


def _frames(one: CheckFinding) -> list[list[int]]:
    return [[span.in_, span.out] for span in one.spans]
