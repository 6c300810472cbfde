"""A YAML document as somebody wrote it: each value with its line, before anybody says what it means.

Nothing is resolved beyond what the words say, so that ``NO`` in a list of countries is Norway and a key that stands twice is found.
"""

from typing import Literal

from msgspec import Struct

from edgecode.errors import UnavailableError

Kind = Literal["text", "quoted", "bool", "int", "null", "date", "other", "list", "mapping"]
"""``text``: plain words; ``quoted``: words in quotes; ``date``: a day or a moment; ``other``: a float and the like."""

_YAML = "tag:yaml.org,2002:"
_MOST_VALUES = 200_000
_DEEPEST = 24
_KINDS: dict[str, Kind] = {"bool": "bool", "int": "int", "null": "null", "timestamp": "date", "str": "text"}


class Written(Struct, frozen=True):
    """*line*: from 1. *text*: of a scalar, as it stands there. *items*: of a list. *members*: key, line of the key, value."""

    line: int
    kind: Kind
    text: str = ""
    items: tuple["Written", ...] = ()
    members: tuple[tuple[str, int, "Written"], ...] = ()

    @property
    def is_words(self) -> bool:
        """Whether it is a text, in quotes or plain."""
        return self.kind in ("text", "quoted")

    def member(self, name: str) -> "Written | None":
        """The value of a mapping's key; None when it has none."""
        return next((value for key, _, value in self.members if key == name), None)


class WrittenProblem(Exception):
    """A document that cannot be read at *line*."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(line, sentence)
        self.line = line
        self.sentence = sentence


def read_written(data: bytes) -> tuple[Written, list[tuple[int, str]]]:
    """The one document in *data*, and what is wrong with it that does not hinder reading: keys that stand twice.

    Raises WrittenProblem for what is no YAML, UnavailableError ``extra.missing`` without the extra ``policy``.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise WrittenProblem(line, "this is not UTF-8") from error
    try:
        import yaml
    except ImportError as error:
        raise UnavailableError(
            "extra.missing", "reading YAML needs the package PyYAML", "pip install 'edgecode[policy]'"
        ) from error
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise WrittenProblem(mark.line + 1 if mark else 1, f"this is no YAML: {said}") from error
    except RecursionError as error:
        raise WrittenProblem(1, f"values stand more than {_DEEPEST} deep in each other") from error
    if node is None:
        raise WrittenProblem(1, "there is nothing in it")
    reading = _Reading()
    return reading.value(node, 0), reading.twice


class _Reading:
    """Turns the nodes of the library into values; aliases are written out, so there is an end to how many."""

    def __init__(self) -> None:
        self.twice: list[tuple[int, str]] = []
        self._values = 0

    def value(self, node: object, depth: int) -> Written:
        line: int = node.start_mark.line + 1  # type: ignore[attr-defined]
        self._values += 1
        if self._values > _MOST_VALUES:
            raise WrittenProblem(line, f"there are more than {_MOST_VALUES} values, aliases written out")
        if depth > _DEEPEST:
            raise WrittenProblem(line, f"values stand more than {_DEEPEST} deep in each other")
        inside = node.value  # type: ignore[attr-defined]
        tag = self._tag(str(node.tag), line, is_scalar=isinstance(inside, str))  # type: ignore[attr-defined]
        if isinstance(inside, str):
            quoted = node.style in ("'", '"')  # type: ignore[attr-defined]
            return Written(line, "quoted" if quoted and tag == "str" else _KINDS.get(tag, "other"), inside)
        if tag == "seq":
            return Written(line, "list", items=tuple(self.value(one, depth + 1) for one in inside))
        return Written(line, "mapping", members=tuple(self._members(inside, depth)))

    def _tag(self, written: str, line: int, *, is_scalar: bool) -> str:
        """The word of a tag. Raises WrittenProblem for one of somebody's own, and for collections that are none of ours (set, omap)."""
        tag = written.removeprefix(_YAML)
        if written.startswith(_YAML) and (is_scalar or tag in ("seq", "map")):
            return tag
        raise WrittenProblem(line, f"a tag (!{tag.removeprefix('!')[:40]}) is not part of scenarios")

    def _members(self, pairs: list[tuple[object, object]], depth: int) -> list[tuple[str, int, Written]]:
        own: dict[str, tuple[int, Written]] = {}
        merged: dict[str, tuple[int, Written]] = {}
        for key, value in pairs:
            name = self.value(key, depth + 1)
            if name.kind in ("list", "mapping"):
                raise WrittenProblem(name.line, "a key is a word")
            read = self.value(value, depth + 1)
            if name.text == "<<" and name.kind != "quoted":
                # YAML 1.1 merge key: the members of another mapping, where the own ones say nothing; an earlier one wins.
                for other in read.items if read.kind == "list" else (read,):
                    for inner, line, found in other.members:
                        merged.setdefault(inner, (line, found))
                continue
            if name.text in own:
                self.twice.append(
                    (name.line, f"{name.text} stands here a second time; first in line {own[name.text][0]}")
                )
                continue
            own[name.text] = (name.line, read)
        return [(name, line, read) for name, (line, read) in {**merged, **own}.items()]
