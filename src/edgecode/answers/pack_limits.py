"""What a pack does not prove, in the words that every pack carries."""

LIMITS = (
    "It shows that records existed at a time and are unaltered since. Not that they were true when they were written.",
    "It covers the frames and the sound of this cut. Not rejected takes, other cuts, or what was fed to a model off the record.",
    "A consent is checked as recorded: its scope, its dates, and where it stood at this size of the record. Not that the signature "
    "is genuine, that the signer had authority, or that the contract is valid.",
    "It is not legal advice, and no set of rules brings a film into line with any law.",
    "It does not recognize AI. “Camera” means recorded as camera, with the grade shown.",
    "Times are claimed by whoever recorded them, bounded only by the next witnessed checkpoint or time-stamp.",
    "A match by name and timecode is an inference; a perceptual match is a similarity; an edge code is a pointer.",
    "Witnesses saw one history. They did not see the content, and one organization counts once.",
    "A valid content credential says who signed, not that the claim is right.",
    "Sealed fields were committed to, not read. Declared fields were typed.",
    "Erasure removes what edgecode held. It does not reach trained weights, released copies, or papers kept by others.",
    "Amounts are units and proposals. Residuals are computed by payroll and the guild.",
)
"""Twelve sentences, in this order."""


def limits_text() -> str:
    """The member ``limits.txt``."""
    listed = "".join(f"{number:>2}. {text}\n" for number, text in enumerate(LIMITS, 1))
    return f"WHAT THIS PACK DOES NOT PROVE\n\n{listed}"
