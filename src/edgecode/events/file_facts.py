"""What a file's header says, whole, and how an event keeps it: numbers plain in `fact`, words sealed in `recipe`."""

import re

from edgecode.events.kinds import HeaderWords, MediaFacts, MediaNumbers

_TIMECODE = re.compile(r"\d{1,3}[:;.,]\d{2}[:;.,]\d{2}[:;.,]\d{2,3}")


class FileFacts(MediaNumbers, frozen=True):
    """Everything that a file's own header says of it: the numbers of `MediaNumbers` and the words of `HeaderWords`."""

    reel: str = ""
    camera: str = ""
    software: str = ""
    header_key: str = ""
    header: dict[str, str] = {}


def in_sections(facts: FileFacts) -> tuple[MediaFacts, HeaderWords | None]:
    """What an event says plainly, and what it seals; None when there are no words. A start label that is no timecode is words."""
    numbers = {name: getattr(facts, name) for name in MediaFacts.__struct_fields__}
    label = facts.start_label
    if not _TIMECODE.fullmatch(label):
        numbers["start_label"] = ""
    words = HeaderWords(
        reel=facts.reel,
        camera=facts.camera,
        software=facts.software,
        header_key=facts.header_key,
        header=facts.header,
        start_label="" if numbers["start_label"] else label,
    )
    return MediaFacts(**numbers), words if words != HeaderWords() else None


def out_of_sections(media: MediaFacts, words: HeaderWords | None) -> FileFacts:
    """The whole again, without the words where these were erased or are sealed."""
    numbers = {name: getattr(media, name) for name in MediaFacts.__struct_fields__}
    said = words or HeaderWords()
    return FileFacts(
        **{**numbers, "start_label": media.start_label or said.start_label},
        reel=said.reel,
        camera=said.camera,
        software=said.software,
        header_key=said.header_key,
        header=said.header,
    )
