"""Which versions the files are that a sheet names: by record id, digest, edge code, path, name, or a name without its suffix."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from edgecode.answers.naming import edge_code_in
from edgecode.index.catalogue import VersionRow, resolve_edge_code, version, version_rows, versions_of_content
from edgecode.index.rows import number
from edgecode.index.store import IndexStore
from edgecode.terms.identity import is_record_id, is_sha256

_PAGE = 1_000


class MisnamedError(Exception):
    """What a cell names is none, or several; its words say what was expected and never what stood there."""

    def __init__(self, expected: str, remedy: str) -> None:
        super().__init__(expected)
        self.expected, self.remedy = expected, remedy


class SheetFiles:
    """The versions of a production by what sheets call them. The catalogue is walked once for a whole sheet."""

    def __init__(self, store: IndexStore, *, folder: Path | None, digest_of: Callable[[Path], str]) -> None:
        """*folder*: what relative paths start from; None: no path is looked at. *digest_of* reads a file or sequence."""
        self._store, self._folder, self._digest_of = store, folder, digest_of
        self._called: dict[str, list[tuple[VersionRow, str]]] | None = None

    def version(self, written: str) -> VersionRow:
        """The version that a cell names. Raises MisnamedError."""
        rows = self._exact(written)
        rows = rows if rows is not None else self._by_name(written)
        replaced = {row.supersedes for row in rows}
        found = [row for row in rows if row.key not in replaced]
        if not found:
            raise MisnamedError("a file that was scanned here", "Scan its folder first: edgecode scan FOLDER")
        if len({row.content if row.content is not None else -row.id for row in found}) > 1:
            raise MisnamedError(
                f"one file; {len(found)} are called so", "Give its path, its record id or its edge code"
            )
        return found[0]

    def _exact(self, written: str) -> list[VersionRow] | None:
        """Versions by an id, a digest, a code or a path; None for what is none of these."""
        store = self._store
        if is_record_id(written):
            row = version(store, written)
            return [row] if row is not None else []
        if is_sha256(written.lower()):
            return versions_of_content(store, written.lower())
        if (code := edge_code_in(written)) is not None and (rows := resolve_edge_code(store, code, retired=True)):
            return rows
        if self._folder is not None and "\0" not in written and (path := self._folder / written).is_file():
            return versions_of_content(store, self._digest_of(path)) or None
        return None

    def _by_name(self, written: str) -> list[VersionRow]:
        """By a whole path or its end; else by the name; else by the name without its suffix, as logs call clips."""
        path = "/" + written.replace("\\", "/").casefold().strip("/")
        name = path.rpartition("/")[2]
        called = self._all()
        by_path = _each(row for row, text in called.get(name, ()) if f"/{text}".endswith(path))
        if by_path or "/" in path[1:]:
            return by_path
        return _each(row for row, _ in called.get(f"stem:{name}", ()))

    def _all(self) -> dict[str, list[tuple[VersionRow, str]]]:
        """Every version under its name, its places' names, and these without suffix, with the path behind each."""
        if self._called is None:
            self._called = defaultdict(list)
            after = 0
            while page := self._store.rows("all_versions", after, _PAGE):
                after = number(page[-1][0])
                for row in version_rows(self._store, [number(one[0]) for one in page]).values():
                    for text in {row.name, *(place.text for place in row.places)} - {""}:
                        self._add(row, text.replace("\\", "/").casefold())
        return self._called

    def _add(self, row: VersionRow, text: str) -> None:
        assert self._called is not None
        name = text.rpartition("/")[2]
        self._called[name].append((row, text))
        stem = name.partition(".")[0]
        if stem:
            self._called[f"stem:{stem}"].append((row, text))


def _each(rows: Iterable[VersionRow]) -> list[VersionRow]:
    return list({row.id: row for row in rows}.values())
