"""References that other programs keep of versions and of places: what they look like, both ways (docs/decisions/0021-asset-door.md)."""

from edgecode.errors import InputError
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.places import Place

PREFIX = "edgecode://"
_VERSION, _FILE = f"{PREFIX}version/", f"{PREFIX}file/"


def reference_to_version(version: RecordId) -> str:
    """What pins a version."""
    return f"{_VERSION}{version}"


def reference_to_place(place: Place) -> str:
    """What means whatever stands at a place."""
    return f"{_FILE}{place.root}/{place.path}"


def read_reference(written: str) -> RecordId | Place | None:
    """The version or the place that a reference means, its text for people left out; None for what is no reference at all.

    Raises InputError ``asset.reference`` for half a one.
    """
    if not written.startswith(PREFIX):
        return None
    if written.startswith(_VERSION):
        version = written.removeprefix(_VERSION)
        if not is_record_id(version):
            raise _malformed()
        return version
    root, _, path = written.removeprefix(_FILE).partition("/")
    parts = path.split("/")
    is_whole = written.startswith(_FILE) and root and path and not {"", ".", ".."} & set(parts)
    if not is_whole or path.count("*") > 1 or "*" in "/".join(parts[:-1]):
        raise _malformed()
    return Place(root, path, "")


def _malformed() -> InputError:
    return InputError(
        "asset.reference",
        "that is no whole reference",
        "References read edgecode://version/ID or edgecode://file/ROOT/PATH, with * for the frame number",
    )
