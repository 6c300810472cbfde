"""Where a production's stores are and what was copied between them, as the contracts stores/1 and store-copy/1."""

from collections.abc import Mapping

from msgspec import Struct


class StorePlace(Struct, frozen=True):
    """One store. *name*: ledger, keys or index. *url*: without its password. *bytes*: what it takes up; None where that cannot be told.
    *settings*: of the database, those that decide what a crash may lose. *remains*: where erased bytes may still lie."""

    name: str
    url: str
    bytes: int | None
    settings: Mapping[str, str]
    remains: tuple[str, ...] = ()


class StoresAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.stores/1"):
    """The stores of a production."""

    origin: str
    size: int
    stores: tuple[StorePlace, ...]


class StoreCopyAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.store-copy/1"):
    """What `store copy` did. *to*: URLs by store, without passwords. *size*, *root*: of the log. *sizes*: how many sizes of the log have
    the same root in both places. *sections*, *keys*, *destroyed* (keys), *cosigned* (heads), *waiting* (events of the inbox): how many
    are the same in both. *switched*: edgecode.toml names the new places. *left*: sentences on what lies in the old ones."""

    to: Mapping[str, str]
    size: int
    root: str
    sizes: int
    sections: int
    keys: int
    destroyed: int
    cosigned: int
    waiting: int
    switched: bool
    left: tuple[str, ...]


def stores_text(answer: StoresAnswer) -> str:
    """The stores for people."""
    lines = [f"{answer.size:,} entries of {answer.origin}"]
    for store in answer.stores:
        size = "" if store.bytes is None else f"   {_size(store.bytes)}"
        lines.append(f"{store.name:<8}{store.url}{size}")
        if store.settings:
            lines.append("        " + ", ".join(f"{name} = {value}" for name, value in store.settings.items()))
        lines += [f"        {sentence}" for sentence in store.remains]
    return "\n".join(lines) + "\n"


def store_copy_text(answer: StoreCopyAnswer) -> str:
    """What was copied, for people."""
    lines = [f"{name:<8}now also at {url}" for name, url in answer.to.items()]
    if "ledger" in answer.to:
        lines.append(
            f"compared: {answer.size:,} entries, {answer.sections:,} sections, the roots at {answer.sizes:,} sizes, "
            f"{answer.cosigned:,} cosigned heads, {answer.waiting:,} waiting events; root {answer.root}"
        )
    if "keys" in answer.to:
        lines.append(f"compared: {answer.keys:,} keys, {answer.destroyed:,} destroyed ones")
    lines.append(
        "edgecode.toml names the new places."
        if answer.switched
        else "edgecode.toml is as it was: --switch uses the copy."
    )
    return "\n".join([*lines, *answer.left]) + "\n"


def _size(count: int) -> str:
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} bytes"
