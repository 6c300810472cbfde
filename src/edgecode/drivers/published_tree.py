"""A published folder as the tree that it holds: roots and consistency proofs of every size up to the published one. Nothing is verified."""

from pathlib import Path

from edgecode.errors import InputError
from edgecode.ledger.export import CHECKPOINT_PATH
from edgecode.ledger.merkle import HASH_BYTES, TILE_HASHES, split_hashes, tree_root
from edgecode.ledger.notes import Checkpoint, Note
from edgecode.ledger.tiles import TileName, decode_bundle, tile_path, width_at


class PublishedTree:
    """Implements `ledger.reader.Tree`. Whoever uses it compares the root at the published size with a signed one."""

    def __init__(self, folder: Path) -> None:
        """Raises InputError ``published.unreadable`` when there is no checkpoint to be read."""
        self._folder = folder
        try:
            self.checkpoint = (folder / CHECKPOINT_PATH).read_bytes()
        except OSError as error:
            raise InputError(
                "published.unreadable",
                f"{folder.name} holds no published log",
                "Give a folder with checkpoint and tile/",
            ) from error
        self._size = Checkpoint.parse(Note.parse(self.checkpoint).text).size

    def tile(self, level: int, number: int) -> bytes | None:
        return self._read(TileName(level, number))

    def leaves(self, first: int, end: int) -> list[bytes]:
        number = first // TILE_HASHES
        width = min(width_at(self._size, level=0, number=number), TILE_HASHES)
        data = self._read(TileName("entries", number, width)) if width else None
        if data is None or end > number * TILE_HASHES + width:
            return []
        return decode_bundle(data, width=width)[first - number * TILE_HASHES : end - number * TILE_HASHES]

    def tile_roots(self, level: int, first: int, end: int) -> list[bytes]:
        tiles = [self.tile(level, number) for number in range(first, end)]
        return [tree_root(split_hashes(tile)) for tile in tiles if tile and len(tile) == TILE_HASHES * HASH_BYTES]

    def _read(self, name: TileName) -> bytes | None:
        try:
            return (self._folder / tile_path(name)).read_bytes()
        except FileNotFoundError:
            return None
