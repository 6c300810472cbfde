"""`edgecode questions` and `edgecode answer`: from solid red to the few frames that matter."""

import sys
from fnmatch import fnmatch
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from edgecode.answers.layout.columns import counted
from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json, said
from edgecode.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from edgecode.answers.cuts.subjects import Rule
    from edgecode.answers.cuts.view import CutView
    from edgecode.production import Production
    from edgecode.terms.evidence import AiUse
    from edgecode.terms.steps import StepKind


@click.command()
@click.argument("name", metavar="CUT")
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="How many questions at most.")
@in_production
@as_json
def questions(name: str, limit: int, folder: Path | None, json_wanted: bool) -> None:
    """The fewest questions that would settle what is unaccounted in CUT, the most frames first."""
    from edgecode.answers.questions import QuestionsAnswer
    from edgecode.answers.questions_text import questions_text

    with opened(folder) as production:
        view = production.view(name)
        asked = production.questions(view, limit=limit)
        coverage = production.coverage(view)
    if json_wanted:
        print_json(QuestionsAnswer(view.name, tuple(asked)))
        return
    text = questions_text(
        asked, unaccounted=coverage.unaccounted, sound_unaccounted=coverage.audio.unaccounted, columns=fitted_width()
    )
    click.echo(text, nl=False)


@click.command()
@click.argument("name", metavar="CUT")
@click.option("--question", type=int, default=0, metavar="N", help="The group of question N.")
@click.option("--under", default="", metavar="FOLDER", help="… or everything open under a folder,")
@click.option("--reel", default="", metavar="PREFIX", help="of source reels that begin like this,")
@click.option("--header", default="", metavar="KEY", help="with this header key (camera or program),")
@click.option("--turnover", default="", metavar="NO", help="of this turnover,")
@click.option("--clip", default="", metavar="PATTERN", help="with names like this (together: all must fit).")
@click.option("--as", "kind", metavar="KIND", help="How they were made: camera, transfer, render, type, generate …")
@click.option(
    "--ai", type=click.Choice(["none", "assistive", "generative", "unknown"]), help="What a model did, if one did."
)
@click.option(
    "--effects", type=click.Choice(["plain"]), help="Instead: the editing effects on these clips were plain ones."
)
@click.option("--note", default="", help="Why you know; kept sealed.")
@click.option("--yes", is_flag=True, help="Record it. Without this, only what would happen is shown.")
@click.option("--undo", metavar="ID", help="Take an answer back.")
@in_production
def answer(
    name: str,
    question: int,
    under: str,
    reel: str,
    header: str,
    turnover: str,
    clip: str,
    kind: str | None,
    ai: str | None,
    effects: str | None,
    note: str,
    yes: bool,
    undo: str | None,
    folder: Path | None,
) -> None:
    """Answer for a group at once: edgecode answer CUT --under OCF --as camera. Dry run unless --yes; --undo takes it back.

    Everything an answer says is graded declared, and a recorded step always beats it.
    """
    from edgecode.answers.cuts.subjects import Rule

    rule = Rule(under=under, reel=reel, header=header, turnover=turnover, clip=clip)
    with opened(folder) as production:
        view = production.view(name)
        if undo:
            production.refuse_unknown_answer(undo)
            if not yes:
                said("dry run: the answer would be taken back, and what it settled be open again; add --yes to do it")
                return
            production.withdraw_answer(undo, note=note)
            said("taken back; what it settled is open again")
        elif effects:
            _plain_effects(production, view, pattern=clip, yes=yes, note=note)
        else:
            _making(production, view, question=question, rule=rule, kind=kind, ai=ai, note=note, yes=yes)


def _making(
    production: "Production",
    view: "CutView",
    *,
    question: int,
    rule: "Rule",
    kind: str | None,
    ai: str | None,
    note: str,
    yes: bool,
) -> None:
    from edgecode.answers.questions import suggestion
    from edgecode.answers.questions_text import selection_text

    if not question and not any(rule.parts()):
        raise UsageError(
            "answer.rule", "which group is this about?", "Give --question N or a rule such as --under FOLDER"
        )
    given = _kind(kind) if kind is not None else None
    chosen, rule = production.select(view, question=question, rule=rule)
    click.echo(selection_text(chosen, cut=view.name), nl=False)
    if not chosen.subjects:
        if chosen.left:
            sys.exit(RefusedError.exit_status)
        return
    making = given or suggestion(chosen.subjects)
    if making is None:
        said(f"how were they made? Give --as with one of: {', '.join(_sayable())}")
        sys.exit(UsageError.exit_status if yes else 0)
    if not yes:
        said(f"dry run: nothing is recorded; add --yes to record it as {making}")
        return
    before = production.coverage(view)
    identity = production.answer(view, chosen, rule, kind=making, ai=_ai(ai), note=note)
    after = production.coverage(production.view(view.cut))
    said(f"recorded as {identity}; to take it back: edgecode answer {quote(view.name)} --undo {identity} --yes")
    click.echo(f"unaccounted: {counted(before.unaccounted, 'frame')} before, {after.unaccounted:,} now")


def _plain_effects(production: "Production", view: "CutView", *, pattern: str, yes: bool, note: str) -> None:
    clips = [
        key
        for key, one in zip(view.keys, view.clips, strict=True)
        if one.kind != "sound" and (not pattern or fnmatch(one.name, pattern))
    ]
    click.echo(
        f"{counted(len(clips), 'clip')} of picture: their effects in the editing program are declared plain (resize, speed, dissolve …)"
    )
    if not yes:
        said("dry run: nothing is recorded; add --yes to record it")
        return
    identity = production.declare_plain_effects(view, clips, note=note)
    said(f"recorded as {identity}; to take it back: edgecode answer {quote(view.name)} --undo {identity} --yes")


def _sayable() -> "list[StepKind]":
    """Kinds of step that say where a picture or sound comes from."""
    from edgecode.terms.origins import CONTRIBUTIONS, Adds

    return [kind for kind, row in CONTRIBUTIONS.items() if row.adds in (Adds.OWN, Adds.BOTH)]


def _kind(written: str) -> "StepKind":
    from edgecode.terms.steps import StepKind

    if written not in (sayable := _sayable()):
        raise UsageError(
            "answer.kind",
            f"{written!r} does not say where a picture or sound comes from",
            f"Give --as with one of: {', '.join(sayable)}",
        )
    return StepKind(written)


def _ai(written: str | None) -> "AiUse | None":
    from edgecode.terms.evidence import AiUse

    return AiUse(written) if written else None
