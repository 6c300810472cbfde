"""Whether what a use needs lies inside the scope of an agreement: one answer for each dimension, with a sentence and its values.

Three-valued (consent.md 3.9): what the scope or the use leaves unsaid is unknown, never outside and never inside. A dimension that a use
of this kind does not need at all is needed as ``()``.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import ceil
from typing import Literal, get_args

from msgspec import Struct

from edgecode.checks.rules.territories import EU_MEMBERS, US_STATES
from edgecode.terms.rights import ALL, Prohibited, Scope, Training, Words

Answer = Literal["inside", "outside", "unknown"]
Shown = Literal["picture", "sound", "both", ""]
Dimension = Literal[
    "works",
    "roles",
    "scenes",
    "languages",
    "territories",
    "media",
    "modalities",
    "window",
    "maxima",
    "prohibited",
    "tools",
    "training",
]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

PROHIBITED_FACTS: Mapping[Prohibited, str] = {
    "nudity": "use.nude_or_sex",
    "simulated_sex": "use.nude_or_sex",
    "violence": "use.violence",
    "drugs": "use.drugs",
    "political": "use.political",
    "endorsement": "use.endorsement",
    "religion": "use.religion",
    "defamatory": "use.defamatory",
    "other": "use.otherwise_prohibited",
}
"""The classification that says whether a use holds what an agreement prohibits. ``True`` is not told apart within one fact."""

_FREE_WORDS: frozenset[Dimension] = frozenset({"works", "roles", "scenes", "tools"})
"""Dimensions whose words people make up, so that they may name somebody: part of the sealed terms, printed with --reveal only."""

_VISUAL = frozenset({"face", "full_body"})
_AUDIBLE = frozenset({"voice", "singing_voice"})
"""What a picture and a sound show of somebody where nobody said more; movements and traits are used by somebody who says so."""
_TRAINED: Mapping[Training, frozenset[Training]] = {
    "none": frozenset({"none"}),
    "this_production_only": frozenset({"none", "this_production_only"}),
    "named_model": frozenset({"none", "named_model"}),
    "general": frozenset({"none", "this_production_only", "named_model", "general"}),
}
"""Which training each word of a scope allows."""


class Match(Struct, frozen=True):
    """One dimension. *say*: a sentence that names what is asked and what the scope has."""

    dimension: Dimension
    answer: Answer
    say: str


class ScopeMatch(Struct, frozen=True):
    """Every dimension, in the order of `DIMENSIONS`. *begins*, *ends*: the two sides of its window."""

    parts: tuple[Match, ...]
    begins: Answer = "unknown"
    ends: Answer = "unknown"

    @property
    def answer(self) -> Answer:
        """Outside when any dimension is, else unknown when any is, else inside."""
        found = {part.answer for part in self.parts}
        return "outside" if "outside" in found else "unknown" if "unknown" in found else "inside"

    def of(self, dimension: Dimension) -> Match:
        """The answer for one dimension."""
        return next(part for part in self.parts if part.dimension == dimension)

    @property
    def sentences(self) -> list[str]:
        """What speaks against it, then what is not known."""
        return [part.say for wanted in ("outside", "unknown") for part in self.parts if part.answer == wanted]


def match_scope(
    scope: Scope,
    needs: Scope,
    *,
    quantities: Mapping[str, int | Fraction],
    content: Mapping[str, bool] | None = None,
    shown: Shown = "",
) -> ScopeMatch:
    """Hold what a use needs against a scope.

    *needs*: None: nobody knows what is needed; ``()``: nothing. Its *since* and *until* are the first and last day of the use, "" unknown;
    its *training* is what is trained, ``none`` for nothing. *quantities*: sums over **all** uses that rest on the agreement, by the names
    that maxima have; what is missing is unknown. *content*: classification facts (`PROHIBITED_FACTS`) that somebody determined. *shown*:
    what a use shows whose modalities nobody named: a picture face and body, a sound voice and singing.
    """
    parts = (
        _words("works", scope.works, needs.works),
        _words("roles", scope.roles, needs.roles),
        _words("scenes", scope.scenes, needs.scenes),
        _words("languages", scope.languages, needs.languages, covers=_speaks),
        _words("territories", scope.territories, needs.territories, covers=_reaches),
        _words("media", scope.media, needs.media),
        _modalities(scope.modalities, needs.modalities, shown),
        _window(scope, needs),
        _maxima(scope.maxima, quantities),
        _prohibited(scope.prohibited, content or {}),
        _words("tools", scope.tools, needs.tools),
        _training(scope.training, needs.training),
    )
    return ScopeMatch(parts, _begins(scope.since, needs.since)[0], _ends(scope.until, needs.until)[0])


def _words(
    dimension: Dimension,
    has: Words,
    needed: Words,
    *,
    covers: Callable[[frozenset[str], str], bool] | None = None,
) -> Match:
    known = frozenset(word.casefold() for word in has or ())
    covers = covers or _holds
    if needed == ():
        return Match(dimension, "inside", f"needs no {dimension}")
    if has is not None and ALL in has:
        return Match(dimension, "inside", f"covers all {dimension}")
    if has is None:
        return Match(dimension, "unknown", f"nobody said which {dimension} it covers (needs {_list(needed)})")
    if needed is None:
        if not has:
            return Match(dimension, "unknown", f"covers no {dimension}, and nobody said which the use needs")
        return Match(dimension, "unknown", f"nobody said which {dimension} the use needs (has {_held(dimension, has)})")
    lacking = [word for word in needed if word == ALL or not covers(known, word.casefold())]
    if lacking:
        return Match(
            dimension, "outside", f"does not cover the {dimension} {_list(lacking)} (has {_held(dimension, has)})"
        )
    return Match(dimension, "inside", f"covers the {dimension} {_list(needed)} (has {_held(dimension, has)})")


def _held(dimension: Dimension, has: Words) -> str:
    """What a scope has, for a sentence that anybody may read: words of a vocabulary, of free words only how many."""
    return f"{len(has)} named, sealed" if dimension in _FREE_WORDS and has and ALL not in has else _list(has)


def _holds(has: frozenset[str], word: str) -> bool:
    return word in has


def _speaks(has: frozenset[str], language: str) -> bool:
    """BCP 47: a language covers its regional forms, a regional form covers itself alone (RFC 4647 3.3.1, basic filtering)."""
    parts = language.split("-")
    return any("-".join(parts[:length]) in has for length in range(1, len(parts) + 1))


_EU = frozenset(member.casefold() for member in EU_MEMBERS)
_STATES = frozenset(f"us-{state.casefold()}" for state in US_STATES)


def _reaches(has: frozenset[str], territory: str) -> bool:
    """A country covers its parts, ``EU`` its members; all parts or members together cover the whole."""
    if territory in has or territory.partition("-")[0] in has:
        return True
    if territory == "eu":
        return has >= _EU
    if territory == "us":
        return has >= _STATES
    country = territory.partition("-")[0]
    return country in _EU and "eu" in has


def _modalities(has: Words, needed: Words, shown: Shown) -> Match:
    if needed is not None or not shown:
        return _words("modalities", has, needed)
    kin = {"picture": _VISUAL, "sound": _AUDIBLE, "both": _VISUAL | _AUDIBLE}[shown]
    if has is None or ALL in has:
        return _words("modalities", has, None)
    held = kin & set(has)
    if held == kin:
        return Match("modalities", "inside", f"covers the modalities {_list(sorted(kin))} (has {_list(has)})")
    say = f"nobody said which modalities the use needs, {_list(sorted(kin))} or others (has {_list(has)})"
    return Match("modalities", "unknown" if held else "outside", say)


def _window(scope: Scope, needs: Scope) -> Match:
    parts = [_begins(scope.since, needs.since), _ends(scope.until, needs.until)]
    for answer in ("outside", "unknown"):
        for found, say in parts:
            if found == answer:
                return Match("window", found, say)
    return Match("window", "inside", "; ".join(say for _, say in parts))


def _begins(has: str, needed: str) -> tuple[Answer, str]:
    if not has:
        return "unknown", f"nobody said from when it is (needs {needed or 'an unknown day'})"
    if not needed:
        return "unknown", f"nobody said when the use begins (it is from {has})"
    if has <= needed:
        return "inside", f"has begun on {needed} (it is from {has})"
    return "outside", f"has not begun on {needed} (it is from {has})"


def _ends(has: str, needed: str) -> tuple[Answer, str]:
    if has == ALL:
        return "inside", "has no end"
    if not has:
        return "unknown", f"nobody said until when it is (needs {needed or 'an unknown day'})"
    if not needed:
        return "unknown", f"nobody said when the use ends (it is until {has})"
    if needed != ALL and needed <= has:
        return "inside", f"lasts until {needed} (it is until {has})"
    return "outside", f"does not last until {'the end of time' if needed == ALL else needed} (it is until {has})"


def _maxima(has: Mapping[str, int], quantities: Mapping[str, int | Fraction]) -> Match:
    over = [
        f"{_amount(quantities[name])} {name} of {most}"
        for name, most in sorted(has.items())
        if quantities.get(name, 0) > most
    ]
    open_ = [f"{name} (at most {most})" for name, most in sorted(has.items()) if name not in quantities]
    if over:
        return Match("maxima", "outside", f"is used for more than it allows: {', '.join(over)}")
    if open_:
        return Match("maxima", "unknown", f"nobody counted {', '.join(open_)}")
    within = [f"{_amount(quantities[name])} {name} of {most}" for name, most in sorted(has.items())]
    return Match(
        "maxima", "inside", f"is used within its maxima: {', '.join(within)}" if within else "names no maximum"
    )


def _amount(number: int | Fraction) -> str:
    """Whole, or with one or two places, rounded up, so that more than the most never reads as the most."""
    hundredths = ceil(number * 100)
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)


def _prohibited(has: Words, content: Mapping[str, bool]) -> Match:
    if has is None:
        return Match("prohibited", "unknown", "nobody said what it must not be used for")
    words = get_args(Prohibited) if ALL in has else has
    held = [word for word in words if content.get(_fact_of(word)) is True]
    undecided = [word for word in words if _fact_of(word) not in content]
    if held:
        return Match(
            "prohibited", "outside", f"must not be used for {_list(held)}, and nobody told these apart from this use"
        )
    if undecided:
        return Match("prohibited", "unknown", f"nobody decided whether this is {_list(undecided)}, which it prohibits")
    return Match("prohibited", "inside", f"prohibits nothing that this is (prohibits {_list(words)})")


def _fact_of(word: str) -> str:
    return next((fact for named, fact in PROHIBITED_FACTS.items() if named == word), "")


def _training(has: Training | None, needed: Training | None) -> Match:
    if needed == "none":
        return Match("training", "inside", "nothing is trained")
    if has is None:
        return Match("training", "unknown", "nobody said what may be trained on it")
    if has == "general":
        return Match("training", "inside", "allows training of any model")
    if needed is None:
        answer: Answer = "outside" if has == "none" else "unknown"
        return Match("training", answer, f"allows training: {has}; nobody said what the trained model is for")
    if has == "named_model" and needed == "this_production_only":
        return Match(
            "training", "unknown", "allows the training of one named model; nobody said whether it is this one"
        )
    answer = "inside" if needed in _TRAINED[has] else "outside"
    verb = "allows" if answer == "inside" else "does not allow"
    return Match("training", answer, f"{verb} the training {needed} (has {has})")


def kin_of(shown: Shown) -> tuple[frozenset[str], ...]:
    """What a picture, a sound or both show of somebody, of each medium apart; () where nobody knows which it is."""
    kin: Mapping[Shown, tuple[frozenset[str], ...]] = {
        "picture": (_VISUAL,),
        "sound": (_AUDIBLE,),
        "both": (_VISUAL, _AUDIBLE),
    }
    return kin.get(shown, ())


def _list(words: Iterable[str] | None) -> str:
    if words is None:
        return "an unknown one"
    return ", ".join("all" if word == ALL else word for word in words) or "none"
