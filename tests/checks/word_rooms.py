"""Which rooms know which words: for each word list of `terms.rights`, how to tell that events, index, checks and command line know a word.

docs/how-to/add-a-word.md is written after this: what a new word makes fail here is what has to learn it.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import click

from edgecode.checks import facts, lifecycle
from edgecode.checks.agreement_facts import ACT_FACTS
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.cli.app import edgecode
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import EdgecodeError
from edgecode.events.codec import Leaf
from edgecode.events.kinds import Event
from edgecode.events.registry import Recorded, read_event, sections_of
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    CutMoved,
    CutMoveFact,
    DocumentFact,
    DocumentKept,
    MemberFact,
    MemberNamed,
    ReplicaFact,
    ReplicaMoved,
    ReplicaMoveFact,
    ReplicaRecorded,
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
)
from edgecode.index.projector import project
from edgecode.index.rights import rights
from edgecode.terms import rights as words
from edgecode.terms.rights import Scope
from index.small_show import record

PACKAGE = Path(words.__file__).resolve().parents[1]
ID = record(1)
Knows = Callable[[str], bool]


class WordList(NamedTuple):
    """A list of words. *event*: one that says a word; *checks*, *cli*: whether these rooms know it; None: no rule, nobody types it.

    *no_rule*: words that no rule asks for, each looked at and left out on purpose.
    """

    name: str
    words: tuple[str, ...]
    event: Callable[[Any], Event] | None
    checks: Knows | None
    cli: Knows | None
    no_rule: frozenset[str] = frozenset()


class Missing(NamedTuple):
    """A room that does not know a word."""

    room: str
    word: str


def missing(one: WordList) -> list[Missing]:
    """Every room that does not know a word of a list."""
    found = []
    for word in one.words:
        if one.event is not None:
            event = one.event(word)
            found += [Missing("events", word)] if not _events_know(event) else []
            found += [Missing("index", word)] if not _index_knows(event) else []
        if one.checks is not None and word not in one.no_rule and not one.checks(word):
            found.append(Missing("checks", word))
        if one.cli is not None and not one.cli(word):
            found.append(Missing("cli", word))
    return found


def unheard_of(one: WordList, known: Iterable[str]) -> list[str]:
    """Words that a room knows and `terms` does not."""
    return sorted(set(known) - set(one.words))


def _events_know(event: Event) -> bool:
    try:
        return read_event(event.TYPE, sections_of(event)) == event
    except EdgecodeError:
        return False


def _index_knows(event: Event) -> bool:
    store = SqliteIndex(":memory:")
    leaf = Leaf(record(2), 1, event.TYPE, "k:00000000", (), {})
    try:
        project(store, [Recorded(0, leaf, event)], size=1, root=b"\7" * 32)
        return [kept.event for kept in rights(store)] == [event]
    except ValueError:  # msgspec's: what it kept it cannot read again
        return False


# ------------------------------------------------------------------------------------------ how rooms show what they know


@cache
def spoken_in(*places: str) -> frozenset[str]:
    """Every text constant of these modules or rooms."""
    files = [
        file
        for place in places
        for file in ([PACKAGE / place] if place.endswith(".py") else (PACKAGE / place).rglob("*.py"))
    ]
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


@cache
def choices_of(*path: str) -> frozenset[str]:
    """Every word that an option or argument of a command takes."""
    command: click.Command = edgecode
    for name in path:
        assert isinstance(command, click.Group)
        below = command.get_command(click.Context(command), name)
        assert below is not None, name
        command = below
    return frozenset(choice for one in _parameters(command) for choice in one)


def _parameters(command: click.Command) -> Iterator[Iterable[str]]:
    for parameter in command.params:
        if isinstance(parameter.type, click.Choice):
            yield [str(choice) for choice in parameter.type.choices]
        # Lists are typed with spaces between, so their words stand in the help instead of being choices.
        yield (getattr(parameter, "help", None) or "").replace(",", " ").replace(".", " ").split()


def _typed_at(*path: str) -> Knows:
    return lambda word: word in choices_of(*path)


def _enum(fact: str) -> frozenset[str]:
    return frozenset(CATALOGUE[fact].choices)


def _consent(terms: AgreementTerms) -> Event:
    return AgreementRecorded(AgreementFact(ID, "consent"), terms)


_STATES = {*lifecycle.TERMINAL, *lifecycle.LIVE} | {
    state for leads in lifecycle.TRANSITIONS.values() for pair in leads.items() for state in pair
}
_RULES = ("checks", "answers")
LISTS: tuple[WordList, ...] = (
    WordList(
        "acts of consent",
        get_args(words.Act),
        lambda word: _consent(AgreementTerms(ID, acts=(word,))),
        lambda word: ACT_FACTS.get(word, "") in CATALOGUE,  # type: ignore[call-overload]
        lambda word: word in choices_of("consent", "record") and word in choices_of("person", "represent"),
    ),
    WordList(
        "moves of an agreement",
        get_args(words.AgreementMove),
        lambda word: AgreementMoved(AgreementMoveFact(ID, word, "2026-01-01")),
        lambda word: word in lifecycle.TRANSITIONS,
        lambda word: word in spoken_in("cli/agreement_moving.py", "cli/agreeing.py"),
    ),
    # Computed from moves, so that no event says one and nobody types one; rules read it.
    WordList("states of an agreement", get_args(words.AgreementState), None, lambda word: word in _STATES, None),
    WordList(
        "forms of consent",
        get_args(words.Form),
        lambda word: _consent(AgreementTerms(ID, form=word)),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("consent", "record"),
        frozenset({"electronic_record", "oral_recorded"}),
    ),
    WordList(
        "capacities",
        get_args(words.Capacity),
        lambda word: RepresentationRecorded(RepresentationFact(ID, "principal"), RepresentationSection(ID, word)),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("person", "represent"),
        frozenset({"agent", "manager"}),
    ),
    WordList(
        "how representatives decide",
        get_args(words.Decision),
        lambda word: RepresentationRecorded(
            RepresentationFact(ID, "principal"), RepresentationSection(ID, "heir", decision=word)
        ),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("person", "represent"),
        # All of the shares: what is neither any nor a majority.
        frozenset({"unanimous"}),
    ),
    WordList(
        "roles",
        get_args(words.Role),
        lambda word: MemberNamed(MemberFact(ID, (word,))),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("person", "role"),
        # Who makes the pictures, brings them, looks on or stands for somebody else decides nothing for the production.
        frozenset({"artist", "vendor", "representative", "guild", "auditor", "admin"}),
    ),
    WordList(
        "kinds of sessions",
        get_args(words.SessionKind),
        lambda word: SessionRecorded(SessionFact(ID, word)),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("person", "session"),
        # A scan asks for notice and a day of work; no rule asks for more of the others than what they made.
        frozenset({"mocap", "voice_recording", "on_set_photography", "archival"}),
    ),
    WordList(
        "kinds of replicas",
        get_args(words.ReplicaType),
        lambda word: ReplicaRecorded(ReplicaFact(ID, word, "both")),
        lambda word: facts._REPLICA_LABELS.get(word, "") in _enum("use.replica"),
        _typed_at("person", "replica"),
        # No guild has a label for these.
        frozenset({"estate", "self_owned", "synthetic"}),
    ),
    WordList(
        "what becomes of a replica",
        get_args(words.ReplicaMove),
        lambda word: ReplicaMoved(ReplicaMoveFact(ID, word, "2026-01-01")),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("person", "replica-move"),
        frozenset({"custody", "transfer_requested", "transferred"}),
    ),
    # A scope keeps these two as they were agreed, so that its events take any word; who enters one chooses of the list.
    WordList(
        "likeness",
        get_args(words.Modality),
        None,
        lambda word: word in spoken_in(*_RULES),
        _typed_at("consent", "record"),
        # Nothing tells from a file that it holds a movement or a trait; a declared use does.
        frozenset({"gesture_motion", "signature_trait"}),
    ),
    WordList(
        "prohibited uses",
        get_args(words.Prohibited),
        None,
        lambda word: word in spoken_in("checks"),
        _typed_at("consent", "record"),
        # A person says what it is; no fact of the catalogue does.
        frozenset({"other"}),
    ),
    WordList(
        "what may be trained",
        get_args(words.Training),
        lambda word: _consent(AgreementTerms(ID, scope=Scope(training=word))),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("consent", "record"),
    ),
    WordList(
        "media and fields of use",
        get_args(words.Field),
        lambda word: _consent(AgreementTerms(ID, fields=(word,))),
        lambda word: word in _enum("production.media"),
        _typed_at("license", "record"),
    ),
    WordList(
        "kinds of documents",
        get_args(words.DocumentKind),
        lambda word: DocumentKept(DocumentFact(ID, word)),
        None,
        _typed_at("desk", "document"),
    ),
    WordList(
        "states of a cut",
        get_args(words.CutState),
        lambda word: CutMoved(CutMoveFact(ID, word, "2026-01-01")),
        lambda word: word in spoken_in(*_RULES),
        _typed_at("desk", "cut-state"),
    ),
)
KNOWN: Mapping[str, Iterable[str]] = {
    "acts of consent": ACT_FACTS,
    "moves of an agreement": lifecycle.TRANSITIONS,
    "states of an agreement": _STATES,
    "kinds of replicas": facts._REPLICA_LABELS,
}
"""What checks know by a table of their own, so that a word that `terms` gave up is found there."""
