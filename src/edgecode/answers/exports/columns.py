"""The tables that are exported for questions across shows, and what each column says (decisions/0023-exports.md)."""

from typing import Literal, TypeAlias

from msgspec import Struct

Cell: TypeAlias = "str | int | bool | None"
Kind = Literal["text", "int", "bool"]


class Column(Struct, frozen=True):
    """A column: its name, what it holds, and what it says."""

    name: str
    kind: Kind
    says: str


class ExportTable(Struct, frozen=True):
    """A table: its name, what a row is, its columns. *production* is no column: it is the partition."""

    name: str
    says: str
    columns: tuple[Column, ...]


def _table(name: str, says: str, columns: str) -> ExportTable:
    listed = (line.strip().split(" ", 2) for line in columns.strip().splitlines())
    return ExportTable(name, says, tuple(Column(name, kind, words) for name, kind, words in listed))  # type: ignore[arg-type]


TABLES = (
    _table("version", "a version: bytes that were seen, or that somebody referred to", """
        version_id text its record id
        class text still, sequence, video, audio, model, dataset, other; empty for what was never seen
        standing text seen, known (a model or set of material that was only named), referred, erased
        sha256 text of a file; empty for somebody's scan, voice or capture
        sequence_root text of a sequence
        size int bytes
        first_frame int its first frame number
        end_frame int the one after its last
        step_id text the step that stands as its maker
        supersedes text the version that it replaced at its place
        origin text one letter: C P H G A, M for several, U for unaccounted
        classes text the classes of origin as letters
        ai text none, assistive, unknown, generative
        grade text the weakest grade behind it; none where it is unaccounted
        open text why it is unaccounted, with blanks between
        entry int its entry of the log"""),
    _table("step", "an act of making", """
        step_id text its record id
        kind text what was done
        source text who said so: a reader or hook
        grade text how well that source knows
        status text done, failed, unknown
        ai text what it says of itself; empty where it says nothing
        program text a well-known program's name; empty for any other
        program_version text where it is made of numbers
        started int milliseconds since 1970, 0 for unknown
        ended int milliseconds since 1970, 0 for unknown
        entry int its entry of the log"""),
    _table("step_input", "a version that a step used", """
        step_id text the step
        version_id text what it used
        role text picture, sound, reference, control, weights, training, tool
        position int in recorded order"""),
    _table("step_output", "a version that a step made, or says to have made", """
        step_id text the step
        version_id text what it made
        standing text maker, also-said, explains-nothing (it failed, or only brought it in)"""),
    _table("derivation", "an edge that where-used follows: from what was used to what derives from it", """
        from_version text the source
        to_version text what derives from it
        relation text input, member, same-content, frame-of, same-frames
        role text of an input
        step_id text of an input
        standing text of an input: as in step_output"""),
    _table("model", "files of weights that a version is", """
        version_id text the version
        kind text checkpoint, lora, voice and so on"""),
    _table("cut", "a reading of a cut that nothing supersedes", """
        cut_id text its record id
        format text otio, edl and so on
        rate text frames a second, as a fraction
        start int record timecode of its first frame, in frames
        frames int its length
        entry int its entry of the log"""),
    _table("use", "a stretch of a clip that shows a version, or may", """
        cut_id text the cut
        clip_id text the clip's record id
        version_id text what it shows
        medium text picture or sound
        first int the first frame of the cut
        end int the one after its last
        visibility text certain or possible
        is_candidate bool several versions fit the clip, and this is one of them"""),
    _table("coverage", "a stretch of a cut with one account", """
        cut_id text the cut
        medium text picture or sound
        first int the first frame of the cut
        end int the one after its last
        origin text as of a version
        classes text as of a version
        ai text as of a version
        grade text as of a version
        open text as of a version
        conform text the weakest way in which a clip here was matched
        visibility text certain or possible"""),
)  # fmt: skip
"""Every table. Columns are added, never given another meaning."""
