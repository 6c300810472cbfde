"""Pages of references that were asked for once."""

from openassetio.managerApi import EntityReferencePagerInterface


class Pages(EntityReferencePagerInterface):
    """A list of references, *size* at a time; behind the last page there is nothing."""

    def __init__(self, references, size):
        EntityReferencePagerInterface.__init__(self)
        self._references = references
        self._size = size
        self._at = 0

    def hasNext(self, hostSession):
        """Whether another page follows."""
        return self._at + self._size < len(self._references)

    def get(self, hostSession):
        """The page."""
        return self._references[self._at : self._at + self._size]

    def next(self, hostSession):
        """Go on."""
        self._at = min(self._at + self._size, len(self._references))

    def close(self, hostSession):
        """Let go of what was asked for."""
        self._references = []
