"""The toolchain register: every tool and model that had a hand in a cut, its terms, its training data and its frames; unknowns first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from edgecode.answers.chain import LineageStep
from edgecode.answers.cuts.accounts import Medium
from edgecode.answers.layout.columns import NOT_RECORDED, counted, share
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet, cell
from edgecode.answers.papers.behind import Stretch, behind_stretches
from edgecode.answers.papers.heading import VERIFY, figures_of, unaccounted_line
from edgecode.answers.papers.known import Known
from edgecode.checks.desk_rows import ToolTerms
from edgecode.ingest.making import base_name
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import ModelUse

TOOLCHAIN_COLUMNS = (
    "Unknowns",
    "Tool",
    "Version",
    "Vendor",
    "Model",
    "Weights",
    "Settings commitment",
    "Terms snapshot",
    "Training data",
    "Steps",
    "Frames of picture",
    "Frames of sound",
    *LAST_COLUMNS,
)
PUBLIC_COLUMNS = (
    "Unknowns",
    "Tool",
    "Version",
    "Vendor",
    "Model",
    "Terms snapshot",
    "Training data",
    "Frames of picture",
    "Frames of sound",
    "Grade",
)
WITHHELD = "a model of one person (name withheld)"
"""What the public register calls a model that was built for somebody's likeness, since its name may be theirs."""

_OF_MANY = ("checkpoint", "unet", "vae", "clip", "controlnet", "upscale")
"""Kinds of model that are trained of many: their names are a product's."""

Committed = Callable[[int], str]
"""By entry of a step: the salted commitment to its recipe in the ledger, as hexadecimal digits; "" where it has none."""

_GRADES = tuple(grade.value for grade in Grade)


@dataclass
class _Line:
    """What was gathered of one tool with one model."""

    tool: str
    version: str
    model: ModelUse | None
    weights: RecordId = ""
    code: str = ""
    steps: dict[RecordId, LineageStep] = field(default_factory=dict)
    spans: dict[Medium, list[tuple[int, int]]] = field(default_factory=dict)


def toolchain(known: Known, *, committed: Committed, public: bool = False) -> Sheet:
    """The register of a cut; lines with most unknowns first, then by frames. *public*: without names of people's models, settings,
    versions and entries, on the columns that a stranger needs."""
    lines = _lines(known)
    rows = [_row(known, line, committed, public=public) for line in lines]
    columns = PUBLIC_COLUMNS if public else TOOLCHAIN_COLUMNS
    rows.sort(
        key=lambda row: (
            row["Unknowns"] == "none",
            -row["Unknowns"].count(";"),
            -int(row["Frames of picture"]),
            row["Tool"],
            row["Model"],
        )
    )
    named = f'"{known.production}"  ' if known.production else ""
    return Sheet(
        f"TOOLCHAIN REGISTER  {named}{known.view.name}",
        columns,
        tuple(tuple(row[name] for name in columns) for row in rows),
        head=tuple(_questions(known, rows)),
        foot=tuple(_foot(known, lines, public=public)),
    )


def frames_in(spans: Iterable[tuple[int, int]]) -> int:
    """Frames of half-open spans, each counted once."""
    total, reached = 0, 0
    for first, end in sorted(spans):
        total += max(0, end - max(first, reached))
        reached = max(reached, end)
    return total


def terms_of(known: Known, tool: str) -> ToolTerms | None:
    """The newest snapshot of a tool's terms; None where nobody kept one."""
    seen = [terms for terms in known.register.tool_terms if terms.tool.casefold() == tool.casefold()]
    return max(seen, key=lambda terms: (terms.seen, terms.log_index), default=None)


def training_text(known: Known, weights: RecordId) -> str:
    """What is on record of a model's training data; that nobody said is a question."""
    info = known.register.models.get(weights)
    if not weights or info is None or info.trained_on is None:
        return (
            "the maker does not say" if info is not None and info.undisclosed else "question: what was it trained on?"
        )
    if not info.trained_on:
        return "nothing, as described"
    found = [known.register.datasets.get(dataset) for dataset in info.trained_on]
    described = [one for one in found if one is not None]
    complete = sum(1 for one in described if one.complete)
    text = f"{counted(len(found), 'dataset')}, {len(described):,} described, {complete:,} of them completely"
    return text if len(described) == len(found) else f"question: what is in the others? {text}"


def is_of_one_person(known: Known, weights: RecordId) -> bool:
    """Whether a model was built for somebody's likeness, as a replica's record or its own description says."""
    info = known.register.models.get(weights)
    if any(weights in (*replica.versions, *replica.made_from) for replica in known.register.replicas.values()):
        return True
    return info is not None and (info.one_person is True or info.whom.stated)


def _public_name(known: Known, weights: RecordId, model: ModelUse) -> str:
    """A model's name for strangers. What is trained of few pictures or one voice is withheld until somebody said that it is of no one
    person; of a path the last part alone."""
    if is_of_one_person(known, weights):
        return WITHHELD
    info = known.register.models.get(weights)
    if model.kind not in _OF_MANY and (info is None or info.one_person is not False):
        return f"a model of the kind {model.kind} (name withheld: nobody said whether it is of one person)"
    return base_name(model.name)


def _lines(known: Known) -> list[_Line]:
    found: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], _Line] = {}
    for one in behind_stretches(known):
        if one.ai in (AiUse.GENERATIVE, AiUse.ASSISTIVE):
            for step in one.made_by_models:
                for line in _of_step(found, one, step):
                    line.steps[step.step or step.version.id] = step
                    line.spans.setdefault(one.medium, []).append((one.first, one.end))
    return list(found.values())


def _of_step(
    found: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], _Line], one: Stretch, step: LineageStep
) -> Iterator[_Line]:
    tool, version = (step.tool.name, step.tool.version) if step.tool is not None else ("", "")
    weights = {row.version.name: row.version for row in one.lineage if row.relation == "generated by"}
    for model in step.models or (None,):
        key = tool, version, model.name if model else "", tuple(sorted(model.hashes.items())) if model else ()
        line = found.setdefault(key, _Line(tool, version, model))
        if model is not None and not line.weights:
            named = next(
                (
                    ref
                    for name, ref in weights.items()
                    if name == model.name or (ref.sha256 and ref.sha256 in model.hashes.values())
                ),
                None,
            )
            line.weights, line.code = (named.id, named.edge_code) if named is not None else ("", "")
        yield line


def _row(known: Known, line: _Line, committed: Committed, *, public: bool) -> Mapping[str, str]:
    terms, model = terms_of(known, line.tool), line.model
    digest = (
        next(
            (
                f"{dialect} {value[:16]}"
                for dialect, value in sorted(model.hashes.items(), key=lambda one: one[0] != "sha256")
                if value
            ),
            "",
        )
        if model
        else ""
    )
    training = training_text(known, line.weights) if model is not None else "question: which model was it?"
    name = NOT_RECORDED if model is None else _public_name(known, line.weights, model) if public else model.name
    unknowns = [
        *(["tool"] if not line.tool else []),
        *(["version of the tool"] if not line.version else []),
        *(["model"] if model is None else ["digest of the weights"] if not digest else []),
        *(["terms"] if terms is None else []),
        *(["training data"] if training.startswith(("question", "the maker")) else []),
    ]
    steps = list(line.steps.values())
    grade = min((step.grade for step in steps if step.grade in _GRADES), key=_GRADES.index, default=NOT_RECORDED)
    return {
        "Unknowns": "; ".join(unknowns) or "none",
        "Tool": cell(line.tool),
        "Version": cell(line.version),
        "Vendor": cell(terms.section.vendor if terms is not None and terms.section is not None else ""),
        "Model": name,
        "Weights": cell(digest),
        "Settings commitment": _commitment(steps, committed),
        "Terms snapshot": "question: under which terms?"
        if terms is None
        else f"seen {terms.seen}" + ("" if public else f", no. {terms.log_index}"),
        "Training data": training,
        "Steps": str(len(steps)),
        "Frames of picture": str(frames_in(line.spans.get("picture", ()))),
        "Frames of sound": str(frames_in(line.spans.get("sound", ()))),
        "Edge code": cell(line.code),
        "Grade": grade,
        "Ledger no.": str(min((step.ledger for step in steps), default=0)),
    }


def _commitment(steps: Iterable[LineageStep], committed: Committed) -> str:
    """The ledger's own salted commitments to the recipes, joined into one digest. Nothing can be guessed from it."""
    found = sorted({one for step in steps if step.step is not None and (one := committed(step.ledger))})
    if not found:
        return NOT_RECORDED
    if len(found) == 1:
        return found[0][:16]
    joined = sha256("\n".join(("edgecode settings v1", *found)).encode()).hexdigest()
    return f"{joined[:16]} over {len(found):,} recipes"


def _questions(known: Known, rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """What nobody knows, before anything else."""
    found = figures_of(known)
    if found.ai["unknown"]:
        yield f"UNKNOWN: of {counted(found.ai['unknown'], 'frame')} of picture nobody knows whether a model had a hand in them."
    counts: dict[str, int] = {}
    for row in rows:
        for word in row["Unknowns"].split("; "):
            counts[word] = counts.get(word, 0) + (word != "none")
    yield from (
        f"UNKNOWN: {word}, of {counted(times, 'line')}."
        for word, times in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        if times
    )


def _foot(known: Known, lines: Iterable[_Line], *, public: bool) -> Iterator[str]:
    found = figures_of(known)
    touched = found.ai["generative"] + found.ai["assistive"]
    reached = frames_in(span for line in lines for span in line.spans.get("picture", ()))
    yield (
        f"Models had a hand in {touched:,} of {counted(found.frames, 'frame')} of picture ({share(touched, found.frames)}): generative "
        f"{found.ai['generative']:,}, assistive alone {found.ai['assistive']:,}. A frame counts once, whatever number of models touched it."
    )
    if reached != touched:
        yield f"UNKNOWN: of {counted(touched - reached, 'frame')} among them no step names a tool or a model."
    yield unaccounted_line(known)
    if public:
        yield "What is sealed here (prompts, settings, names, sources) is committed to in the ledger and can be opened to whom it concerns."
    else:
        yield VERIFY
