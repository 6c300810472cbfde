"""Judging what lies beside the log: whether each section opens the commitment in its leaf, and what state it is in."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from edgecode.errors import InvalidError
from edgecode.events.codec import Leaf, commitment_holds
from edgecode.events.sealed import SealedSection
from edgecode.ledger.verify import Finding, Verdict

Opener = Callable[[Leaf, SealedSection], bytes | None]
"""The plain bytes of a sealed section; None without its key. Raises InvalidError for a ciphertext that its key does not open."""


@dataclass
class SectionJudge:
    """Judges sections entry by entry; *states* counts them as open, sealed (no key here), erased, unerased, missing or wrong.

    *opener*: None when the verifier holds no keys; then sealed sections are counted as sealed. With an opener, a key that it lacks and
    that was not destroyed on purpose (*is_destroyed*) is a finding, since nobody can tell what was sealed with it.
    *erased*: (entry, section) pairs that erasure events cover; such a section may be absent, and one that is there is a finding.
    """

    opener: Opener | None = None
    is_destroyed: Callable[[str], bool] = lambda key_id: False
    erased: Collection[tuple[int, str]] = ()
    states: Counter[str] = field(default_factory=Counter)
    absent_keys: Counter[str] = field(default_factory=Counter)

    def judge(self, index: int, leaf: Leaf, sections: Sequence[SealedSection]) -> Iterator[Finding]:
        """The findings of one entry's sections."""
        rows = {section.name: section for section in sections}
        for name, committed in leaf.commitments.items():
            state, finding = self._one(index, leaf, name, rows.pop(name, None), committed)
            self.states[state] += 1
            if finding is not None:
                yield finding
        for name in rows:
            yield Finding("section.uncommitted", f"section {name} of entry {index}", "its entry does not commit to it")

    def missing_keys(self) -> Iterator[Finding]:
        """One finding for each key that is not there although sections are sealed with it."""
        for key_id, count in self.absent_keys.items():
            # A subject's ref is personal data: it is said that a person's key is missing, not whose.
            thing = "key of a person" if key_id.startswith("s:") else f"key {key_id}"
            what = f"not there, so {count} sealed with it cannot be judged"
            yield Finding("key.missing", thing, what, Verdict.UNVERIFIABLE)

    def _one(
        self, index: int, leaf: Leaf, name: str, section: SealedSection | None, committed: str
    ) -> tuple[str, Finding | None]:
        thing = f"section {name} of entry {index}"
        if section is None:
            if (index, name) in self.erased:
                return "erased", None
            return "missing", Finding(
                "section.missing", thing, "not there, and no erasure covers it", Verdict.UNVERIFIABLE
            )
        if (index, name) in self.erased:
            what = "still there, although an erasure covers it; opening the production carries the erasure on"
            # It can be judged, and is not what the record says: no case of what nobody can tell.
            return "unerased", Finding("erasure.unfinished", thing, what)
        plain: bytes | None = section.data
        if section.key_id:
            if self.opener is None:
                return "sealed", None
            try:
                plain = self.opener(leaf, section)
            except InvalidError:
                return "wrong", Finding("section.unopened", thing, "its key does not open it")
            if plain is None:
                return self._without_key(section.key_id), None
        if commitment_holds(section.salt, plain or b"", committed):
            return "open", None
        what = (
            "the salt does not open the commitment" if section.key_id else "bytes and salt do not open the commitment"
        )
        return "wrong", Finding("section.commitment", thing, what)

    def _without_key(self, key_id: str) -> str:
        if self.is_destroyed(key_id):
            return "erased"
        self.absent_keys[key_id] += 1
        return "sealed"
