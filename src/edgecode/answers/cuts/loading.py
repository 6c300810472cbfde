"""From the index to a cut's view: its clips, ranges, matches, the accounts of its versions and what people answered."""

from collections.abc import Iterable

from edgecode.answers.cuts.accounts import MEDIA, Told
from edgecode.answers.cuts.explained import MediaRoots, unexplained, version_cards
from edgecode.answers.cuts.given import given_for_clips
from edgecode.answers.cuts.open_subjects import OpenCut, open_cut
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.answers.cuts.view import CutView
from edgecode.errors import InputError
from edgecode.index.accounts import accounts
from edgecode.index.conform import Match, Otherwise, conform, otherwise
from edgecode.index.cuts import CutRow, clip_answers, clips, cut_named, cuts, ranges, reading
from edgecode.index.persons import depictions_unread
from edgecode.index.projector import unread
from edgecode.index.rows import text
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import Reason
from edgecode.terms.origins import letter_of


def load_cut(store: IndexStore, cut: str | CutRow, *, roots: MediaRoots) -> CutView:
    """Everything the index knows of one cut, by name, record id or row.

    Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous`` and ``rate.unknown`` (a cut whose rate was never settled).
    """
    row = cut_named(store, cut) if isinstance(cut, str) else cut
    if row.rate is None:
        raise InputError(
            "rate.unknown",
            f"the rate of cut {row.name!r} is not known, so its frames cannot be counted",
            "Add it again with --rate, as in: edgecode cut add FILE --rate 24",
        )
    read = reading(store, row)
    listed = clips(store, row)
    matches = conform(store, row, listed, roots=roots)
    others = otherwise(store, row, listed, matches, roots=roots)
    said = clip_answers(store, row)
    return CutView(
        cut=row.key,
        name=row.name,
        clock=CutClock(row.rate, row.start, row.frames, row.drop_frame),
        effects_visible=row.effects_visible,
        tracks=read.tracks,
        clips=tuple(one.clip for one in listed),
        keys=tuple(one.key for one in listed),
        ranges=ranges(store, row),
        matches=matches,
        pieces=accounts(store, sorted(_shown(matches) | _possible(matches) | _others(others))),
        transitions=read.transitions,
        told=Told(
            answered=said.making,
            plain_effects=said.plain_effects,
            rows_missing=sum(problem.effect == "row-missing" for problem in read.diagnostics),
            given=given_for_clips(store, row),
        ),
        otherwise=others.contradicted,
        passed_over=others.passed_over,
        unread=sum(unread(store).values()) + depictions_unread(store),
    )


def _others(others: Otherwise) -> set[int]:
    return {one for clips in (others.contradicted, others.passed_over) for each in clips.values() for one in each}


def _shown(matches: Iterable[Match]) -> set[int]:
    return {match.version for match in matches if match.version is not None}


def _possible(matches: Iterable[Match]) -> set[int]:
    """Versions that an ambiguous clip may show: what is recorded of any of them beats every answer about the clip."""
    return {version for match in matches if match.reason is Reason.AMBIGUOUS for version in match.candidates}


def load_cuts(store: IndexStore, *, roots: MediaRoots) -> list[CutView]:
    """Every cut in force whose rate is known, in the order they were handed over."""
    return [load_cut(store, row, roots=roots) for row in cuts(store) if not row.superseded and row.rate is not None]


def load_open(store: IndexStore, view: CutView, *, roots: MediaRoots) -> OpenCut:
    """What holds back the unaccounted frames of a cut, down to the versions behind its clips that nothing explains."""
    shown = set(_open_versions(view))
    leaves = unexplained(store, sorted(shown))
    wanted = shown.union(*leaves.values()) if leaves else shown
    return open_cut(view, version_cards(store, sorted(wanted), roots=roots), leaves)


def production_title(store: IndexStore) -> str:
    """The title that the production was opened with; "" before it was."""
    found = store.rows("production")
    return text(found[0][1]) if found else ""


def _open_versions(view: CutView) -> Iterable[int]:
    matches = view.match_of
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                match = matches.get(one.clip)
                if match is not None and match.version is not None and letter_of(one.account) == "U":
                    yield match.version
