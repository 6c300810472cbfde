"""How well we know: grades of evidence, how a clip was matched, how surely it is seen, and why a frame is unaccounted."""

from enum import StrEnum


class Grade(StrEnum):
    """Who stands behind a claim; the weakest link of a chain is the grade of the chain (order of definition, weakest first)."""

    DECLARED = "declared"
    LOGGED = "logged"
    SIGNED = "signed"
    CORROBORATED = "corroborated"


class ConformMethod(StrEnum):
    """How a clip was matched to a version; order of definition, weakest first. See the ladder in docs/explanation."""

    NONE = "none"
    INFERRED = "inferred"
    DECLARED = "declared"
    ID = "id"
    CONTENT = "content"

    @property
    def grade(self) -> Grade:
        """The highest grade that a match by this method can carry."""
        return Grade.LOGGED if self in (ConformMethod.ID, ConformMethod.CONTENT) else Grade.DECLARED


class Visibility(StrEnum):
    """Whether a clip is on screen: certain and possible count, hidden is listed only."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    HIDDEN = "hidden"


class Reason(StrEnum):
    """Why a frame is unaccounted. The order is the order in which one is printed when several hold."""

    NO_MATCH = "no-match"
    AMBIGUOUS = "ambiguous"
    OFFLINE_MEDIA = "offline-media"
    RANGE_OUTSIDE = "range-outside"
    NO_STEP = "no-step"
    DANGLING_PARENT = "dangling-parent"
    VENDOR_OPEN = "vendor-open"

    @property
    def question(self) -> str:
        """The question that would settle it."""
        return _QUESTIONS[self]


_QUESTIONS = {
    Reason.NO_MATCH: "Which file is this?",
    Reason.AMBIGUOUS: "Which of these versions is it?",
    Reason.OFFLINE_MEDIA: "Where is the media?",
    Reason.RANGE_OUTSIDE: "Is there a longer render?",
    Reason.NO_STEP: "Who or what made it?",
    Reason.DANGLING_PARENT: "Where is this input?",
    Reason.VENDOR_OPEN: "Which frames did the vendor return, and how were they made?",
}


class AiUse(StrEnum):
    """What a generative or trained model did to a frame; the strongest of its steps (see docs/explanation, what counts)."""

    NONE = "none"
    ASSISTIVE = "assistive"
    UNKNOWN = "unknown"
    GENERATIVE = "generative"
