"""Findings that say one thing of one person, together: what a terminal shows of a cut in which a rule speaks of two thousand clips."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from edgecode.answers.check.answer import CheckFinding, FindingAnswerLine, Instance

WHO = {"erased": "somebody erased", "unknown": "somebody unknown"}
"""Who it is about where there is no alias."""


class Group(Struct, frozen=True):
    """Findings of one rule about one person, or about nobody, with one verdict and one answer; never empty, in the order of the cut."""

    findings: tuple[CheckFinding, ...]

    @property
    def first(self) -> CheckFinding:
        """The finding that stands for what is the same in all of them."""
        return self.findings[0]

    @property
    def who(self) -> str:
        """The person's alias; "" for nobody."""
        return self.first.person or WHO.get(self.first.person_state, "")

    @property
    def places(self) -> list[tuple[CheckFinding, Instance]]:
        """Every place of every finding, in the order of the cut."""
        found = [(one, place) for one in self.findings for place in one.spans]
        return sorted(found, key=lambda pair: (pair[1].in_, pair[1].out, pair[1].track))

    @property
    def frames(self) -> int:
        """Frames of all places, each counted once."""
        total, reached = 0, -1
        for _, place in self.places:
            total += max(0, place.out - max(place.in_, reached))
            reached = max(reached, place.out)
        return total

    @property
    def reasons(self) -> list[str]:
        """What the findings say, each sentence once; of several without the name of the clip, which stands with its place."""
        if len(self.findings) == 1:
            return [self.first.description or self.first.title]
        said = ((one.description or one.title).removeprefix(f"{one.clip}: ") for one in self.findings)
        return list(dict.fromkeys(said))


def grouped(findings: Iterable[CheckFinding]) -> list[Group]:
    """Groups in the order in which the first of each comes."""
    found: dict[tuple[str, ...], list[CheckFinding]] = {}
    for one in findings:
        what = (one.held, one.pack, one.rule, one.severity, one.verdict)
        key = (*what, one.person, WHO.get(one.person_state, ""), answer_words(one.answer))
        found.setdefault(key, []).append(one)
    return [Group(tuple(several)) for several in found.values()]


def each_alone(findings: Sequence[CheckFinding]) -> list[Group]:
    """Every finding as a group of its own."""
    return [Group((one,)) for one in findings]


def answer_words(answer: FindingAnswerLine) -> str:
    """What was answered, in words."""
    if answer.action is None:
        return "open"
    until = f" until {answer.until}" if answer.until else ""
    who = f"{answer.action} by {answer.by or 'somebody'} ({answer.role}){until}"
    return who if answer.state == answer.action else f"{answer.state}: {who}"
