"""What stands behind every stretch of a cut: version, steps, tools, models, sources, persons and agreements, in the words of papers."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from edgecode.answers.agreements.relied import Relied
from edgecode.answers.chain import LineageStep
from edgecode.answers.cuts.accounts import MEDIA, Medium, capped, version_frames
from edgecode.answers.cuts.figures import clip_name
from edgecode.answers.layout.columns import NOT_RECORDED
from edgecode.answers.layout.sheets import cell
from edgecode.answers.matchback.answer import grade_text
from edgecode.answers.matchback.people_seen import PersonSeen, people_behind
from edgecode.answers.matchback.text import model_text
from edgecode.answers.papers.known import Known
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import Account, ai_of, letter_of
from edgecode.terms.steps import ModelUse, StepKind

_SOURCE_RELATIONS = ("made from", "made after", "steered by")


class Stretch:
    """One clip over frames of the cut with one account. *first*, *end*: frames of the cut, half open. What stands behind it is read when
    it is asked for."""

    def __init__(self, known: Known, clip: int, first: int, end: int, account: Account, medium: Medium) -> None:
        self._known, self.number = known, clip
        self.first, self.end, self.medium = first, end, medium
        self.account = capped(account, effects_visible=known.view.effects_visible)

    @property
    def frames(self) -> int:
        """How many frames of the cut it holds."""
        return self.end - self.first

    @property
    def clip(self) -> Clip:
        """The clip in the cut."""
        return self._known.view.clips[self.number]

    @property
    def name(self) -> str:
        """The clip's name."""
        return clip_name(self.clip)

    @property
    def ai(self) -> AiUse:
        """What models did to it, as far as anybody knows."""
        return ai_of(self.account)

    @property
    def is_unaccounted(self) -> bool:
        """Whether nobody can say what it is made of."""
        return letter_of(self.account) == "U"

    @property
    def version(self) -> int | None:
        """Dense id of the version that it shows; None where none is known."""
        match = self._known.view.match_of.get(self.number)
        return match.version if match is not None else None

    @cached_property
    def shown(self) -> tuple[int, int] | None:
        """The version's frames that it shows, half open; None where they cannot be told or it has no frame numbers."""
        match = self._known.view.match_of.get(self.number)
        if match is None or self.version is None or self._known.chains.row(self.version).first is None:
            return None
        return version_frames(self.clip, match, Fraction(self.first), Fraction(self.end))

    @cached_property
    def lineage(self) -> tuple[LineageStep, ...]:
        """The chain behind it, what is on screen first; empty where no version is known."""
        return () if self.version is None else tuple(self._known.chains.lineage(self.version, self.shown))

    @cached_property
    def made_by_models(self) -> tuple[LineageStep, ...]:
        """The steps of its chain in which a model had a hand, or may have had."""
        return tuple(step for step in self.lineage if self._known.chains.ai_of(step) is not AiUse.NONE)

    @cached_property
    def people(self) -> tuple[PersonSeen, ...]:
        """Who is in it, or in what it was made from."""
        return () if self.version is None else people_behind(self._known.chains, self.version, self.shown)

    @cached_property
    def relied(self) -> tuple[Relied, ...]:
        """The agreements on file that come nearest to its uses."""
        return self._known.relying(self._known.view, self.number, self.first, self.end)

    @property
    def version_key(self) -> RecordId:
        """Record id of the version that it shows; "" where none is known."""
        return "" if self.version is None else self._known.chains.row(self.version).key

    @property
    def evidence(self) -> tuple[str, str, str]:
        """The last three columns: edge code of its first frame, grade, and the entry of the step that made it."""
        chains, version = self._known.chains, self.version
        code = "" if version is None else chains.ref(version, self.shown[0] if self.shown else None).edge_code
        step = chains.first_step(version) if version is not None else None
        return (
            cell(code),
            "unaccounted" if self.is_unaccounted else grade_text(self.account),
            cell(str(step.ledger) if step else ""),
        )


def behind_stretches(known: Known, *, media: Sequence[Medium] = MEDIA) -> list[Stretch]:
    """Every stretch of the cut that is seen or heard, picture first, by first frame and clip; frames under a layer that may show stand in
    the stretches of both."""
    found = []
    for medium in media:
        live: dict[tuple[int, Account], tuple[int, int]] = {}
        for run in known.view.runs(medium):
            here = {(one.clip, one.account) for one in run.contributors}
            found += [(medium, *live.pop(key), key) for key in live.keys() - here]
            for key in here:
                live[key] = (live[key][0] if key in live else run.first, run.end)
        found += [(medium, *span, key) for key, span in live.items()]
    found.sort(key=lambda one: (MEDIA.index(one[0]), one[1], one[3][0], one[2]))
    known.chains.read_behind({match.version for match in known.view.matches if match.version is not None})
    return [Stretch(known, clip, first, end, account, medium) for medium, first, end, (clip, account) in found]


def tools_text(steps: Iterable[LineageStep]) -> str:
    """The programs with their versions, each once; a step without one says so."""
    names = (
        f"{step.tool.name} {step.tool.version or f'(version {NOT_RECORDED})'}"
        if step.tool is not None
        else NOT_RECORDED
        for step in steps
    )
    return ", ".join(dict.fromkeys(names)) or NOT_RECORDED


def models_in(steps: Iterable[LineageStep]) -> Iterator[ModelUse]:
    """The models of steps, each once."""
    seen = set()
    for model in (model for step in steps for model in step.models):
        key = model.name, tuple(sorted(model.hashes.items()))
        if key not in seen:
            seen.add(key)
            yield model


def models_text(steps: Iterable[LineageStep]) -> str:
    """The models with the beginning of a digest of their weights, each once."""
    return ", ".join(map(model_text, models_in(steps))) or NOT_RECORDED


def source_steps(stretch: Stretch) -> list[LineageStep]:
    """What the stretch was made from, from the step next to the screen on; never what is on screen itself, weights or training."""
    return [step for step in stretch.lineage if step.depth > 0 and step.relation in _SOURCE_RELATIONS]


def sources_text(stretch: Stretch, *, shown: int = 3) -> str:
    """The names of the sources, what they are, and how many more there are."""
    steps = source_steps(stretch)
    if not steps:
        generated = any(step.depth == 0 and step.kind == StepKind.GENERATE.value for step in stretch.lineage)
        return "nothing on record (text alone, or not recorded)" if generated else NOT_RECORDED
    names = [
        f"{step.version.name} ({(step.kind or 'nobody recorded how it was made').replace('-', ' ')})"
        for step in steps[:shown]
    ]
    more = f" and {len(steps) - shown:,} more" if len(steps) > shown else ""
    return ", ".join(names) + more
