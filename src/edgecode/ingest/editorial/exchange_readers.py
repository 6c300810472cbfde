"""The cut readers of Final Cut Pro 7 XML, AAF, Pro Tools text exports and IMF playlists, behind `ingest.doors.CutReader`."""

from edgecode.ingest.doors import CutReader
from edgecode.ingest.editorial.aaf import COMPOUND_FILE, read_aaf
from edgecode.ingest.editorial.fcp7 import read_fcp7
from edgecode.ingest.editorial.imf_cpl import read_cpl
from edgecode.ingest.editorial.pro_tools import read_session
from edgecode.ingest.editorial.pro_tools_text import looks_like_session
from edgecode.ingest.editorial.texts import decoded
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate


def _text(head: bytes) -> str:
    return decoded(head)[0].lstrip("\ufeff \t\r\n\0")


class Fcp7Reader:
    """Final Cut Pro 7 XML."""

    name = "fcp7"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """XML whose root is ``xmeml``."""
        text = _text(head)
        return text.startswith("<") and "<xmeml" in text

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_fcp7`: every sequence is a cut."""
        return read_fcp7(data, name=name, rate=rate)


class AafReader:
    """AAF. Reads with a library: whoever may be given a stranger's file wraps it in `drivers.apart.CutsApart`."""

    name = "aaf"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """A compound file that says it is AAF, or is called so: office documents are compound files as well."""
        return head.startswith(COMPOUND_FILE) and (name.lower().endswith(".aaf") or b"AAFB" in head[:64])

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_aaf`: every top-level composition is a cut."""
        return read_aaf(data, name=name, rate=rate)


class ProToolsReader:
    """Session info of Pro Tools as text: the sound cut of a mix."""

    name = "protools"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """Text that begins with the session's name, as the export does."""
        return looks_like_session(head)

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_session`: one session is one cut."""
        return read_session(data, name=name, rate=rate)


class ImfReader:
    """Composition playlists of IMF packages."""

    name = "imf"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """XML whose root is a composition playlist."""
        text = _text(head)
        return text.startswith("<") and "CompositionPlaylist" in text

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_cpl`: one playlist is one cut."""
        return read_cpl(data, name=name, rate=rate)


EXCHANGE: tuple[CutReader, ...] = (Fcp7Reader(), AafReader(), ProToolsReader(), ImfReader())
