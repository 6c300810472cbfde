"""Words of open texts that rules that ship compare with: a slip in one of them would switch these rules off without a word."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from edgecode.errors import InputError
from edgecode.terms.rights import FactValue

KNOWN: Mapping[str, tuple[str, ...]] = {
    "production.buyer": ("none", "netflix", "bbc"),
    "production.awards": ("academy-99",),
}
"""By fact, everything that a pack that ships compares it with, and what says that there is none."""

_ALIKE = 0.8
"""`SequenceMatcher.ratio` from which one word is taken for a slip in another. Our own choice: netflx is, nbc and bbc are not."""


def refuse_slips(name: str, value: FactValue) -> None:
    """Raises InputError ``facts.value`` for a value that is nearly a known word; the message repeats the known one only."""
    for word in _words(value):
        near = next((known for known in KNOWN.get(name, ()) if word != known and _is_slip(word, known)), None)
        if near is not None:
            raise InputError("facts.value", f"{name} is nearly {near}, which rules ask for", f"Write it so: {near}")


def settled(profile: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """A profile whose known words are written as rules write them, whatever their capitals, spaces and hyphens."""
    return {name: _settled(name, value) if name in KNOWN else value for name, value in profile.items()}


def _settled(name: str, value: FactValue) -> FactValue:
    written = tuple(
        next((known for known in KNOWN[name] if _bare(known) == _bare(word)), word) for word in _words(value)
    )
    return written if isinstance(value, tuple) else written[0] if written else value


def _words(value: FactValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _is_slip(word: str, known: str) -> bool:
    one, other = _bare(word), _bare(known)
    if one == other:
        return True
    # Another number is another campaign, not a slip.
    if _letters(one) == _letters(other):
        return False
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _bare(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())


def _letters(word: str) -> str:
    return "".join(character for character in word if not character.isdigit())
