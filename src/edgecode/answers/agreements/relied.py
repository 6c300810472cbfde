"""Which consents and licenses what is on screen relies on, by label: of those on file the nearest for each use, covering it or not."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.releases import ReleaseNote, note_text


class Relied(Struct, frozen=True, order=True):
    """An agreement on file that comes nearest for a use. *use*: its kind; *person*: whose consent, "" for a license. *covers* ``unknown``
    where nobody can tell, and yes for what was made while it stood; *state*: how it stands today, ``unknown`` where only its keeper knows.
    It is a hint, `edgecode check` judges. *released*: legal released this use of what was lost."""

    agreement: str
    covers: str
    use: str
    person: str = ""
    state: str = "active"
    released: ReleaseNote | None = None


RelyingOn = Callable[[CutView, int, int, int], tuple[Relied, ...]]
"""What frames from the one number to the other of a clip (by its number) of a cut rely on."""


def relied_text(relied: Iterable[Relied]) -> str:
    """``C-01 (revoked), C-02 (does not cover replica_use), L-03 (perhaps covers licensed_material)``; "" for none."""
    words: dict[str, list[str]] = {}
    for one in relied:
        lacks = {"yes": "", "no": f"does not cover {one.use}"}.get(one.covers, f"perhaps covers {one.use}")
        listed = words.setdefault(one.agreement, [one.state] if one.state not in ("active", "unknown") else [])
        released = note_text(one.released) if one.released is not None else ""
        listed += [text for text in dict.fromkeys((lacks, released)) if text and text not in listed]
    return ", ".join(f"{label} ({'; '.join(lacks)})" if lacks else label for label, lacks in words.items())
