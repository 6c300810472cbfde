"""What a hold may keep of a person although erasure was asked: data with its source, how well it is known, and who checked it.

Not legal advice: a transcription for product design that no lawyer has checked. A production that is advised otherwise places
no hold, or a shorter one. A rule here only ever limits what a hold may keep; it never claims that keeping it is right.
"""

from msgspec import Struct

from edgecode.events.person_kinds import HoldReason, PersonalClass


class RetentionRule(Struct, frozen=True):
    """*keeps*: the classes at most. *confidence*: of the reading of *source*: high, medium or low. *checked_by* "": nobody yet."""

    keeps: frozenset[PersonalClass]
    source: str
    confidence: str
    why: str
    checked_by: str = ""


_ART_17_3_E = "Regulation (EU) 2016/679 article 17(3)(e): establishment, exercise or defence of legal claims"

RETENTION: dict[HoldReason, RetentionRule] = {
    "legal-hold": RetentionRule(
        frozenset({"identity", "contact", "likeness", "session", "agreement", "claim", "other"}),
        _ART_17_3_E + "; 17(3)(b): a legal obligation",
        "medium",
        "a court, an authority or counsel asked for it, so any class may be evidence; biometric sources for the shortest time",
    ),
    "dispute": RetentionRule(
        frozenset({"identity", "session", "agreement", "claim", "other"}),
        _ART_17_3_E,
        "medium",
        "papers of what was agreed, done and claimed; a scan or a voice is not needed to argue about them",
    ),
    "unpaid-statement": RetentionRule(
        frozenset({"identity", "contact", "agreement", "claim"}),
        _ART_17_3_E + "; bookkeeping duties differ by country",
        "low",
        "who is owed what, by which agreement, and where to send it",
    ),
}
"""What each reason for a hold keeps at most. Sources as in consent.md 4.5, read at second hand; never verified by counsel."""


def may_keep(why: HoldReason) -> frozenset[PersonalClass]:
    """The classes that a hold for this reason may keep."""
    return RETENTION[why].keeps
