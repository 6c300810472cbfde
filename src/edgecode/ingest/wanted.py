"""Which files a cut is likely to use, so that a scan reads those first. It orders the work and decides nothing."""

from collections.abc import Iterable

from msgspec import Struct

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.sequence_tokens import sequence_key
from edgecode.terms.cuts import Clip
from edgecode.terms.places import Place, readable


class Wanted(Struct, frozen=True):
    """File names (frames taken out, folded to lower case, with and without suffix) and source reels that a cut names."""

    names: frozenset[str] = frozenset()
    reels: frozenset[str] = frozenset()

    @classmethod
    def of_clips(cls, clips: Iterable[Clip]) -> "Wanted":
        """What the clips of a cut name: targets, file names, clip names, reels, sequence parts."""
        names: set[str] = set()
        reels: set[str] = set()
        for clip in clips:
            media = clip.media
            for written in (*media.targets, *media.names, clip.name):
                names |= _keys(written)
            if media.sequence_prefix:
                names |= _keys(f"{media.sequence_prefix}%04d{media.sequence_suffix}")
            reels |= {reel.casefold() for reel in (media.reel, media.reel_full) if reel}
        return cls(frozenset(names - {""}), frozenset(reels))

    def matches(self, place: Place, facts: FileFacts | None) -> bool:
        """Whether the file at *place* looks like something the cut uses; a false yes costs order only."""
        if facts is not None and facts.reel and facts.reel.casefold() in self.reels:
            return True
        keys = _keys(place.name.replace("#", "*") if "*" in place.path else place.name)
        if not keys.isdisjoint(self.names):
            return True
        stem = _stem(readable(place.name).casefold())
        return any(stem.startswith(reel) for reel in self.reels if len(reel) > 3)


def _keys(written: str) -> set[str]:
    name = sequence_key(written.replace("\\", "/").rpartition("/")[2]).casefold()
    return {name, _stem(name)}


def _stem(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return stem.removesuffix("*").rstrip("._- ")
