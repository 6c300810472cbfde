"""The commands of the desk about documents, models, datasets and the terms of tools."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from msgspec.structs import replace

from edgecode.cli.agreeing import WITH_DOCUMENTS, documents_of
from edgecode.cli.context import as_json, echo_folded, in_production, opened, print_json, said, sheet_bytes
from edgecode.errors import HeldError, InputError, UsageError
from edgecode.terms.rights import DocumentKind, Field, ModelKind

if TYPE_CHECKING:
    from edgecode.events.rights_kinds import ToolTermsSection
    from edgecode.production import Production

_YES_NO = click.Choice(("yes", "no"))
BY = click.option(
    "--by", default="", metavar="ALIAS", help="The member who answers for it; with --document it counts against before."
)
ANEW = click.option("--anew", is_flag=True, help="Take back what was said before and is not said again.")


_OF_SOMEBODY = frozenset({"contract", "rider", "release_form", "power_of_attorney", "court_order"})


def _truth(written: str | None) -> bool | None:
    return None if written is None else written == "yes"


@click.command("document")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--kind", type=click.Choice(get_args(DocumentKind)), default="other", show_default=True, help="What it is."
)
@click.option("--supersedes", default="", metavar="ID", help="The version of it before this one.")
@click.option(
    "--person", "alias", default="", metavar="ALIAS", help="Whose it is, if it is one person's: it goes with them."
)
@click.option("--check", is_flag=True, help="Instead: compare every document with its file; exit 10 when one differs.")
@click.option("--reveal", is_flag=True, help="With --check: print the names of the files too.")
@in_production
@as_json
def document(
    file: Path | None,
    kind: DocumentKind,
    supersedes: str,
    alias: str,
    check: bool,
    reveal: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """Keep a paper as evidence: its bytes are committed to, the file stays where it is. Prints its id."""
    from edgecode.index.persons import person_called
    from edgecode.production.documents import keep_document

    if check == (file is not None):
        raise UsageError("document.arguments", "give a FILE or --check", "As in: edgecode desk document rider.pdf")
    with opened(folder) as production:
        if file is not None:
            person = person_called(production.index, alias) if alias else None
            click.echo(keep_document(production, file, kind=kind, supersedes=supersedes, person=person))
            if person is None and kind in _OF_SOMEBODY:
                said("kept as the production's own paper; if it is one person's, keep it again with --person ALIAS")
            return
        differs = _check(production, json_wanted=json_wanted, reveal=reveal)
    if differs:
        sys.exit(HeldError.exit_status)


def _check(production: "Production", *, json_wanted: bool, reveal: bool) -> bool:
    """Compare documents with their files; whether one differs."""
    from edgecode.answers.desk.lists import DocumentLine, DocumentsAnswer
    from edgecode.answers.desk.lists_text import documents_text
    from edgecode.production.documents import document_states

    lines = tuple(
        DocumentLine(one.document, one.state, one.kind, one.name if reveal else None)
        for one in document_states(production)
    )
    answer = DocumentsAnswer(lines)
    if json_wanted:
        print_json(answer)
    else:
        echo_folded(documents_text(answer))
    return any(one.state in ("changed", "missing") for one in lines)


@click.command("model")
@click.argument("version")
@click.option("--new", "is_new", is_flag=True, help="VERSION is the name of a model that nobody here has the file of.")
@click.option("--parent", "parents", multiple=True, metavar="VERSION", help="A model that it was made of, or none.")
@click.option("--trained-on", "sources", multiple=True, metavar="VERSION", help="What it was trained on, or none.")
@click.option("--undisclosed", is_flag=True, help="Its maker will not say what it was trained on.")
@click.option("--one-person", type=_YES_NO, default=None, help="Whether it was built for one person.")
@click.option("--person", default="", metavar="ALIAS", help="Whose likeness it was built for.")
@click.option("--placed-on-market", default="", metavar="DATE", help="The day its maker first offered it.")
@click.option("--vendor", default="", help="Its maker.")
@click.option("--work", "works", multiple=True, help="A work that it may be used in, or *.")
@click.option("--field", "fields", multiple=True, type=click.Choice(get_args(Field)), help="Where outputs may be used.")
@click.option("--restricts-av", type=_YES_NO, default=None, help="Whether film, TV, ads or radio need another license.")
@click.option("--marking", multiple=True, help="What its maker puts into outputs, or none.")
@click.option("--certification", "certifications", multiple=True, help="A certificate that it has.")
@click.option("--kind", type=click.Choice(get_args(ModelKind)), default=None, help="What kind of model it is.")
@click.option("--version-name", default="", help="What its maker calls this version.")
@click.option("--detector", "detector_url", default="", metavar="URL", help="Where its maker tells what it made.")
@ANEW
@BY
@WITH_DOCUMENTS
@in_production
def model(
    version: str,
    is_new: bool,
    parents: tuple[str, ...],
    sources: tuple[str, ...],
    undisclosed: bool,
    one_person: str | None,
    person: str,
    placed_on_market: str,
    vendor: str,
    works: tuple[str, ...],
    fields: tuple[Field, ...],
    restricts_av: str | None,
    marking: tuple[str, ...],
    certifications: tuple[str, ...],
    kind: ModelKind | None,
    version_name: str,
    detector_url: str,
    anew: bool,
    by: str,
    papers: tuple[str, ...],
    folder: Path | None,
) -> None:
    """Describe a model: what it was made of and trained on, for whom, on which terms. What was said before stays until it is said anew;
    what of it holds a use back stays until a member answers for the change with a paper."""
    from edgecode.events.rights_kinds import ModelTerms
    from edgecode.production.desk.described import ModelDraft, describe_model, name_model

    restricts = _truth(restricts_av)
    terms = ModelTerms(
        *(vendor, _said(works), fields or None, restricts, _said(marking), certifications),
        *(kind, version_name, detector_url),
    )
    with opened(folder) as production:
        named = name_model(production, version) if is_new else _content(production, version)
        made = (_contents(production, parents), _contents(production, sources))
        evidence = documents_of(production, papers)
        draft = ModelDraft(named, *made, undisclosed, _truth(one_person), placed_on_market, person, terms, anew)
        draft = replace(draft, by=by, documents=evidence)
        _say_described(production, describe_model(production, draft))


def _say_described(production: "Production", description: str) -> None:
    from edgecode.production.desk.described import is_held_to_before

    click.echo(description)
    if is_held_to_before(production, description):
        said(
            "what was said before and holds a use back still counts; to take it back, give --by ALIAS and --document FILE"
        )


@click.command("dataset")
@click.argument("version")
@click.option(
    "--new", "is_new", is_flag=True, help="VERSION is the name of a dataset that nobody here has the files of."
)
@click.option("--third-party", type=_YES_NO, default=None, help="Whether any item is not the production's own.")
@click.option("--likeness", type=_YES_NO, default=None, help="Whether any item shows or sounds like a person.")
@click.option("--minors", type=_YES_NO, default=None, help="Whether any item shows a minor.")
@click.option("--reserved", type=_YES_NO, default=None, help="Whether any reservation was seen.")
@click.option("--complete", is_flag=True, help="Its items are listed, all of them.")
@click.option(
    "--items",
    "items",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV or YAML: item, basis, release, license, holder …",
)
@click.option("--reservation", "reservations", multiple=True, metavar="SCHEME=VALUE@DATE", help="A reservation seen.")
@click.option("--collected", default="", help="How it was collected.")
@click.option("--card", "card", multiple=True, metavar="NAME=VALUE", help="A field of its provenance card.")
@ANEW
@BY
@WITH_DOCUMENTS
@in_production
def dataset(
    version: str,
    is_new: bool,
    third_party: str | None,
    likeness: str | None,
    minors: str | None,
    reserved: str | None,
    complete: bool,
    items: Path | None,
    reservations: tuple[str, ...],
    collected: str,
    card: tuple[str, ...],
    anew: bool,
    by: str,
    papers: tuple[str, ...],
    folder: Path | None,
) -> None:
    """Describe the rights in a dataset, down to the release of each item. What was said before stays until it is said anew; a new list of
    items replaces the one before. What of it holds a use back stays until a member answers for the change with a paper."""
    from edgecode.production.desk.described import DatasetDraft, describe_dataset, name_dataset, read_items
    from edgecode.production.desk.reading import card_of, reservations_of

    seen, fields = reservations_of(reservations), card_of(card)
    known = (_truth(third_party), _truth(likeness), _truth(minors), _truth(reserved))
    with opened(folder) as production:
        listed = None
        if items is not None:
            read = read_items(production, sheet_bytes(items), name=items.name)
            for problem in read.problems:
                said(str(problem))
            if read.problems:
                sys.exit(InputError.exit_status)
            listed = read.items
        named = name_dataset(production, version) if is_new else _content(production, version)
        draft = DatasetDraft(named, *known, complete, listed, seen, collected, fields, anew)
        draft = replace(draft, by=by, documents=documents_of(production, papers))
        _say_described(production, describe_dataset(production, draft))


@click.command("tool-terms")
@click.argument("tool")
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The archived page or paper; its bytes are hashed.",
)
@click.option("--plan", default="", help="The plan that they are for.")
@click.option("--vendor", default="", help="Whose terms they are.")
@click.option("--seen", default="", metavar="DATE", help="The day they were read (default: today).")
@click.option("--since", default="", metavar="DATE", help="The day from which they are in force.")
@click.option(
    "--trains-on-inputs", type=_YES_NO, default=None, help="Whether inputs or outputs are kept, reused or trained on."
)
@click.option("--retention-days", type=click.IntRange(0, 1_000_000), default=None, help="How long inputs are kept.")
@click.option("--enterprise", type=_YES_NO, default=None, help="Whether it is an enterprise-secured environment.")
@click.option("--indemnity", type=_YES_NO, default=None, help="Whether its maker indemnifies.")
@click.option(
    "--covered-provider", type=_YES_NO, default=None, help="Whether it has over a million monthly users in California."
)
@click.option("--restricts-av", type=_YES_NO, default=None, help="Whether film, TV, ads or radio need another license.")
@click.option("--field", "fields", multiple=True, type=click.Choice(get_args(Field)), help="Where outputs may be used.")
@in_production
def tool_terms(
    tool: str,
    snapshot: Path | None,
    plan: str,
    vendor: str,
    seen: str,
    since: str,
    trains_on_inputs: str | None,
    retention_days: int | None,
    enterprise: str | None,
    indemnity: str | None,
    covered_provider: str | None,
    restricts_av: str | None,
    fields: tuple[Field, ...],
    folder: Path | None,
) -> None:
    """Archive the terms of a tool and plan, as somebody read them. They supersede those that were seen before; what is not said again stays
    where the page is the same."""
    from edgecode.checks.register import Register
    from edgecode.events.rights_kinds import ToolTermsSection
    from edgecode.production.desk.described import see_tool_terms

    section = ToolTermsSection(
        *(tool, plan, vendor, since, _truth(trains_on_inputs), retention_days, _truth(enterprise)),
        *(_truth(indemnity), _truth(covered_provider), _truth(restricts_av), fields or None),
    )
    with opened(folder) as production:
        before = Register.read(production.index, origin=production.log.origin).terms_of_tool(tool, plan=plan)
        snapshot_id = see_tool_terms(production, section, snapshot=snapshot, seen=seen)
        after = next(
            one
            for one in Register.read(production.index, origin=production.log.origin).tool_terms
            if one.snapshot == snapshot_id
        )
    click.echo(snapshot_id)
    _say_dropped(before.section if before is not None else None, after.section)


def _say_dropped(before: "ToolTermsSection | None", after: "ToolTermsSection | None") -> None:
    """What was known of the page before and nobody has read in this one."""
    if before is None or after is None:
        return
    gone = [name for name in _READ if getattr(before, name) is not None and getattr(after, name) is None]
    if gone:
        words = ", ".join(name.replace("_", "-") for name in gone)
        said(f"another page, so it is not known any more until somebody reads it there: {words}")


_READ = (
    "trains_on_inputs",
    "retention_days",
    "enterprise",
    "indemnity",
    "covered_provider",
    "restricts_av",
    "fields",
)


def _said(written: tuple[str, ...]) -> tuple[str, ...] | None:
    """None when nothing was written; () for ``none``."""
    return None if not written else () if written == ("none",) else written


def _contents(production: "Production", written: tuple[str, ...]) -> tuple[str, ...] | None:
    named = _said(written)
    return None if named is None else tuple(_content(production, one) for one in named)


def _content(production: "Production", written: str) -> str:
    return production.digest_of(Path(written)) if Path(written).exists() else written
