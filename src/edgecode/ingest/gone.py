"""What is said of files that an earlier scan read and that a whole walk no longer finds. Nothing is recorded: their frames stay known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from edgecode.ingest.sequences import group
from edgecode.ingest.walk import MediaRoot
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable

_SAID_AT_MOST = 100


def said_of_gone(paths: Sequence[bytes]) -> Iterable[Diagnostic]:
    """One ``file.gone`` for each file or sequence, a hundred at most and one for the rest. *paths* are relative to one root."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder, _, name = path.decode("utf-8", "surrogateescape").rpartition("/")
        folders[folder].append(name)
    gone: list[tuple[str, int]] = []
    for folder, names in folders.items():
        grouping = group(names)
        start = f"{readable(folder)}/" if folder else ""
        gone += ((f"{start}{sequence.label}", len(sequence.names)) for sequence in grouping.sequences)
        gone += ((f"{start}{readable(name)}", 1) for name in grouping.singles)
    for name, count in gone[:_SAID_AT_MOST]:
        frames = f" ({count} frames)" if count > 1 else ""
        text = f"{name}{frames} is no longer there; what was recorded of it stays known"
        yield Diagnostic("file.gone", text, path=name)
    rest = sum(count for _, count in gone[_SAID_AT_MOST:])
    if rest:
        yield Diagnostic("file.gone", f"{rest} more known files are no longer there")


def said_of_empty(root: MediaRoot, count: int) -> Diagnostic:
    """A root that held files and holds none: more often not mounted than emptied, so that nothing is forgotten."""
    name = readable(root.path.name)
    return Diagnostic(
        "scan.root_empty", f"no media lies in {name}, where {count} files were read before: is it mounted?", path=name
    )
