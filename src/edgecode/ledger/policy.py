"""The trust file of whoever verifies (c2sp.org/tlog-policy): the keys of logs, the witnesses, and how many of them must agree.

We ask more than the standard: organisations are counted, not keys, and the log's own counts for nothing. What an auditor reads beside the
trusted path: the standard library and `ledger.notes` only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from edgecode.errors import EdgecodeError, InputError
from edgecode.ledger.notes import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44, ED25519, VerifierKey

NONE = "none"
_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_DOMAIN = re.compile(r"[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*")


class PolicyError(InputError):
    """A line that the standard does not allow; a policy is read whole or not at all."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(
            "policy.malformed", f"policy, line {line}: {what}", "Mend the line; c2sp.org/tlog-policy explains"
        )


class Quorum(NamedTuple):
    """How far witnesses have come: *reached*, the *organisations* in order that have signed and count, and how many are *needed*."""

    reached: bool
    organisations: tuple[str, ...]
    needed: int


UNJUDGED = Quorum(reached=False, organisations=(), needed=0)
"""Where no checkpoint could be judged, and where no witness is asked for."""


class LogLine(NamedTuple):
    """A key that may sign for the log it is named after, and where that log is."""

    key: VerifierKey
    url: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, ("log", str(self.key), self.url)))


class WitnessLine(NamedTuple):
    """A witness: its name in this policy, its key and its submission prefix."""

    name: str
    key: VerifierKey
    url: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, ("witness", self.name, str(self.key), self.url)))


class GroupLine(NamedTuple):
    """A group has signed when *threshold* of its members have: witnesses, and groups of earlier lines."""

    name: str
    threshold: int
    members: tuple[str, ...]

    def __str__(self) -> str:
        return f"group {self.name} {self.threshold} {' '.join(self.members)}"


@dataclass(frozen=True, slots=True)
class Policy:
    """Read one with `parse`, or make one of keys with `of_keys`: both refuse what the standard refuses. *quorum*: a name, or ``none``."""

    logs: tuple[LogLine, ...] = ()
    witnesses: tuple[WitnessLine, ...] = ()
    groups: tuple[GroupLine, ...] = ()
    quorum: str = NONE

    @classmethod
    def parse(cls, data: bytes) -> "Policy":
        """Read a policy file; whitespace is space and tab, names are octets and not folded. Raises PolicyError with the line."""
        # Octets above 0x7F are opaque (tlog-policy, Character set): surrogateescape keeps each one apart and brings it back.
        lines = data.decode("utf-8", "surrogateescape").split("\n")
        if found := _FORBIDDEN.search(data):
            what = f"the control character 0x{found[0][0]:02x}; lines end in a newline alone"
            raise PolicyError(data.count(b"\n", 0, found.start()) + 1, what)
        if lines.pop():
            raise PolicyError(len(lines) + 1, "it does not end in a newline")
        reading = _Reading()
        for number, line in enumerate(lines, 1):
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                try:
                    reading.take(words[0], words[1:])
                except ValueError as error:
                    raise PolicyError(number, str(error)) from error
        if reading.quorum is None:
            raise PolicyError(len(lines) + 1, "the file ends without a quorum line")
        return cls(tuple(reading.logs), tuple(reading.witnesses), tuple(reading.groups), reading.quorum)

    @classmethod
    def of_keys(cls, *log_keys: VerifierKey) -> "Policy":
        """A policy that knows these keys of logs and no witness. Raises PolicyError for one key twice."""
        return cls().of_logs(*log_keys)

    def of_logs(self, *keys: VerifierKey) -> "Policy":
        """The same witnesses and quorum for the logs with these keys alone. Raises PolicyError for one key twice."""
        logs = tuple(next((line for line in self.logs if line.key == key), LogLine(key)) for key in keys)
        return Policy.parse(replace(self, logs=logs).encode())

    def encode(self) -> bytes:
        """The policy as a file: logs, witnesses, groups, quorum; comments are not kept. `parse` gives this value back."""
        lines = (*self.logs, *self.witnesses, *self.groups, f"quorum {self.quorum}")
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")

    def known_keys(self) -> tuple[VerifierKey, ...]:
        """Every key, of logs first."""
        return (*(line.key for line in self.logs), *self.witness_keys())

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys of one log, in order: several when it has changed keys."""
        return tuple(line.key for line in self.logs if line.key.name == origin)

    def witness_keys(self) -> tuple[VerifierKey, ...]:
        """The keys of every witness, in order."""
        return tuple(line.key for line in self.witnesses)

    @property
    def needed(self) -> int:
        """The fewest witnesses that could satisfy the quorum; 0 for none. So many organisations must have signed."""
        return self._worth(lambda line: 1, lambda group, worths: sum(sorted(worths)[: group.threshold])) or 0

    def judge(self, cosigned: Mapping[str, int], *, origin: str) -> Quorum:
        """How far the witnesses in *cosigned* (`VerifierKey.label` to time) have come for the log *origin*.

        Reached when the standard's quorum holds without the log's own organisation, and the witnesses that it rests on are of as many
        organisations as the fewest witnesses that could satisfy it. A quorum of none is never reached, nor is any by a log whose name
        begins with no plain domain: which witness is its keeper's could be hidden by spelling.
        """
        own = organisation(origin)
        told = is_domain(own)

        def counts(line: WitnessLine) -> bool:
            return told and line.key.label in cosigned and organisation(line.key.name) != own

        holds = self._worth(counts, lambda group, worths: sum(worths) >= group.threshold)
        resting = self._resting()
        signed = {organisation(line.key.name) for line in self.witnesses if line.name in resting and counts(line)}
        needed = self.needed
        return Quorum(bool(holds) and len(signed) >= needed, tuple(sorted(signed)), needed)

    def _worth(self, witness: Callable[[WitnessLine], int], group: Callable[[GroupLine, list[int]], int]) -> int | None:
        """The quorum's worth, from its witnesses up; None for a quorum of none. Groups know earlier names only, so one pass does."""
        worths = {line.name: witness(line) for line in self.witnesses}
        for line in self.groups:
            worths[line.name] = group(line, [worths[name] for name in line.members])
        return worths.get(self.quorum)

    def _resting(self) -> set[str]:
        """The names that the quorum rests on."""
        found = {self.quorum}
        for line in reversed(self.groups):
            if line.name in found:
                found.update(line.members)
        return found


def organisation(name: str) -> str:
    """Whose a key or a log is: its name up to the first ``/``, letters A to Z as small ones, for they are domain names."""
    return name.partition("/")[0].encode().lower().decode()


def is_domain(text: str) -> bool:
    """Whether this is a plain domain in its one spelling: small letters a to z, digits and inner hyphens, between single dots."""
    return len(text) <= 253 and _DOMAIN.fullmatch(text) is not None


def keeper_unknown(origin: str) -> bool:
    """Whether a log's name does not say whose it is: it begins with no plain domain, or with one under ``.invalid`` (RFC 2606), as the
    name of a production that was begun without a domain. Then nobody can tell its keeper's own witness from those of others."""
    own = organisation(origin)
    return not is_domain(own) or f".{own}".endswith(".invalid")


@dataclass
class _Reading:
    """What the lines up to here have said; each further one is held against it. ValueErrors are sentences."""

    logs: list[LogLine] = field(default_factory=list)
    witnesses: list[WitnessLine] = field(default_factory=list)
    groups: list[GroupLine] = field(default_factory=list)
    quorum: str | None = None
    keys: set[bytes | str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def take(self, kind: str, words: list[str]) -> None:
        """Take in one line."""
        if kind == "log" and len(words) in (1, 2):
            self.logs.append(LogLine(self._key(words[0], (ED25519,)), *words[1:]))
        elif kind == "witness" and len(words) in (2, 3):
            key = self._key(words[1], (COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44))
            # One organisation under two spellings would count twice.
            if not is_domain(organisation(key.name)):
                raise ValueError("its key's name begins with no plain domain (a to z, 0 to 9, hyphens, single dots)")
            self.witnesses.append(WitnessLine(self._new(words[0]), key, *words[2:]))
        elif kind == "group" and len(words) >= 3:
            self.groups.append(self._group(words[0], words[1], words[2:]))
        elif kind == "quorum" and len(words) == 1:
            self._quorum(words[0])
        else:
            raise ValueError(
                "it is none of: log KEY [URL], witness NAME KEY [URL], group NAME COUNT MEMBER.., quorum NAME"
            )

    def _key(self, text: str, kinds: tuple[int, ...]) -> VerifierKey:
        try:
            text.encode()
            key = VerifierKey.parse(text)
        except (EdgecodeError, UnicodeEncodeError) as error:
            what = error.sentence if isinstance(error, EdgecodeError) else "its name is not UTF-8"
            raise ValueError(f"its key cannot be used: {what}") from error
        if key.kind not in kinds:
            raise ValueError(f"a key of the kind {key.kind} cannot sign as this")
        # The same public key under another name is the same signer; the same label could not be told apart under a note.
        if key.public in self.keys or key.label in self.keys:
            raise ValueError("its key stands in an earlier line already")
        self.keys |= {key.public, key.label}
        return key

    def _new(self, name: str) -> str:
        if name == NONE or name in self.names:
            raise ValueError(f"the name {name!a} is {'reserved' if name == NONE else 'taken by an earlier line'}")
        self.names.add(name)
        return name

    def _group(self, name: str, count: str, members: list[str]) -> GroupLine:
        for member in members:
            if member not in self.names:
                raise ValueError(f"no earlier line defines {member!a}")
            if member in self.members:
                raise ValueError(f"{member!a} is a member already; each name is one once")
            self.members.add(member)
        number = {"any": "1", "all": str(len(members))}.get(count, count)
        if not _COUNT.fullmatch(number) or int(number) > len(members):
            raise ValueError(f"{count!a} is no count from 1 to the {len(members)} members, nor any, nor all")
        return GroupLine(self._new(name), int(number), tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise ValueError("there is a quorum line already")
        if name != NONE and name not in self.names:
            raise ValueError(f"no earlier line defines {name!a}")
        self.quorum = name
