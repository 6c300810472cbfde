"""The cut readers that ship, behind the one protocol `ingest.doors.CutReader`, in the order in which they are asked."""

from edgecode.ingest.doors import CutReader
from edgecode.ingest.editorial.edl import read_edl
from edgecode.ingest.editorial.edl_lines import looks_like_edl
from edgecode.ingest.editorial.exchange_readers import EXCHANGE
from edgecode.ingest.editorial.fcpxml import read_fcpxml
from edgecode.ingest.editorial.otio import read_otio
from edgecode.ingest.editorial.texts import decoded
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate

BINARY_HEADS = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x89PNG", b"\x76\x2f\x31\x01", b"RIFF", b"\x06\x00Domain")
"""How files begin that are no text: compound files (AAF), archives, pictures, sound."""


def text_of_head(head: bytes) -> str:
    """The beginning of a text file without what may stand before its first sign."""
    return decoded(head)[0].lstrip("\ufeff \t\r\n\0")


class OtioReader:
    """OpenTimelineIO as JSON."""

    name = "otio"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """JSON that says a schema of OTIO, or is called ``.otio``."""
        text = text_of_head(head)
        return text.startswith(("{", "[")) and ('"OTIO_SCHEMA"' in text or name.lower().endswith(".otio"))

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_otio`."""
        return read_otio(data, name=name, rate=rate)


class FcpxmlReader:
    """Final Cut Pro XML, alone or out of a bundle."""

    name = "fcpxml"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """XML whose root is ``fcpxml``, or that is called ``.fcpxml`` or ``.fcpxmld``."""
        text = text_of_head(head)
        if not text.startswith("<"):
            return False
        return "<fcpxml" in text or name.lower().endswith((".fcpxml", ".fcpxmld"))

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_fcpxml`: every project is a cut."""
        return read_fcpxml(data, name=name, rate=rate)


class EdlReader:
    """Edit decision lists of the CMX 3600 family."""

    name = "edl"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """Text that holds an event or starts as a list does; a list with a long preface must be called ``.edl``."""
        if head.startswith(BINARY_HEADS) or text_of_head(head).startswith(("<", "{", "[")):
            return False
        return name.lower().endswith(".edl") or looks_like_edl(head)

    def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
        """As `read_edl`: one list is one cut."""
        return [read_edl(data, name=name, rate=rate)]


SHIPPED: tuple[CutReader, ...] = (OtioReader(), FcpxmlReader(), *EXCHANGE, EdlReader())
"""EDL last: any text may hold a line that looks like an event."""
