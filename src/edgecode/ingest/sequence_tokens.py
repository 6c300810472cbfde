"""How programs write an image sequence in one path: ``%04d`` ``####`` ``@@@@`` ``$F4`` ``[1001-1020]``, read and printed.

``#`` counts digits as Nuke does (fileseq reads one ``#`` as four). Views stay in the text: ``%V`` is a view's whole name,
``%v`` its first letter.
"""

import re
from enum import StrEnum

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.sequences import MOST_DIGITS, frame_name, taken_apart
from edgecode.terms.places import readable

_TOKEN = re.compile(
    r"%(?:0?(?P<printf>[1-9]))?d|(?P<hashes>#+)|(?P<ats>@+)|\$F(?P<houdini>[1-9]?)|\[(?P<first>-?[0-9]{1,9})-(?P<last>-?[0-9]{1,9})\]"
)


class TokenDialect(StrEnum):
    """Who writes a sequence how."""

    PRINTF = "%04d"
    HASHES = "####"
    ATS = "@@@@"
    HOUDINI = "$F4"
    RANGE = "[1001-1020]"


class SequencePath(Struct, frozen=True):
    """A path with the frame number taken out; *padding* 1 is not padded. *first* and *last* are known in ranges only."""

    before: str
    after: str
    padding: int
    first: int | None = None
    last: int | None = None

    def name(self, frame: int) -> str:
        """The path of one frame."""
        return frame_name(self.before, self.after, frame, padding=self.padding)


def read_token(path: str) -> SequencePath | None:
    """The sequence that *path* names by its last token; None when it holds none."""
    matches = list(_TOKEN.finditer(path))
    if not matches:
        return None
    match = matches[-1]
    before, after = path[: match.start()], path[match.end() :]
    if match["first"] is not None:
        first, last = int(match["first"]), int(match["last"])
        if last < first:
            return None
        return SequencePath(before, after, len(match["first"].lstrip("-")), first, last)
    if match["hashes"] or match["ats"]:
        return SequencePath(before, after, min(len(match["hashes"] or match["ats"]), MOST_DIGITS))
    return SequencePath(before, after, int(match["printf"] or match["houdini"] or 1))


def written(path: SequencePath, dialect: TokenDialect) -> str:
    """*path* in one program's spelling.

    Raises InputError ``sequence.token_unwritable`` where reading it back would give something else: a range without ends, or
    text around the number that looks like a token itself.
    """
    text = f"{path.before}{_token(path, dialect)}{path.after}"
    back = read_token(text)
    if back is None or not _same(path, back, ranged=dialect is TokenDialect.RANGE):
        raise InputError(
            "sequence.token_unwritable",
            f"{readable(text)} would be read as another sequence",
            "Use another way of writing the frame number",
        )
    return text


def _token(path: SequencePath, dialect: TokenDialect) -> str:
    padding = path.padding
    match dialect:
        case TokenDialect.PRINTF:
            return f"%0{padding}d" if padding > 1 else "%d"
        case TokenDialect.HASHES:
            return "#" * padding
        case TokenDialect.ATS:
            return "@" * padding
        case TokenDialect.HOUDINI:
            return f"$F{padding}" if padding > 1 else "$F"
        case TokenDialect.RANGE:
            first, last = path.first, path.last
            if first is None or last is None:
                return ""
            return f"[{frame_name('', '', first, padding=padding)}-{frame_name('', '', last, padding=padding)}]"


def _same(path: SequencePath, back: SequencePath, *, ranged: bool) -> bool:
    if (path.before, path.after) != (back.before, back.after):
        return False
    if not ranged:
        return path.padding == back.padding
    if path.first is None or path.last is None or (path.first, path.last) != (back.first, back.last):
        return False
    # An unpadded 1001-1020 reads back as four digits, which names the same files; 9-11 must not become %02d.
    return all(path.name(frame) == back.name(frame) for frame in {path.first, path.last, max(path.first, 0)})


def with_view(path: str, view: str) -> str:
    """*path* of one view of a stereo or multi-view sequence: ``%V`` its name, ``%v`` its first letter."""
    return path.replace("%V", view).replace("%v", view[:1])


def sequence_key(path: str) -> str:
    """A name with the frame taken out (``a.*.exr``) whether written as a token or as one frame's name; other names unchanged."""
    token = read_token(path)
    if token is not None:
        return f"{token.before}*{token.after}"
    parts = taken_apart(path)
    return path if parts is None else f"{parts.before}*{parts.after}"
