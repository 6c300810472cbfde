"""An S3-compatible bucket as a shelf of static files, through obstore (extra `s3`). What it promises: `ledger.publishing.Shelf`.

A put into a bucket is whole or not at all, and there when it is answered. The checkpoint is replaced only as the object that was read
(If-Match, or If-None-Match where there was none), so that of two publishers the slower one cannot take the log back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from edgecode.errors import UnavailableError, UsageError
from edgecode.ledger.export import CHECKPOINT_PATH
from edgecode.ledger.publishing import Seen, ShelfMovedError, headers_of

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ObjectStore

    Mode = Literal["create", "overwrite"] | UpdateVersion


class BucketShelf:
    """Any store of obstore. Rights and the address of the service come from where its makers look for them (``AWS_…``)."""

    def __init__(self, store: "ObjectStore", *, name: str) -> None:
        self._store = store
        self._name = name
        self._listed: set[str] | None = None

    @property
    def name(self) -> str:
        return self._name

    def checkpoint(self) -> Seen | None:
        import obstore

        with _said():
            try:
                found = obstore.get(self._store, CHECKPOINT_PATH)
                return Seen(bytes(found.bytes()), str(found.meta["e_tag"] or ""))
            except FileNotFoundError:
                return None

    def has(self, path: str) -> bool:
        import obstore

        if self._listed is None:
            with _said():
                self._listed = {str(one["path"]) for batch in obstore.list(self._store, "tile") for one in batch}
        return path in self._listed

    def put(self, path: str, data: bytes) -> None:
        import obstore

        with _said():
            try:
                self._put(path, data, mode="create")
            except obstore.exceptions.AlreadyExistsError:
                if bytes(obstore.get(self._store, path).bytes()) != data:
                    self._put(path, data, mode="overwrite")

    def put_checkpoint(self, note: bytes, *, after: Seen | None) -> None:
        import obstore

        with _said():
            try:
                self._put(CHECKPOINT_PATH, note, mode="create" if after is None else {"e_tag": after.version})
            except (obstore.exceptions.AlreadyExistsError, obstore.exceptions.PreconditionError) as error:
                raise ShelfMovedError from error

    def _put(self, path: str, data: bytes, *, mode: "Mode") -> None:
        import obstore

        said = headers_of(path)
        attributes = {"Content-Type": said.content_type, "Cache-Control": said.cache_control}
        try:
            obstore.put(self._store, path, data, attributes=attributes, mode=mode, use_multipart=False)
        except NotImplementedError:
            # A plain folder behind obstore has neither headers nor comparisons.
            if isinstance(mode, dict):
                seen = self.checkpoint()
                if seen is None or seen.version != mode.get("e_tag"):
                    raise ShelfMovedError from None
                mode = "overwrite"
            obstore.put(self._store, path, data, mode=mode, use_multipart=False)


def bucket_shelf(url: str) -> BucketShelf:
    """The shelf at ``s3://BUCKET/PREFIX``. Raises UnavailableError ``extra.missing``, UsageError ``publish.place``."""
    try:
        from obstore.store import from_url
    except ImportError as error:
        raise UnavailableError(
            "extra.missing", "publishing into a bucket needs an extra", "Run: pip install 'edgecode[s3]'"
        ) from error
    bucket = url.removeprefix("s3://").strip("/")
    if not url.startswith("s3://") or not bucket:
        raise UsageError("publish.place", "this is no place in a bucket", "Write s3://BUCKET/PREFIX")
    with _said():
        return BucketShelf(from_url(f"s3://{bucket}"), name=f"s3://{bucket}")


@contextmanager
def _said() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        raise UnavailableError(
            "publish.unwritten",
            f"the log cannot be published: the bucket answers with {type(error).__name__}",
            "Check its address (AWS_ENDPOINT_URL, AWS_REGION) and your rights, then publish again",
        ) from error
