"""What a pack does not prove, in the words that packs of each kind carry."""

from collections.abc import Mapping
from typing import Literal

PackKind = Literal["cut", "erasure", "disclosure"]

_OF_RECORDS = (
    "It shows that records existed at a time and are unaltered since. Not that they were true when they were written."
)
_OF_TIMES = "Times are claimed by whoever recorded them, bounded only by the next witnessed checkpoint or time-stamp."
_OF_WITNESSES = "Witnesses saw one history. They did not see the content, and one organization counts once."
_OF_LAW = "It is not legal advice, and no set of rules brings a film into line with any law."
_OF_SECTIONS = "Sealed fields were committed to, not read. Declared fields were typed."
_OF_ERASURE = (
    "Erasure removes what edgecode held. It does not reach trained weights, released copies, or papers kept by others."
)

LIMITS = (
    _OF_RECORDS,
    "It covers the frames and the sound of this cut. Not rejected takes, other cuts, or what was fed to a model off the record.",
    "A consent is checked as recorded: its scope, its dates, and where it stood at this size of the record. Not that the signature "
    "is genuine, that the signer had authority, or that the contract is valid.",
    _OF_LAW,
    "It does not recognize AI. “Camera” means recorded as camera, with the grade shown.",
    _OF_TIMES,
    "A match by name and timecode is an inference; a perceptual match is a similarity; an edge code is a pointer.",
    _OF_WITNESSES,
    "A valid content credential says who signed, not that the claim is right.",
    _OF_SECTIONS,
    _OF_ERASURE,
    "Amounts are units and proposals. Residuals are computed by payroll and the guild.",
)
"""Of a pack about a cut: twelve sentences, in this order."""

LIMITS_OF: Mapping[PackKind, tuple[str, ...]] = {
    "cut": LIMITS,
    "erasure": (
        "It shows that the record states this erasure, and that the entries it names still stand with the commitments they always had. "
        "That the bytes are gone is the keeper's statement: nothing can prove that somebody has no copy.",
        _OF_ERASURE,
        "Files of media lie where they lay: it does not delete a scan, a voice or a capture from a disk.",
        "Copies of the databases from before, and what a database keeps by itself for a while, are not reached. Without the destroyed "
        "keys nobody reads the sealed sections in them; a copy of those keys reads them.",
        "Names that cuts, steps and people used for other things stay: a path in a cut, a model's name in a recipe.",
        "It covers what was noted as this person's. Edgecode recognizes nobody, and finds nothing that nobody noted.",
        "That there were these events, of which kinds and when, and that somebody was depicted, stays and is no secret.",
        "The ground, who asked and how their right was checked are the keeper's words. Not that the ground applies.",
        _OF_TIMES,
        _OF_WITNESSES,
        _OF_LAW,
    ),
    "disclosure": (
        _OF_RECORDS,
        "It opens what it names and nothing else: one section, or what was noted of one person. Not what other sections say, and not "
        "that they say nothing more of the matter.",
        "It was made for one reader. What was opened cannot be sealed again, and nothing shows who else has read it.",
        "An opened section is what its entry was committed to when it was recorded. Declared fields were typed.",
        "A person's own record holds what was noted as theirs. Edgecode recognizes nobody, and finds nothing that nobody noted.",
        _OF_TIMES,
        _OF_WITNESSES,
        _OF_LAW,
    ),
}
"""For each kind of pack its sentences, in this order."""


def limits_text(kind: PackKind) -> str:
    """The member ``limits.txt`` of a pack of this kind."""
    listed = "".join(f"{number:>2}. {text}\n" for number, text in enumerate(LIMITS_OF[kind], 1))
    return f"WHAT THIS PACK DOES NOT PROVE\n\n{listed}"
