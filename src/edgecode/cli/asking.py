"""`edgecode ask`: may this likeness, voice, work, dataset or model be used so?"""

import sys
from pathlib import Path
from typing import get_args

import click

from edgecode.cli.context import as_json, fitted_width, in_production, opened, print_json
from edgecode.errors import HeldError, RefusedError, UsageError
from edgecode.terms.rights import Act, Modality, Training

GATES = ("ingest", "publish", "deliver")


def _words(given: tuple[str, ...]) -> tuple[str, ...] | None:
    """Words of a list option, separated by commas or spaces; None where it was not given; ``none`` for an empty list."""
    words = tuple(word for one in given for word in one.replace(",", " ").split())
    return None if not given else () if words == ("none",) else words


def _names(given: tuple[str, ...]) -> tuple[str, ...] | None:
    """The same of names that hold spaces, which commas separate."""
    names = tuple(name.strip() for one in given for name in one.split(",") if name.strip())
    return None if not given else () if names == ("none",) else names


@click.command()
@click.option("--person", default="", metavar="ALIAS", help="Whose likeness or voice.")
@click.option("--nobody", is_flag=True, help="Nobody is in it.")
@click.option("--act", type=click.Choice(get_args(Act)), help="What would be done.")
@click.option("--modality", "modalities", multiple=True, type=click.Choice(get_args(Modality)), help="What of them.")
@click.option("--media", multiple=True, metavar="WORDS", help="Where it is shown: film, trailer, advert …")
@click.option("--language", "languages", multiple=True, metavar="WORDS", help="In which languages (BCP 47).")
@click.option("--territory", "territories", multiple=True, metavar="WORDS", help="Released where: DE,AT or US-CA.")
@click.option("--scene", "scenes", multiple=True, metavar="NAMES", help="In which scenes.")
@click.option("--role", "roles", multiple=True, metavar="NAMES", help="As which role.")
@click.option("--tool", "tools", multiple=True, metavar="NAMES", help="With which tools.")
@click.option("--training", type=click.Choice(get_args(Training)), help="Of a training: what the model is for.")
@click.option("--on", "on", default="", metavar="DATE", help="When it is made and judged (default: today).")
@click.option("--seconds", type=click.IntRange(0), help="How many seconds.")
@click.option("--frames", type=click.IntRange(0), help="How many frames (give --cut, whose rate they have).")
@click.option("--count", "counts", multiple=True, metavar="NAME=N", help="How much else: lines=12.")
@click.option("--replica", default="", metavar="ID", help="By this replica.")
@click.option("--model", default="", metavar="VERSION", help="By this model.")
@click.option("--dataset", default="", metavar="VERSION", help="Of this dataset.")
@click.option("--work", default="", metavar="VERSION", help="Of this work, archive item or other material.")
@click.option("--license", "license_", default="", metavar="LABEL", help="Of what this license covers.")
@click.option(
    "--cut", default="", metavar="CUT", help="In this cut: where it stands counts, and what is in it already."
)
@click.option(
    "--use", "use", default="", metavar="USE", help="Of --cut: a use in it, by its key or a finding about it."
)
@click.option("--fact", "facts", multiple=True, metavar="FACT=VALUE", help="What else is so: use.role=principal.")
@click.option("--gate", type=click.Choice(GATES), default="deliver", show_default=True, help="As at this gate.")
@click.option("--all", "everything", is_flag=True, help="Every rule, who acts, what is not known, every agreement.")
@in_production
@as_json
def ask(
    person: str,
    nobody: bool,
    act: Act | None,
    modalities: tuple[Modality, ...],
    seconds: int | None,
    frames: int | None,
    counts: tuple[str, ...],
    facts: tuple[str, ...],
    gate: str,
    everything: bool,
    folder: Path | None,
    json_wanted: bool,
    **given: object,
) -> None:
    """May this be used so? YES (exit 0), SIGN: who has to act, or UNKNOWN: which fact is missing (10), NO (11).

    As a gate would judge it, by the same register and rules; nothing is recorded. What is not said is taken from the production's
    profile, and is unknown where that does not say it either. Of agreements it prints labels, territories, languages, media, days and
    maxima; of works, roles, scenes and tools only how many.
    """
    from edgecode.answers.ask.text import ask_text
    from edgecode.checks.rules.written_facts import assigned
    from edgecode.production.checking.asking import AskDraft
    from edgecode.production.checking.asking import ask as asked

    quantities = dict(_counted(one) for one in counts)
    quantities |= {name: n for name, n in (("seconds", seconds), ("frames", frames)) if n is not None}
    draft = AskDraft(
        act=act,
        person=person,
        nobody=nobody,
        modalities=modalities or None,
        media=_words(_given(given, "media")),
        languages=_words(_given(given, "languages")),
        territories=_words(_given(given, "territories")),
        scenes=_names(_given(given, "scenes")),
        roles=_names(_given(given, "roles")),
        tools=_names(_given(given, "tools")),
        training=given["training"],  # type: ignore[arg-type]
        on=str(given["on"]),
        counts=quantities,
        replica=str(given["replica"]),
        license=str(given["license_"]),
        model=str(given["model"]),
        dataset=str(given["dataset"]),
        work=str(given["work"]),
        cut=str(given["cut"]),
        use=str(given["use"]),
        facts=dict(assigned(one, root="use") for one in facts),
    )
    with opened(folder) as production:
        answer = asked(production, draft, gate=gate)  # type: ignore[arg-type]
    if json_wanted:
        print_json(answer)
    else:
        click.echo(ask_text(answer, columns=fitted_width(), everything=everything), nl=False)
    sys.exit({"YES": 0, "NO": RefusedError.exit_status}.get(answer.answer, HeldError.exit_status))


def _given(given: dict[str, object], name: str) -> tuple[str, ...]:
    value = given[name]
    return value if isinstance(value, tuple) else ()


def _counted(written: str) -> tuple[str, int]:
    name, _, number = written.partition("=")
    if not (number.isascii() and number.isdigit() and name):
        raise UsageError("ask.count", "a count is NAME=N with a whole number", "As in: --count lines=12")
    return name, int(number)
