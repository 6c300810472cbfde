"""Relinking: a tree of media that cuts know under another name than the record does."""

from pathlib import Path

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.events.kinds import RootFact, RootNamed, RootPlace
from edgecode.index.conform import conform
from edgecode.index.cuts import clips
from edgecode.index.targets import Target, below, target
from edgecode.production.corridor import Production
from edgecode.settings import write_settings
from edgecode.terms.evidence import ConformMethod


class Relinked(Struct, frozen=True):
    """A root's further *name*. *below*: clips of cuts in force that name files under it; *found*: of these, how many are matched by path
    now and were not before. *recorded*: False where the name was known, or nothing was to be recorded."""

    root: str
    name: str
    below: int
    found: int
    recorded: bool


def relink(production: Production, old: str, new: str, *, dry_run: bool = False) -> Relinked:
    """Record that the trees *old* and *new* are one: one of them is a media root, or lies below one, and the other becomes a name of it.

    Where both end in the same folders, the names above these are joined. A name that is a folder here is where it is looked for first
    from now on. Raises InputError ``relink.unknown`` (neither is a root), ``relink.two_roots``, ``relink.below`` (a part of a tree moved).
    """
    root, name = _joined(production, old, new)
    names = production.root_names().get(root, ())
    known = any(target(one).parts == target(name).parts for one in names)
    before = _by_path(production, {})
    after = _by_path(production, {root: (*names, name)})
    base = target(name)
    under = sum(
        any(below(target(written), base) is not None for written in row.clip.media.targets)
        for cut in production.cuts()
        if not cut.superseded
        for row in clips(production.index, cut)
    )
    if not known and not dry_run:
        production.append([RootNamed(RootFact(root), RootPlace((*names, name)))])
    if not dry_run and Path(name).is_dir():
        here = tuple(one for one in production.settings.roots.get(root, ()) if one != name)
        production.settings = msgspec.structs.replace(
            production.settings, roots={**production.settings.roots, root: (name, *here)}
        )
        write_settings(production.folder, production.settings)
    return Relinked(root, name, under, after - before, not known and not dry_run)


def _joined(production: Production, old: str, new: str) -> tuple[str, str]:
    """The root that one of two names means, and the other name of it."""
    pair = [target(old), target(new)]
    if not all(one.absolute and one.parts for one in pair):
        raise InputError("relink.unknown", "a tree is named by its whole path", "Give paths as the cut writes them")
    written = [old, new]
    while True:
        known = [_root_called(production, one) for one in pair]
        if known[0] and known[1]:
            if known[0] != known[1]:
                raise InputError(
                    "relink.two_roots",
                    "both are media roots of their own",
                    "Take one of them out of edgecode.toml, and scan the other",
                )
            return known[0], written[1]
        if known[0] or known[1]:
            return (known[0], written[1]) if known[0] else (known[1], written[0])
        if pair[0].parts[-1] != pair[1].parts[-1] or min(len(one.parts) for one in pair) < 2:
            break
        pair = [Target(one.parts[:-1], one.exact[:-1], True, False) for one in pair]
        written = [one.rstrip("\\/").replace("\\", "/").rpartition("/")[0] for one in written]
    if any(_lies_below(production, one) for one in (target(old), target(new))):
        raise InputError(
            "relink.below",
            "only a part of a known tree has another name, and a name is of a whole tree",
            "Scan the folder where the files lie now; what was read before is known again by its bytes",
        )
    raise InputError(
        "relink.unknown",
        "neither of the two is a media root of this production",
        "Scan the tree first: edgecode scan FOLDER",
    )


def _root_called(production: Production, one: Target) -> str:
    found = (
        root for root, names in production.root_names().items() if any(target(n).parts == one.parts for n in names)
    )
    return next(found, "")


def _lies_below(production: Production, one: Target) -> bool:
    return any(below(one, target(name)) is not None for names in production.root_names().values() for name in names)


def _by_path(production: Production, further: dict[str, tuple[str, ...]]) -> int:
    """How many clips of cuts in force are matched by path with these names of roots."""
    roots = {**production.root_names(), **further}
    return sum(
        match.method is ConformMethod.CONTENT and match.version is not None
        for cut in production.cuts()
        if not cut.superseded
        for match in conform(production.index, cut, clips(production.index, cut), roots=roots)
    )
