"""What the events of a pack say, and whether the tables of an answer say the same: every row cites its events, every event is cited.

Beside the trusted path: no input or output.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from edgecode.events.codec import Json, Leaf
from edgecode.ledger.pack_forms import GRADES, LETTERS, misfit
from edgecode.ledger.verify import Finding

ANSWER = "answer.json"
CITES: Mapping[str, Mapping[str, str]] = {
    "cuts": {"cut.added": "cut"},
    "versions": dict.fromkeys(("version.seen", "sequence.seen", "model.known", "dataset.known"), "version"),
    "steps": {"step.performed": "step"},
    "answers": {"answer.given": "answer"},
    "decisions": {"conform.decided": "cut"},
    "withdrawn": {"step.withdrawn": "step", "answer.withdrawn": "answer"},
}
"""For each table of the answer: the kinds of events that a row may cite, and the field of `fact` that names the row's record."""
_CITABLE = {kind for kinds in CITES.values() for kind in kinds}
_READ = ("version.seen", "sequence.seen")
_FOLLOWED = ("picture", "sound", "reference")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_Row = Mapping[str, Any]


class Packed(Protocol):
    """An event of a pack: its leaf, and the values of its opened sections."""

    @property
    def leaf(self) -> Leaf: ...
    @property
    def sections(self) -> Mapping[str, Json]: ...


class Fact(NamedTuple):
    """A fact in its form; *bytes*: the opened section, None when it is sealed. *committed*: to `bytes`, "" without one."""

    kind: str
    id: str
    fact: _Row
    bytes: Any
    committed: str


def wrong(what: str) -> Finding:
    """The answer says something that its pack contradicts."""
    return Finding("pack.answer", ANSWER, what)


def kind_of(event: Packed) -> str:
    """The kind of an event without its version."""
    return event.leaf.type.partition("/")[0]


def facts_of(events: Mapping[int, Packed]) -> tuple["Facts", list[Finding]]:
    """The facts of every event that an answer may cite; a finding for each that is sealed or not in its form."""
    facts, found = Facts(), []
    for index, event in sorted(events.items()):
        kind, fact = kind_of(event), event.sections.get("fact")
        if kind not in _CITABLE:
            continue
        if misfit(fact, f"#{kind}") or not isinstance(fact, dict):
            found.append(Finding("pack.cited", f"entry {index}", "its fact is not opened in the form of its kind"))
            continue
        commitments = event.leaf.commitments
        facts[index] = Fact(kind, event.leaf.id, fact, event.sections.get("bytes"), commitments.get("bytes", ""))
    return facts, found


class Facts(dict[int, Fact]):
    """Facts by index, and what follows from all of them together. `tables` are the rows of the answer, once `cited` has taken them in."""

    versions: Mapping[str, _Row]
    steps: Mapping[str, _Row]
    answers: Mapping[str, _Row]

    def of(self, *kinds: str) -> list[Fact]:
        """Those of some kinds, in the order of the log."""
        return [fact for fact in self.values() if fact.kind in kinds]

    def withdrawn(self) -> set[str]:
        """Records of steps and answers that were taken back after they were recorded."""
        found, known = set[str](), set[str]()
        for fact in self.of("step.performed", "answer.given", "step.withdrawn", "answer.withdrawn"):
            name, _, verb = fact.kind.partition(".")
            (found if verb == "withdrawn" else known).add(fact.fact[name])
            found &= known
        return found

    def _standing_answers(self, about: str) -> list[_Row]:
        gone = self.withdrawn()
        words = [fact.fact for fact in self.of("answer.given") if fact.fact["answer"] not in gone]
        return [word for word in words if word.get("about", "making") == about]

    def clips_with_plain_effects(self) -> set[str]:
        """Clips whose effects somebody declared plain, and did not take back."""
        return {clip for word in self._standing_answers("effects") for clip in word.get("clips", [])}

    def latest_words(self) -> dict[str, str]:
        """For each clip the latest answer in force about its making."""
        return {clip: word["answer"] for word in self._standing_answers("making") for clip in word.get("clips", [])}

    def latest_decisions(self) -> dict[str, tuple[str, str | None]]:
        """For each clip the last decision about it: its record and the version, None when it took an earlier one back."""
        decided = [(one.id, row) for one in self.of("conform.decided") for row in one.fact["decisions"]]
        return {row["clip"]: (identity, row.get("version") or None) for identity, row in decided}

    def word_of(self, answer: str) -> set[str]:
        """The class that an answer declares."""
        claim: _Row = next((one.fact["claim"] for one in self.of("answer.given") if one.fact["answer"] == answer), {})
        letter = LETTERS.get(claim.get("kind", ""), "")
        return {letter, *("G" if claim.get("ai") == "generative" else "")} - {""}

    def _making(self, version: str, *, whole: bool = True) -> list[tuple[_Row, _Row]]:
        """Row and fact of every step of a version that stands; *whole*: that explains it, being done and not an import."""
        rows = [self.steps[step] for step in self.versions.get(version, {}).get("steps", []) if step in self.steps]
        standing = [row for row in rows if row["standing"] in ("counts", "outranked") and row["ledger"]]
        found = [(row, self[row["ledger"][0]].fact) for row in standing if row["ledger"][0] in self]
        return [
            one
            for one in found
            if not whole or (one[1].get("status", "done"), one[0]["kind"] != "import") == ("done", True)
        ]

    def least(self, version: str) -> set[str]:
        """The classes that a version has at least, in every frame: what steps that made all of it, and of what they used, add."""
        found = set[str]()
        for row, fact in self._behind(version, whole=True):
            found |= _own(row) if fact.get("covers") is None else set()
        return found

    def most(self, version: str) -> set[str]:
        """Every class that a record in the pack could give a version: of steps, answers, what was used, and what is the same content."""
        found = set[str]()
        for row, fact in self._behind(version, whole=False):
            found |= self.word_of(row["answer"]) if "answer" in row else set()
            found |= _own(row) | set(fact.get("origins", "")) if "kind" in row else set()
        return found

    def _behind(self, version: str, *, whole: bool) -> Iterator[tuple[_Row, _Row]]:
        """The rows of versions behind one, itself first, each with those of its steps and their facts; *whole*: only along what is
        followed in every frame."""
        seen, waiting = set[str](), [version]
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            for row, fact in self._making(one, whole=whole):
                yield row, fact
                if not whole or fact.get("covers") is None:
                    waiting += [used["version"] for used in fact.get("inputs", []) if not whole or _is_followed(used)]
            if not whole and one in self.versions:
                yield self.versions[one], {}
                waiting += [other["version"] for other in self.versions[one].get("also", [])]

    def was_read(self, row: _Row) -> bool:
        """Whether a row of the versions cites that its file or sequence was read."""
        return any(index in self and self[index].kind in _READ for index in row["ledger"])

    def best_grade(self, row: _Row) -> str:
        """The best grade of any step that made a version or what is the same content; declared without one."""
        same = [row["id"], *(other["version"] for other in row.get("also", []))]
        grades: list[str] = [step["grade"] for version in same for step, _ in self._making(version)]
        return max([*grades, "declared"], key=GRADES.index)


def _is_followed(used: _Row) -> bool:
    return used.get("role", "picture") in _FOLLOWED and not used.get("frames")


def _own(row: _Row) -> set[str]:
    letter = LETTERS.get(row["kind"], "")
    return {letter, *("G" if row.get("ai") == "generative" else "")} - {""}


# ------------------------------------------------------------------------------------------ tables


def cited(said: _Row, about: str, facts: Facts) -> Iterator[Finding]:
    """Every row cites events of its kind that say what it says, every event is cited, and every record that is named is listed."""
    facts.versions, facts.steps, facts.answers = (
        {row["id"]: row for row in said[name]} for name in ("versions", "steps", "answers")
    )
    if [row["id"] for row in said["cuts"]] != [about]:
        yield wrong("it is about another cut than pack.json says")
    gone, told = facts.withdrawn(), set[int]()
    for table, kinds in CITES.items():
        if len({row["id"] for row in said[table]}) != len(said[table]):
            yield wrong(f"its {table} hold one record twice")
        for row in said[table]:
            told |= set(row["ledger"])
            found = list(_citing(table, kinds, row, facts))
            yield from found
            fault = None if found else _ROWS[table](row, facts, about, gone)
            if fault is not None:
                yield Finding("pack.cited", row["id"], fault)
    for index in sorted(facts.keys() - told):
        yield Finding("pack.cited", f"entry {index}", "no part of the answer cites it")


def _citing(table: str, kinds: Mapping[str, str], row: _Row, facts: Facts) -> Iterator[Finding]:
    if len(set(row["ledger"])) != len(row["ledger"]) or (table != "versions" and len(row["ledger"]) != 1):
        yield Finding("pack.cited", row["id"], f"a row of the answer's {table} does not cite one entry once")
    for index in row["ledger"]:
        fact = facts.get(index)
        if fact is None:
            yield Finding(
                "pack.cited", f"entry {index}", f"the answer's {table} cite it, and it is not there to be cited"
            )
        elif fact.kind not in kinds:
            yield Finding("pack.cited", f"entry {index}", f"the answer's {table} cite it, and it is a {fact.kind}")
        elif fact.fact[kinds[fact.kind]] != row.get("record", row["id"]):
            yield Finding("pack.cited", f"entry {index}", f"the answer's {table} cite it for another record")


def _of_cut(row: _Row, facts: Facts, about: str, gone: set[str]) -> str | None:
    return None


def _of_step(row: _Row, facts: Facts, about: str, gone: set[str]) -> str | None:
    fact = facts[row["ledger"][0]].fact
    tool = fact.get("tool", {"name": ""})
    inputs = [{"version": used["version"], "role": used.get("role", "picture")} for used in fact.get("inputs", [])]
    said = (
        row["kind"],
        row["grade"],
        row["source"],
        row["outputs"],
        row.get("inputs", []),
        row.get("tool", ""),
        row.get("ai"),
    )
    named = " ".join(part for part in (tool["name"], tool.get("version", "")) if part)
    if said != (fact["kind"], fact["grade"], fact["source"], fact["outputs"], inputs, named, fact.get("ai")):
        return "the answer says another making than its event does"
    wanted = "withdrawn" if row["id"] in gone else "failed" if fact.get("status", "done") == "failed" else ""
    if row["standing"] != wanted and (wanted or row["standing"] in ("withdrawn", "failed")):
        return "its standing is not what its events say"
    versions = [facts.versions.get(version) for version in row["outputs"]]
    if any(version is None or row["id"] not in version.get("steps", []) for version in versions):
        return "a version that it made does not name it"
    if any(used["version"] not in facts.versions for used in inputs):
        return "a version that it used is not listed"
    return None


def _of_version(row: _Row, facts: Facts, about: str, gone: set[str]) -> str | None:
    mine = [facts[index] for index in row["ledger"]]
    read = [one for one in mine if one.kind in _READ]
    opened = [one.bytes for one in mine if isinstance(one.bytes, dict)]
    digests = {name: row[name] for name in ("sha256", "sequence_root") if name in row}
    if (row["known"] == "read" and not read) or (row["known"] != "read" and (digests or "edge_code" in row)):
        return "it is said to be known better than its events know it"
    if any(not any(one.get(name) == digest for one in opened) for name, digest in digests.items()):
        return "no event of the pack says the digest that the answer gives for it"
    sealed = any(one.committed and one.bytes is None for one in mine)
    if row.get("personal", False) and (digests or not sealed):
        return "its digest is not sealed, so it is not a person's alone"
    shown = any("sha256" in one.bytes or "sequence_root" in one.bytes for one in read if isinstance(one.bytes, dict))
    if row["known"] == "read" and shown and not digests and not sealed:
        return "the answer leaves out its digest"
    codes = [_digits(one) for one in digests.values()] or [_digits(one.committed) for one in read if one.committed]
    code = row.get("edge_code", "").partition(" ")
    if code[0] and (
        row["origin"] not in ("", code[0]) or not any(digits.startswith(code[2].replace(" ", "")) for digits in codes)
    ):
        return "its edge code is not that of its letter and digest"
    media = [one.fact["media"]["media_class"] for one in read]
    if row.get("media") and read and row["media"] not in media:
        return "its medium is not what its events say"
    if "frames" in row and tuple(row["frames"]) not in [_extent(one) for one in read]:
        return "its frames are not what its events say"
    return _makers(row, facts, gone)


def _makers(row: _Row, facts: Facts, gone: set[str]) -> str | None:
    steps, least = row.get("steps", []), facts.least(row["id"])
    if any(step not in facts.steps or row["id"] not in facts.steps[step]["outputs"] for step in steps):
        return "it names a step that did not make it"
    if any(other["version"] not in facts.versions for other in row.get("also", [])):
        return "it names a version that is not listed"
    if "answer" in row and (row["answer"] not in facts.answers or row["answer"] in gone):
        return "it names an answer that does not stand"
    if row["origin"] and row["origin"] not in "MU" and not least <= {row["origin"]}:
        return "its letter leaves out what steps in the pack made it"
    return None


def _extent(seen: Fact) -> tuple[int, int] | None:
    fact, media = seen.fact, seen.fact["media"]
    if seen.kind == "sequence.seen":
        return fact["first"], fact["last"] + 1
    first, frames = media.get("first_frame", 0), media.get("frames", 0)
    return (first, first + frames) if frames and media["media_class"] in ("video", "sequence") else None


def _digits(digest: str) -> str:
    """The first 75 bits of a digest in base32; an edge code prints 50 or all of them."""
    number = int(digest, 16) >> 256 - 75
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(70, -5, -5))


def _of_answer(row: _Row, facts: Facts, about: str, gone: set[str]) -> str | None:
    fact = facts[row["ledger"][0]].fact
    said = (row["kind"], row.get("ai"), row["about"], row["versions"], row["clips"], row.get("withdrawn", False))
    counts = (len(fact.get("versions", [])), len(fact.get("clips", [])))
    wanted = (fact["claim"]["kind"], fact["claim"].get("ai"), fact.get("about", "making"), *counts, row["id"] in gone)
    return None if said == wanted else "the answer says another word than its event does"


def _of_decision(row: _Row, facts: Facts, about: str, gone: set[str]) -> str | None:
    one = facts[row["ledger"][0]]
    said = (row["id"], row["record"], row["clips"])
    return None if said == (one.id, about, len(one.fact["decisions"])) else "it is not the decision that its event is"


_ROWS = {
    "cuts": _of_cut,
    "versions": _of_version,
    "steps": _of_step,
    "answers": _of_answer,
    "decisions": _of_decision,
    "withdrawn": _of_cut,
}
