"""Makes the entries of the demo's desk as a coordinator would: people, agreements, models and papers, then what became of them."""

import json
from collections.abc import Callable

from msgspec.structs import replace

from edgecode.cli.demo import desk_story as story
from edgecode.cli.demo import graphs
from edgecode.cli.demo.desk import PAPERS, Desk
from edgecode.cli.demo.weights import VOICE_MODEL
from edgecode.events.rights_kinds import DatasetItem, ModelTerms, ToolTermsSection
from edgecode.production import Production
from edgecode.production.agreements.moves import MoveDraft, move_agreement
from edgecode.production.agreements.recording import AgreementDraft, Kind, record_agreement
from edgecode.production.checking.answering import answer_finding
from edgecode.production.desk.about import version_of_desk
from edgecode.production.desk.described import (
    DatasetDraft,
    ModelDraft,
    describe_dataset,
    describe_model,
    name_dataset,
    see_tool_terms,
)
from edgecode.production.desk.profiling import describe_production
from edgecode.production.desk.records import DeterminationDraft, Family, PaperDraft, determine, keep_paper
from edgecode.production.desk.uses import UseDraft, declare_use
from edgecode.production.persons.noting import add_person, depict
from edgecode.production.persons.parties import RepresentationDraft, name_member, represent, set_fields
from edgecode.production.persons.replicas import ReplicaDraft, SessionDraft, keep_replica, keep_session
from edgecode.terms.rights import Act

_NOON = "T12:00:00+00:00"
_SIGNS: tuple[Act, ...] = ("create", "use_this_work", "alter", "train")
NEW_CONSENT = "new_consent.yaml"
"""The paper with a consent that would cover the line again; nobody has recorded it."""
TERM_SHORT = "archive.term_short"


def enter(desk: Desk) -> None:
    """Make every entry that is not made yet."""
    for chapter in (_people, _agreements, _captured, _models, _tools, _shown, _decided, _taken_back):
        desk.once(chapter.__name__, _whole, chapter, desk)


def _whole(chapter: Callable[[Desk], None], desk: Desk) -> str:
    chapter(desk)
    return "entered"


# ------------------------------------------------------------------------------------------ people and agreements


def _people(desk: Desk) -> None:
    production = desk.production
    desk.once("profile", _profiled, production, desk.written(story.PROFILE))
    for who, (name, fields) in story.PEOPLE.items():
        alias = desk.once(who, add_person, production, identity={"name": name}, contact={})
        desk.once(f"{who}, noted", set_fields, production, alias, desk.written(fields))
    for role in story.ROLES:
        desk.once(f"{role}, member", name_member, production, desk.called(role), [role])
    signs = RepresentationDraft("executor", acts=_SIGNS, since="1998-04-02", until="*", negotiated=True)
    desk.once("executorship", represent, production, desk.called("songwriter"), desk.called("executor"), signs)


def _profiled(production: Production, written: dict[str, str]) -> str:
    describe_production(production, written)
    return "said"


def _agreements(desk: Desk) -> None:
    """Consents and licenses, and first the sets of material that licenses name."""
    desk.once(story.STUDIES, name_dataset, desk.production, "Garden studies of the art department")
    desk.once(story.PICTURES, name_dataset, desk.production, "Meadow Open Pictures")
    desk.once(story.TAPES, version_of_desk, desk.production.index, story.TAPES_CALLED)
    _agreed(desk, story.VOICE, story.OF_THE_VOICE, person="songwriter", signer="executorship")
    _agreed(desk, story.HAND, story.OF_THE_HAND, person="performer")
    _agreed(desk, story.RECORDINGS, story.OF_THE_RECORDINGS, person="songwriter", signer="executorship")
    for label, (fields, covers) in story.LICENSES.items():
        _agreed(desk, label, fields, covers=covers)


def _agreed(
    desk: Desk, label: str, fields: story.Fields, *, person: str = "", signer: str = "", covers: tuple[str, ...] = ()
) -> None:
    """Write an agreement down with its paper, granted from the day on which it was signed."""
    kind: Kind = "consent" if person else "license"
    draft = AgreementDraft(
        kind=kind,
        written=desk.written({**story.EVERYWHERE, **fields}),
        person=desk.called(person) if person else "",
        label=label,
        representation=desk.called(signer) if signer else "",
        covers=desk.all_called(covers),
        documents=(desk.paper(f"{label}.txt", "Signed by both sides."),),
    )
    desk.once(label, _recorded, desk.production, draft)
    desk.once(f"{label}, granted", _moved, desk.production, label, MoveDraft("granted"), kind)


def _recorded(production: Production, draft: AgreementDraft) -> str:
    return record_agreement(production, draft).agreement


def _moved(production: Production, label: str, move: MoveDraft, kind: Kind) -> str:
    return move_agreement(production, label, move, kind=kind).on


# ------------------------------------------------------------------------------------------ how things were made


def _captured(desk: Desk) -> None:
    production, songwriter = desk.production, desk.called("songwriter")
    tapes = SessionDraft("archival", desk.all_called(("T0103_side_a",)), times={"started": "1974-06-03" + _NOON})
    recordings = desk.once("recordings", keep_session, production, songwriter, tapes)
    volume = SessionDraft(
        "mocap",
        desk.all_called(("hand_capture_t04", "guitar_t04")),
        times={"notice": desk.day(-100) + _NOON, "started": desk.day(-90) + _NOON},
        consent=story.HAND,
        values={"business_reason": "The hand that plays the last verse."},
    )
    desk.once("volume", keep_session, production, desk.called("performer"), volume)
    voice = ReplicaDraft("estate", "vocal", (recordings,), (desk.called(VOICE_MODEL),))
    desk.once("voice", keep_replica, production, songwriter, voice)


def _models(desk: Desk) -> None:
    """What each file of weights was trained on, down to the release of each item."""
    tape, plates = desk.called("T0103_side_a"), "forty plates"
    side_a = DatasetItem("T0103, side A", "licensed", desk.called("L-02"), tape, likeness=True)
    pictures = DatasetItem("four million pictures", "licensed", desk.called("L-04"), likeness=False)
    _trained_on(desk, VOICE_MODEL, story.TAPES, side_a)
    _trained_on(desk, graphs.LORA, story.STUDIES, DatasetItem(plates, "commissioned", likeness=False))
    _trained_on(desk, graphs.CHECKPOINT, story.PICTURES, pictures)


def _trained_on(desk: Desk, model: str, dataset: str, item: DatasetItem) -> None:
    """Describe a set of one item and the model that was trained on it. Only the voice was trained on somebody."""
    is_voice = bool(item.likeness)
    rights = DatasetDraft(
        desk.called(dataset),
        third_party=item.basis == "licensed",
        likeness=is_voice,
        minors=False,
        reserved=False,
        complete=True,
        items=(item,),
        collected="directly",
    )
    desk.once(f"{dataset}, described", describe_dataset, desk.production, rights)
    _noted(desk, "attest", "dataset_card", about=(dataset,), by="clearance")
    draft = ModelDraft(
        desk.called(model),
        parents=(),
        trained_on=(desk.called(dataset),),
        one_person=is_voice,
        person=desk.called("songwriter") if is_voice else "",
        terms=ModelTerms(restricts_av=False),
    )
    desk.once(f"{model}, described", describe_model, desk.production, draft)


def _tools(desk: Desk) -> None:
    for tool in story.TOOLS:
        terms = ToolTermsSection(
            tool, trains_on_inputs=False, enterprise=True, covered_provider=False, restricts_av=False
        )
        page = desk.written_paper(f"terms of {tool}.txt", "Inputs and outputs are the customer's and train nothing.")
        desk.once(f"terms of {tool}", see_tool_terms, desk.production, terms, snapshot=page)


# ------------------------------------------------------------------------------------------ who is in it, and what was decided


def _shown(desk: Desk) -> None:
    for who, source, how in story.SEEN:
        desk.once(f"{who} in {source}", depict, desk.production, desk.called(who), desk.called(source), how=how)
    for name, use in story.USES.items():
        about, by = desk.all_called(use.about), desk.called("legal")
        draft: UseDraft = replace(use, about=about, by=by, reason="Looked at it and read the cards.")
        desk.once(name, declare_use, desk.production, draft)


def _decided(desk: Desk) -> None:
    _noted(desk, "attest", "cue_sheet", about=(), by="clearance")
    for kind, about in story.LABELLED:
        _noted(desk, "disclosure", kind, about=about, by="producer")
    for name, (question, answer, about, reason) in story.JUDGED.items():
        judged = DeterminationDraft(question, answer, desk.called("legal"), reason, desk.all_called(about))
        desk.once(name, determine, desk.production, judged)


def _noted(desk: Desk, family: Family, kind: str, *, about: tuple[str, ...], by: str) -> None:
    draft = PaperDraft(family, kind, desk.all_called(about), desk.called(by))
    desk.once(" ".join((kind, *about)), keep_paper, desk.production, draft)


def _taken_back(desk: Desk) -> None:
    letter = desk.paper(f"{story.VOICE} taken back.txt", "We take it back.")
    move = MoveDraft("revoked", on=desk.day(-3), note=story.WHY_TAKEN_BACK, documents=(letter,))
    desk.once(f"{story.VOICE}, taken back", _moved, desk.production, story.VOICE, move, "consent")


# ------------------------------------------------------------------------------------------ what is answered, and what is left to you


def waive_reel(desk: Desk, *, cut: str) -> None:
    """Have counsel waive, once and for three weeks, that the reel's license ends before the release.

    Raises UnavailableError ``extra.missing``.
    """
    given = {"by": desk.called("legal"), "reason": story.WHY_WAIVED, "until": desk.day(21), "cut": cut}
    desk.once("reel, waived", answer_finding, desk.production, TERM_SHORT, "waived", **given)


def write_new_consent(desk: Desk) -> str:
    """Put a consent that covers the line again among the papers, ready to be recorded; returns where, from the film's folder."""
    letter = f"{story.VOICE} given again.txt"
    desk.written_paper(letter, "We give it again, for this film.")
    signed = {"person": desk.called("songwriter"), "representation": desk.called("executorship"), "state": "granted"}
    signed |= {"documents": letter, "by": desk.called("legal")}
    fields = desk.written({**story.EVERYWHERE, **story.OF_THE_VOICE, "signed_on": 0, "since": 0})
    lines = [f"{name}: {json.dumps(value)}\n" for name, value in {**signed, **fields}.items()]
    desk.written_paper(NEW_CONSENT, "".join(lines).removesuffix("\n"))
    return f"{PAPERS}/{NEW_CONSENT}"
