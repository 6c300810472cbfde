"""The conform as a list that people read, fill in and hand back: which version each clip shows, how surely, and who else fits."""

from collections.abc import Collection, Sequence
from shlex import quote

from msgspec import Struct

from edgecode.answers.cuts.explained import name_of, told_apart
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import Sheet, cell, read_sheet_csv
from edgecode.answers.lists import record_frames
from edgecode.answers.naming import version_meant
from edgecode.errors import InputError, NotFoundError
from edgecode.events.kinds import ConformDecision
from edgecode.index.catalogue import VersionRow, version_rows
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import ConformMethod, Reason

COLUMNS = (
    "No.", "Track", "Clip", "Record in", "Record out", "Frames", "Method", "Confidence", "Shows", "Reason", "Why",
    "Candidates", "Version", "Frame",
)  # fmt: skip
FORM = ("Version", "Frame")
"""The columns that are empty for people to fill in; every other column says what is known now."""


CANDIDATES_SHOWN = 5


class ConformRow(Struct, frozen=True):
    """One clip of the list, for JSON. *candidates* and *version* are record ids; *frame*: the version's frame at record in."""

    no: int
    track: str
    clip: str
    first: int
    end: int
    method: ConformMethod
    confidence: int
    version: str | None
    frame: str | None
    reason: Reason | None
    why: str
    candidates: tuple[str, ...]


class ConformAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.conform/1"):
    """The list as ``--json`` prints it."""

    cut: str
    rows: tuple[ConformRow, ...]


def conform_sheet(
    store: IndexStore, view: CutView, *, open_only: bool = False, only: Collection[int] | None = None
) -> tuple[Sheet, list[ConformRow]]:
    """The list of a cut's clips in record order; *open_only*: those without exactly one version; *only*: those with these numbers."""
    matches = view.match_of
    rows = version_rows(
        store, {identity for match in view.matches for identity in (match.version, *match.candidates) if identity}
    )
    order = sorted(range(len(view.clips)), key=lambda n: (view.clips[n].record_in, view.clips[n].path, n))
    listed, lines = [], []
    for place, index in enumerate(order, 1):
        match = matches.get(index)
        if match is None or (open_only and match.reason is None) or (only is not None and place not in only):
            continue
        clip = view.clips[index]
        first, end = record_frames(clip)
        shown = rows.get(match.version) if match.version is not None else None
        others = [rows[identity] for identity in match.candidates if identity in rows]
        row = ConformRow(
            no=place,
            track=track_name(clip, view.tracks),
            clip=clip_name(clip),
            first=first,
            end=end,
            method=match.method,
            confidence=match.confidence,
            version=shown.key if shown else None,
            frame=str(match.first) if match.first is not None else None,
            reason=match.reason,
            why=match.why,
            candidates=tuple(one.key for one in others),
        )
        listed.append(row)
        lines.append(_line(row, view, shown, others))
    return Sheet(f"CONFORM  {view.name}", COLUMNS, tuple(lines), foot=_foot(view, listed), form=FORM), listed


def _foot(view: CutView, listed: Sequence[ConformRow]) -> tuple[str, ...]:
    """How many clips are open, and how to settle them."""
    open_ = sum(row.reason is not None for row in listed)
    told = f"{counted(len(listed), 'clip')}, {open_:,} of them open"
    if not open_:
        return (told,)
    cut = quote(view.name)
    return (
        f"{told}. To settle them, fill in version (and frame) of the first and hand it to the second:",
        f"  edgecode conform {cut} --open --csv > open.csv",
        f"  edgecode conform {cut} --settle open.csv",
    )


def _line(row: ConformRow, view: CutView, shown: VersionRow | None, others: Sequence[VersionRow]) -> tuple[str, ...]:
    candidates = "; ".join(told_apart(others[:CANDIDATES_SHOWN]).values()) if len(others) != 1 else ""
    return (
        str(row.no), cell(row.track), cell(row.clip), view.clock.label(row.first), view.clock.label(row.end),
        str(row.end - row.first), row.method.value, str(row.confidence), cell(name_of(shown) if shown else "edit decision"
        if row.reason is None else ""), cell(row.reason or "settled"), cell(row.why), candidates or "none", "", "",
    )  # fmt: skip


def decisions_in(store: IndexStore, view: CutView, text: str) -> list[ConformDecision]:
    """The decisions in a filled-in CSV: rows whose `version` is neither empty nor ``-``; ``none`` takes a decision back.

    Raises InputError ``csv.columns`` and what `one_decision` raises, naming the row.
    """
    decisions = []
    rows = read_sheet_csv(text)
    if rows and not {"no", "version"} <= rows[0].keys():
        raise InputError(
            "csv.columns",
            "the CSV has no columns `no` and `version`",
            f"Start from: edgecode conform {quote(view.name)} --csv",
        )
    for line, row in enumerate(rows, 2):
        wanted = row["version"].strip()
        if wanted in ("", "-", "not recorded"):
            continue
        frame = row.get("frame", "").strip()
        if not row["no"].strip().isdecimal() or not (
            frame in ("", "-", "not recorded") or frame.lstrip("-").isdecimal()
        ):
            raise InputError(
                "csv.number",
                f"line {line} of the CSV has no usable number",
                "Keep `no`; give `frame` as a whole number",
            )
        number_of = int(frame) if frame.lstrip("-").isdecimal() else None
        decisions.append(one_decision(store, view, int(row["no"]), "" if wanted == "none" else wanted, frame=number_of))
    return decisions


def one_decision(store: IndexStore, view: CutView, clip: int, wanted: str, *, frame: int | None) -> ConformDecision:
    """Clip number *clip* of the list shows *wanted*: a record id, an edge code, or the name of a file; "" takes it back.

    Raises NotFoundError ``conform.no_clip`` and ``version.unknown``, InputError ``version.ambiguous``.
    """
    order = sorted(range(len(view.clips)), key=lambda n: (view.clips[n].record_in, view.clips[n].path, n))
    if not 1 <= clip <= len(order):
        raise NotFoundError("conform.no_clip", f"the cut has no clip {clip}", f"Give a number from 1 to {len(order)}")
    number = order[clip - 1]
    if not wanted:
        return ConformDecision(view.keys[number], "", None)
    meant = _candidate(store, view, number, wanted) or version_meant(store, wanted)
    return ConformDecision(view.keys[number], meant.key, frame)


def _candidate(store: IndexStore, view: CutView, number: int, wanted: str) -> VersionRow | None:
    """The candidate of clip *number* that the list calls *wanted*; None where it calls none or several so."""
    match = view.match_of.get(number)
    rows = version_rows(store, match.candidates) if match is not None else {}
    others = [rows[identity] for identity in match.candidates if identity in rows] if match is not None else []
    for listed in (others[:CANDIDATES_SHOWN], others):
        names = told_apart(listed)
        found = [row for row in listed if wanted in (names[row.id], cell(names[row.id]))]
        if len(found) == 1:
            return found[0]
    return None
