"""Text of cut files as people wrote it: encodings met in the trade, and strings that can always be recorded."""

import codecs

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding that was taken: UTF-8 or UTF-16 (marked or evident), else Windows-1252 or Latin-1."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    head = data[:4096]
    # Text in Latin letters has a zero in every other byte of UTF-16; padding after the text has them at the end only.
    if len(head) > 3 and head[1::2].count(0) > len(head[1::2]) * 0.9 and not head[0::2].count(0):
        return data.decode("utf-16-le", "replace"), "utf-16-le"
    if len(head) > 3 and head[0::2].count(0) > len(head[0::2]) * 0.9 and not head[1::2].count(0):
        return data.decode("utf-16-be", "replace"), "utf-16-be"
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def recordable(text: str) -> str:
    """*text* without what no record can hold: lone surrogates become question marks, zeros go."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
