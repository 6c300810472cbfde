"""What keeps the documentation true: codes, links, commands, made pages, words, decisions."""

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import click
import pytest

from doc_pages import ROOT, Command, anchors, commands_in, example_commands, links, pages, prose, spoken_commands
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.cli.app import edgecode
from edgecode.cli.verify import _parser
from edgecode.events.registry import KINDS

DOCS = ROOT / "docs"

# Raised where a file is read and always caught there: people see a Diagnostic, never the exit status.
CAUGHT = {
    "credential.unreadable",
    "generation.text_too_large",
    "generation.text_unreadable",
    "media.header_too_large",
    "media.malformed",
    "media.truncated",
    "pixels.ambiguous",
    "pixels.incomplete",
    "record.id_reused",
}

SETTINGS_AND_COLUMNS = {
    "store.ledger",
    "store.keys",
    "store.index",
    "store.signer",
    "store.high_water",
    "store.signer_before",
    "witness.policy",
    "publish.to",
    "conform.names",
    "version.step_id",
}

WORDS = """
    production, episode, sequence, scene, shot, cut, edit reel, source reel, clip, plate, element, comp, precomp, matte,
    asset, version, representation, step, recipe, person, representative, likeness, replica, capture session, consent, license,
    scope, terms, use, determination, finding, FYI, Issue, Blocker, Fix, Cleared, Waived, waiver, clearance, CLEARED, HELD,
    REFUSED, grade, declared, logged, signed, corroborated, coverage, matchback, edge code, code book, ledger, cut list,
    change list, pull list, dupe list, missing elements list, cue sheet, clearance log, turnover, pack, witness, checkpoint,
    WITNESSED, UNWITNESSED, UNVERIFIABLE, DIVERGED, INVALID, ingest, capture,
    act of consent, adopted, agreement, approval, attestation, condition precedent, confidence cap, dataset, disclosure, disputed, document,
    exhausted, expired, revoked, suspended, terminated, fact, gate, hook, likeness modality, maximum, member, minor, model, move,
    not checked, notice, pack of rules, party, plain use, profile, role, separation of duties, severity, small record, standing,
    synthetic performer, tier, maintained, template, watch, tool terms, unknown, withdrawal
"""


def load_script(name: str) -> ModuleType:
    spec = spec_from_file_location(name, ROOT / "dev" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


error_codes = load_script("error_codes")


# ------------------------------------------------------------------------------------------ codes


def test_every_code_has_one_heading_and_every_heading_a_code() -> None:
    headings = re.findall(r"^### `(.+)`$", error_codes.PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(error_codes.all_codes())


def test_no_code_is_put_together_where_nobody_can_look_it_up() -> None:
    assert error_codes.put_together() == []


def test_what_only_looks_like_a_code_is_still_in_the_package() -> None:
    assert sorted(error_codes.LOOKALIKES.keys() - error_codes.constants()) == []


def test_a_code_behind_a_helper_is_found_like_one_in_plain_sight() -> None:
    source = """
class Broken(InputError):
    def __init__(self) -> None:
        super().__init__("a.parent", "sentence")
def said(self) -> None:
    self.anything("b.hidden", "sentence")
    losses = {"c.keyed": True}
    raise NotFoundError("d.plain", "sentence")
def judged() -> Diagnostic:
    return Diagnostic("undotted", "sentence", effect="approximate")
"""
    found = {(said.code, said.kind, said.status, said.effect) for said in error_codes.said_in(source, where="x.py")}

    assert found == {
        ("a.parent", "error", 20, ""),
        ("b.hidden", "", 0, ""),
        ("c.keyed", "", 0, ""),
        ("d.plain", "error", 21, ""),
        ("undotted", "Diagnostic", 0, "approximate"),
    }


def test_the_page_names_the_exit_status_of_every_error() -> None:
    sections = error_codes.sections()
    silent = [
        f"{said.code}: exit {said.status} ({said.where})"
        for said in error_codes.all_said()
        if said.kind == "error" and said.code not in CAUGHT and f"exit {said.status}" not in sections[said.code]
    ]

    assert silent == []


def test_the_page_names_the_effect_of_every_diagnostic() -> None:
    sections = error_codes.sections()
    silent = [
        f"{said.code}: {said.effect} ({said.where})"
        for said in error_codes.all_said()
        if said.kind == "Diagnostic" and f"`{said.effect}`" not in sections[said.code] and said.effect
    ]

    assert silent == []


def test_every_code_is_explained_in_a_kind_and_at_least_one_sentence() -> None:
    bare = [
        code
        for code, text in error_codes.sections().items()
        if not re.match(r"\*(Error|Diagnostic|Finding|Problem)\b[^*]*\.\* \S.{20,}", text.replace("\n", " "))
    ]

    assert bare == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_codes_that_pages_speak_of_exist(page: Path) -> None:
    families = {code.partition(".")[0] for code in error_codes.all_codes() if "." in code}
    spoken = {code for code in re.findall(r"`([a-z_]+\.[a-z_]+)`", prose(page)) if code.partition(".")[0] in families}
    kinds = {name.partition("/")[0] for name in KINDS}
    modules = {code for code in spoken if (ROOT / "src" / "edgecode" / f"{code.replace('.', '/')}.py").is_file()}
    known = CATALOGUE.keys() | error_codes.RULE_CODES
    files = {code for code in spoken if code.endswith((".py", ".db", ".html", ".json", ".txt"))}

    assert sorted(spoken - error_codes.all_codes() - kinds - modules - files - SETTINGS_AND_COLUMNS - known) == []


# ------------------------------------------------------------------------------------------ links


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_a_reader_of_the_contents_finds_every_page() -> None:
    contents = DOCS / "README.md"
    listed = {(contents.parent / link.partition("#")[0]).resolve() for link in links(contents)}
    found = {page for page in DOCS.rglob("*.md") if page.parent.name != "decisions" and page != contents}

    assert sorted(page.name for page in found - listed) == []


def test_headings_get_the_names_that_code_hosts_give_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# What `counts`, and why\n\n## A\n\n```sh\n# no heading\n```\n\n## A\n\n### [x_y](z.md)\n", encoding="utf-8"
    )

    assert anchors(page) == {"what-counts-and-why", "a", "a-1", "x_y"}


# ------------------------------------------------------------------------------------------ made pages


@pytest.mark.parametrize("script", ["commands", "schemas", "error_codes", "rules", "forms"])
def test_what_is_made_from_the_code_is_up_to_date(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev" / f"{script}.py"), "--check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "")


# ------------------------------------------------------------------------------------------ commands


def named_command(words: tuple[str, ...]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that *words* name and its arguments."""
    command: click.Command = edgecode
    context = click.Context(edgecode, info_name="edgecode")
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        below = command.get_command(context, rest[0])
        assert below is not None, f"no command {rest[0]}"
        command, rest = below, rest[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    return command, context, rest


def fault_of(command: Command, *, whole: bool) -> str:
    """Why click would refuse the command line; empty when it would not. *whole*: arguments must all be there and of their kinds."""
    try:
        found, context, arguments = named_command(command.words[1:])
        given, rest, _ = found.make_parser(context).parse_args(list(arguments))
        if rest:
            return f"{rest} is too much"
        for parameter in found.get_params(context) if whole else []:
            value = given.get(parameter.name)
            values = value if isinstance(value, list | tuple) else [value]
            if parameter.required and not any(isinstance(one, str) for one in values):
                return f"{parameter.name} is missing"
            if isinstance(parameter.type, click.Choice | click.IntRange | type(click.INT)):
                for one in values:
                    if isinstance(one, str):
                        parameter.type.convert(one, parameter, context)
    except (AssertionError, click.ClickException) as error:
        return error.format_message() if isinstance(error, click.ClickException) else str(error)
    return ""


def faults(commands: list[Command], *, whole: bool) -> list[str]:
    judged = [(command, fault_of(command, whole=whole)) for command in commands]
    return [f"{command.page}: {' '.join(command.words)}: {fault}" for command, fault in judged if fault]


def test_every_command_in_an_example_exists_with_its_options() -> None:
    found = example_commands("edgecode")

    assert len(found) > 20
    assert faults(found, whole=True) == []


def test_every_command_that_a_sentence_names_exists_with_its_options() -> None:
    found = spoken_commands("edgecode")

    assert len(found) > 20
    assert faults(found, whole=False) == []


def test_every_example_of_the_offline_verifier_is_one_that_it_takes() -> None:
    found = example_commands("edgecode-verify")

    assert found
    for command in found:
        try:
            _parser().parse_args(command.words[1:])
        except SystemExit:
            pytest.fail(f"{command.page}: {' '.join(command.words)}")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("edgecode coverage reel1", ""),
        ("edgecode covrage reel1", "no command covrage"),
        ("edgecode coverage reel1 --colour", "--colour"),
        ("edgecode coverage", "is missing"),
        ("edgecode cut list reel1", "too much"),
        ("edgecode answer reel1 --question first", "is not a valid integer"),
        ("edgecode log prove 412 > proof   # and a comment", ""),
    ],
)
def test_a_wrong_command_line_would_be_seen(line: str, fault: str) -> None:
    (command,) = commands_in(line, page="page.md")

    found = fault_of(command, whole=True)

    assert fault in found if fault else found == ""


# ------------------------------------------------------------------------------------------ words and decisions


def test_the_glossary_has_every_word_of_the_trade_that_we_use() -> None:
    text = prose(DOCS / "explanation" / "glossary.md")
    defined = {
        word.strip()
        for span in re.findall(r"\*{1,2}([^*]+)\*{1,2}", text)
        for word in re.split(r",", span.replace("\n", " "))
    }
    wanted = {" ".join(word.split()) for word in WORDS.split(",")}

    assert sorted(wanted - defined - {word.lower() for word in defined}) == []


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    text = prose(DOCS / "explanation" / "glossary.md")
    heads = re.findall(r"^\*\*([^*]+)\*\* —", text, re.MULTILINE)

    assert heads == sorted(heads, key=str.lower)


def test_every_decision_is_listed_and_every_listed_one_is_there() -> None:
    folder = DOCS / "decisions"
    listed = re.findall(
        r"^\| \[(\d{4})\]\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert [name for number, name in listed if not name.startswith(number)] == []
    assert sorted(name for _, name in listed) == sorted(path.name for path in folder.glob("[0-9]*.md"))
