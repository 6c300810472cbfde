"""The entries of a story as calls of the production: one verb each, in the words of the story's files."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.checks.register import Register
from edgecode.drivers.key_files import FileSigner
from edgecode.errors import EdgecodeError
from edgecode.events.kinds import ConformDecision
from edgecode.events.rights_kinds import ModelTerms, ToolTermsSection
from edgecode.production import documents
from edgecode.production.agreements import moves as agreement_moves
from edgecode.production.agreements import recording as agreements
from edgecode.production.checking.answering import answer_finding
from edgecode.production.checking.cuts import check
from edgecode.production.desk import described
from edgecode.production.desk import records as desk
from edgecode.production.desk import uses as desk_uses
from edgecode.production.desk.profiling import describe_production
from edgecode.production.erasing import ordering as erasing
from edgecode.production.persons import noting as persons
from edgecode.production.persons import parties, replicas
from stories.story_film import write_cut

if TYPE_CHECKING:
    from stories.story_run import Telling

Entry = Mapping[str, Any]
USUAL: dict[str, dict[str, Any]] = yaml.load((Path(__file__).parent / "usual.yml").read_text("utf-8"), yaml.BaseLoader)
"""What agreements and profiles say where a story does not say otherwise; all of it is harmless."""

VERBS: dict[str, Callable[["Telling", Entry], None]] = {}


def verb(name: str) -> Callable[[Callable[["Telling", Entry], None]], Callable[["Telling", Entry], None]]:
    """Makes a function the one that tells entries with the key *name*."""

    def named(told: Callable[["Telling", Entry], None]) -> Callable[["Telling", Entry], None]:
        VERBS[name] = told
        return told

    return named


def verb_of(entry: Entry) -> str:
    """What an entry says happens."""
    (found,) = (name for name in entry if name in VERBS)
    return found


def tell(telling: "Telling", entry: Entry) -> None:
    """Do what one entry says."""
    VERBS[verb_of(entry)](telling, entry)


def named(telling: "Telling", words: str | Sequence[str] | None) -> tuple[str, ...]:
    """What a story calls people, agreements, records and files, as the production's functions take them."""
    if words is None:
        return ()
    found = []
    for word in [words] if isinstance(words, str) else words:
        if word in telling.aliases:
            found.append(telling.aliases[word])
        elif word in telling.records:
            found.append(telling.records[word])
        elif word in telling.files:
            found.append(version_of(telling, word))
        else:
            found.append(word)
    return tuple(found)


def one(telling: "Telling", word: str | None) -> str:
    """The same of one word; "" of none."""
    return named(telling, word)[0] if word else ""


def version_of(telling: "Telling", path: str) -> str:
    """The version of a file of the story."""
    written = str(telling.media / path.replace("#", "%04d"))
    return telling.production.look_up([written])[written]


def paper_of(telling: "Telling", path: str | None) -> tuple[documents.PaperFile, ...]:
    """A file of the story as evidence."""
    return (documents.read_paper(telling.production, telling.media / path),) if path else ()


# ------------------------------------------------------------------------------------------ making


@verb("step")
def _step(telling: "Telling", entry: Entry) -> None:
    """A step of making as a connector writes it (step/1), its files below the media folder."""
    said = entry["step"]
    line = {"schema": "edgecode.step/1", "folder": telling.media.as_posix(), **said}
    for side in ("inputs", "outputs"):
        files = [{"path": file} if isinstance(file, str) else dict(file) for file in said.get(side, [])]
        line[side] = [file | {"path": file["path"].replace("#", "%04d")} for file in files]
    line.setdefault("ended", telling.clock())
    taken = telling.production.record_lines([json.dumps(line).encode()])
    assert taken.steps == 1, (said, taken)


@verb("cut")
def _cut(telling: "Telling", entry: Entry) -> None:
    """A cut is handed over; one of the same name supersedes the one before."""
    said = entry["cut"]
    number = len(list((telling.folder / "cuts").glob("*"))) if (telling.folder / "cuts").exists() else 0
    target = telling.folder / "cuts" / f"{number:02d}.{said.get('format', 'otio')}"
    write_cut(target, said, media=telling.media, files=telling.files, rate=telling.rate)
    from edgecode.terms.timebase import Rate

    (row,) = telling.production.add_cut([target], name=said["name"], rate=Rate(telling.rate))
    telling.records[said["name"]] = row.key


@verb("settle")
def _settle(telling: "Telling", entry: Entry) -> None:
    """Somebody says which file a clip shows."""
    row = telling.production.cut(entry["settle"])
    clip = telling.production.view(row).keys[entry["clip"]]
    decision = ConformDecision(clip, version_of(telling, entry["shows"]))
    telling.production.settle_conform(row, [decision])


# ------------------------------------------------------------------------------------------ people


@verb("person")
def _person(telling: "Telling", entry: Entry) -> None:
    """Somebody is noted: *notes* are what rules may know of them."""
    alias = persons.add_person(telling.production, identity={"name": entry["name"]}, contact={})
    telling.aliases[entry["person"]] = alias
    if "notes" in entry:
        parties.set_fields(telling.production, alias, entry["notes"])
    if "roles" in entry:
        parties.name_member(telling.production, alias, entry["roles"], by=one(telling, entry.get("by")))


@verb("noted")
def _noted(telling: "Telling", entry: Entry) -> None:
    """Something more is noted of a person."""
    parties.set_fields(telling.production, telling.aliases[entry["noted"]], entry["notes"])


@verb("represents")
def _represents(telling: "Telling", entry: Entry) -> None:
    """Somebody may sign for somebody else."""
    draft = parties.RepresentationDraft(
        capacity=entry["capacity"],
        share=parties.share_of(entry["share"]) if "share" in entry else None,
        decision=entry.get("decision"),
        acts=tuple(entry["acts"]) if "acts" in entry else None,
        since=entry.get("since", ""),
        until=entry.get("until", ""),
        documents=paper_of(telling, entry.get("paper")),
    )
    sides = telling.aliases[entry["whom"]], telling.aliases[entry["represents"]]
    telling.records[entry["as"]] = parties.represent(telling.production, *sides, draft)


@verb("session")
def _session(telling: "Telling", entry: Entry) -> None:
    """Somebody is scanned, captured, recorded or photographed."""
    draft = replicas.SessionDraft(
        kind=entry["session"],
        versions=named(telling, entry.get("made")),
        times=entry.get("times", {}),
        consent=entry.get("consent", ""),
        values=entry.get("values", {}),
    )
    identity = replicas.keep_session(telling.production, telling.aliases[entry["of"]], draft)
    telling.records[entry["as"]] = identity


@verb("replica")
def _replica(telling: "Telling", entry: Entry) -> None:
    """A replica of somebody exists."""
    draft = replicas.ReplicaDraft(
        kind=entry["replica"],
        medium=entry["medium"],
        made_from=named(telling, entry.get("made_from")),
        versions=named(telling, entry.get("files")),
        values=entry.get("values", {}),
    )
    telling.records[entry["as"]] = replicas.keep_replica(telling.production, telling.aliases[entry["of"]], draft)


@verb("depicted")
def _depicted(telling: "Telling", entry: Entry) -> None:
    """A person is seen or heard in a file; *frames*: of the file, half open."""
    first, end = entry.get("frames", (None, None))
    persons.depict(
        telling.production,
        telling.aliases[entry["depicted"]],
        version_of(telling, entry["in"]),
        how=entry.get("how", "depicted"),
        first=first,
        end=end,
        biometric=entry.get("biometric") == "yes",
    )


# ------------------------------------------------------------------------------------------ small records


@verb("profile")
def _profile(telling: "Telling", entry: Entry) -> None:
    """The production says what it is."""
    said = {**USUAL["profile"], **entry["profile"]}
    written = {name: str(value) for name, value in said.items()}
    describe_production(telling.production, written, by=telling.aliases.get("clara", ""), reason="as the story goes")


def _paper(family: desk.Family) -> Callable[["Telling", Entry], None]:
    def told(telling: "Telling", entry: Entry) -> None:
        draft = desk.PaperDraft(
            family=family,
            kind=entry[family],
            about=named(telling, entry.get("about")),
            by=one(telling, entry.get("by")),
            at=entry.get("at", ""),
            until=entry.get("until", ""),
            values=entry.get("values", {}),
            reason=entry.get("reason", ""),
            clause=entry.get("clause", ""),
            documents=paper_of(telling, entry.get("paper")),
        )
        telling.records[entry.get("as", "")] = desk.keep_paper(telling.production, draft)

    return told


for _family in ("notice", "approval", "disclosure", "attest", "payment"):
    VERBS[_family] = _paper(_family)  # type: ignore[arg-type]


@verb("determination")
def _determination(telling: "Telling", entry: Entry) -> None:
    """A named member judges what no machine can."""
    draft = desk.DeterminationDraft(
        question=entry["determination"],
        answer=entry["answer"],
        by=one(telling, entry["by"]),
        reason=entry["reason"],
        about=named(telling, entry.get("about")),
        role=entry.get("role", ""),
        until=entry.get("until", ""),
        clause=entry.get("clause", ""),
    )
    telling.records[entry.get("as", "")] = desk.determine(telling.production, draft)


@verb("use")
def _use(telling: "Telling", entry: Entry) -> None:
    """What no machine can tell of a use: quantities, the language, the roles. Never facts."""
    import msgspec

    from edgecode.terms.rights import Scope

    first, end = entry.get("frames", (None, None))
    draft = desk_uses.UseDraft(
        kind=entry["use"],
        about=named(telling, entry.get("about")),
        first=first,
        end=end,
        scope=msgspec.convert(entry.get("scope", {}), Scope),
        quantities=entry.get("quantities", {}),
    )
    telling.records[entry.get("as", "")] = desk_uses.declare_use(telling.production, draft)


@verb("cut_is")
def _cut_is(telling: "Telling", entry: Entry) -> None:
    """A cut is locked, delivered or released."""
    desk_uses.move_cut(
        telling.production,
        entry["of"],
        entry["cut_is"],
        on=entry.get("from", ""),
        territories=entry.get("territories", ()),
        media=entry.get("media", ()),
        by=one(telling, entry["by"]) if "by" in entry else "",
    )


# ------------------------------------------------------------------------------------------ models and data


@verb("model")
def _model(telling: "Telling", entry: Entry) -> None:
    """What is known of a model. ``works: this``: it serves this production and nothing else."""
    trained_on = entry.get("trained_on")
    own = Register.read(telling.production.index).production
    draft = described.ModelDraft(
        version=one(telling, entry["model"]),
        trained_on=None if trained_on is None else named(telling, trained_on),
        person=one(telling, entry.get("of")),
        one_person=_flag(entry, "one_person"),
        terms=ModelTerms(allowed_works=(own,)) if entry.get("works") == "this" else ModelTerms(),
    )
    described.describe_model(telling.production, draft)


@verb("dataset")
def _dataset(telling: "Telling", entry: Entry) -> None:
    """What is known of the rights in a dataset, down to the release of each item."""
    name = entry["dataset"]
    if name not in telling.records:
        telling.records[name] = described.name_dataset(telling.production, name)
    items = json.dumps([_item(telling, one_item) for one_item in entry.get("items", [])]).encode()
    read = described.read_items(telling.production, items, name="items.yaml")
    assert read.problems == (), read.problems
    draft = described.DatasetDraft(
        version=telling.records[name],
        third_party=_flag(entry, "third_party"),
        likeness=_flag(entry, "likeness"),
        minors=_flag(entry, "minors"),
        reserved=_flag(entry, "reserved"),
        complete=entry.get("complete") == "yes",
        items=read.items,
    )
    described.describe_dataset(telling.production, draft)


@verb("tool_terms")
def _tool_terms(telling: "Telling", entry: Entry) -> None:
    """The terms of a tool are archived, as somebody read them out of the paper."""
    says = {name: {"yes": True, "no": False}.get(value, value) for name, value in entry["says"].items()}
    section = ToolTermsSection(entry["tool_terms"], **says)
    described.see_tool_terms(telling.production, section, snapshot=telling.media / entry["paper"])


def _item(telling: "Telling", said: Entry) -> dict[str, str]:
    version = {"version": version_of(telling, said["version"])} if "version" in said else {}
    return {**said, **version}


def _flag(entry: Entry, name: str) -> bool | None:
    return {"yes": True, "no": False, None: None}[entry.get(name)]


def file_of(telling: "Telling", path: str) -> Path:
    """A file of the story on disk."""
    return telling.media / path


# ------------------------------------------------------------------------------------------ agreements


def _agreement(kind: agreements.Kind) -> Callable[["Telling", Entry], None]:
    def told(telling: "Telling", entry: Entry) -> None:
        """An agreement is written down in the fields that people type; *granted*: from that day."""
        draft = agreements.AgreementDraft(
            kind=kind,
            written={name: _words(value) for name, value in {**USUAL[kind], **entry["says"]}.items()},
            person=one(telling, entry.get("of")),
            label=entry[kind],
            kept=entry.get("kept", "here"),
            representation=one(telling, entry.get("signed_under")),
            covers=named(telling, entry.get("covers")),
            documents=paper_of(telling, entry.get("paper")),
            by=one(telling, entry.get("by")),
        )
        agreements.record_agreement(telling.production, draft)
        if "granted" in entry:
            move = agreement_moves.MoveDraft("granted", on=entry["granted"])
            agreement_moves.move_agreement(telling.production, entry[kind], move, kind=kind)

    return told


VERBS["consent"] = _agreement("consent")
VERBS["license"] = _agreement("license")


def _kind_of(label: str) -> agreements.Kind:
    return "consent" if label.startswith("C") else "license"


def _words(value: object) -> str | list[str]:
    return [str(word) for word in value] if isinstance(value, list) else str(value)


@verb("move")
def _move(telling: "Telling", entry: Entry) -> None:
    """Something happens to an agreement."""
    draft = agreement_moves.MoveDraft(
        entry["move"],
        on=entry.get("from", ""),
        why=entry.get("why", ""),
        acts=tuple(entry.get("acts", ())),
        condition=entry.get("condition", ""),
        approver=entry.get("approver", ""),
        documents=paper_of(telling, entry.get("paper")),
        by=one(telling, entry.get("by")),
    )
    agreement_moves.move_agreement(telling.production, entry["of"], draft, kind=_kind_of(entry["of"]))


@verb("amend")
def _amend(telling: "Telling", entry: Entry) -> None:
    """An agreement is amended; both sides signed."""
    change = agreements.Amendment(
        written={name: _words(value) for name, value in entry["says"].items()},
        documents=paper_of(telling, entry.get("paper")),
        by=one(telling, entry.get("by")),
    )
    label = entry["amend"]
    agreements.amend_agreement(
        telling.production, label, change, kind=_kind_of(label), signed_on=entry["signed_on"], on=entry.get("from", "")
    )


@verb("standing")
def _standing(telling: "Telling", entry: Entry) -> None:
    """Whoever keeps an agreement says how it stands."""
    about = one(telling, entry["standing"])
    agreement_moves.state_standing(telling.production, about, entry["says"], as_of=entry.get("as_of", ""))


# ------------------------------------------------------------------------------------------ the gate


@verb("gate")
def _gate(telling: "Telling", entry: Entry) -> None:
    """A gate is asked."""
    from stories.story_check import ask

    ask(telling, entry)


@verb("waive")
def _waive(telling: "Telling", entry: Entry) -> None:
    """A named member waives every finding of a rule in a cut; *refused*: the code with which that is refused."""
    checked = check(telling.production, entry["of"])
    names = [one.name for one in checked.findings if one.verdict.rule == entry["waive"]]
    assert names, f"there is no finding of {entry['waive']}"
    for name in names:
        code = ""
        try:
            answer_finding(
                telling.production,
                name,
                "waived",
                by=telling.aliases[entry["by"]],
                reason=entry["reason"],
                until=entry["until"],
            )
        except EdgecodeError as error:
            code = error.code
        assert code == entry.get("refused", ""), (name, code)


# ------------------------------------------------------------------------------------------ erasure


@verb("erase")
def _erase(telling: "Telling", entry: Entry) -> None:
    """A person is erased on their demand, approved by two people."""
    signers = [_signer(number) for number in (1, 2)]
    for signer in signers:
        persons.name_approver(telling.production, signer.public.hex())
    request = erasing.Request(telling.clock.day, "person", "identity-document", "consent-withdrawn", "handed-over")
    order = erasing.plan(telling.production, telling.aliases[entry["erase"]], request).order
    for signer in signers:
        order = erasing.approve(telling.production, order, signer)
    erasing.erase_person(telling.production, order)


def _signer(number: int) -> FileSigner:
    return FileSigner(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
