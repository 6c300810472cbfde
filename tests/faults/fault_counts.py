"""What a run of the fault suite counts, and the table that is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_EXAMPLES = 5


@dataclass
class Counts:
    """One line of the table: how many states of a kind were tried, and what went wrong in them.

    *lost*: an acknowledgment was lost or contradicted. *corrupt*: the record could not be opened, read or judged sound.
    *accepted*: something forged or outdated was taken for good. *must_fail*: a control that proves that the harness sees.
    """

    name: str
    tried: int = 0
    lost: int = 0
    corrupt: int = 0
    accepted: int = 0
    must_fail: bool = False
    skipped: str = ""
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many states went wrong."""
        return self.lost + self.corrupt + self.accepted

    @property
    def passed(self) -> bool:
        """Nothing went wrong in at least one state; for a control, something did. A skipped one has not failed."""
        return bool(self.skipped) or (self.tried > 0 and (self.wrong > 0) == self.must_fail)

    def add(self, kind: str, example: str = "") -> None:
        """Count one state: *kind* is ``fine``, ``lost``, ``corrupt`` or ``accepted``."""
        self.tried += 1
        if kind != "fine":
            setattr(self, kind, getattr(self, kind) + 1)
            if len(self.examples) < MOST_EXAMPLES:
                self.examples.append(f"{kind}: {example}")

    def __iadd__(self, other: "Counts") -> "Counts":
        for name in ("tried", "lost", "corrupt", "accepted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples = (self.examples + other.examples)[:MOST_EXAMPLES]
        self.seconds += other.seconds
        return self


def table(counts: Iterable[Counts]) -> str:
    """The counts as a Markdown table."""
    rows = ["| tried | states | lost acknowledgments | corruptions | accepted | outcome |", "|---|---|---|---|---|---|"]
    for one in counts:
        if one.skipped:
            rows.append(f"| {one.name} | – | – | – | – | not run: {one.skipped} |")
            continue
        outcome = ("fails, as it must" if one.must_fail else "holds") if one.passed else "**FAILED**"
        rows.append(f"| {one.name} | {one.tried:,} | {one.lost:,} | {one.corrupt:,} | {one.accepted:,} | {outcome} |")
    return "\n".join(rows) + "\n"
