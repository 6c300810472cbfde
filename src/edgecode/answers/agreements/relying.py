"""Computes what each clip of a cut relies on; each cut or clip once, and only where an agreement is on record at all."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from edgecode.answers.agreements.relied import Relied
from edgecode.answers.agreements.resting import Moment, asking_at, covering, rests_on
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.releases import note_for
from edgecode.answers.uses.derived import derived_uses, uses_in_clip
from edgecode.checks.register import Register
from edgecode.checks.uses import Span, Use

_ByClip: TypeAlias = dict[int, list[tuple[Span, Relied]]]
_FEW = 8
"""After so many clips of a cut the whole cut is computed at once."""


class Relying:
    """Answers `RelyingOn` for the cuts of one production at one moment."""

    def __init__(self, chains: Chains, register: Register, moment: Moment, *, few: bool = False) -> None:
        """*few*: a few clips will be asked about, so that the first of a cut are computed each by itself."""
        self._chains, self._register, self._moment, self._few = chains, register, moment, few
        self._cuts: dict[str, _ByClip] = {}
        self._clips: dict[str, _ByClip] = {}

    def __call__(self, view: CutView, clip: int, first: int, end: int) -> tuple[Relied, ...]:
        """What frames *first* up to *end* of the cut in a clip rely on, each once, by label."""
        if not self._register.agreements:
            return ()
        here = self._in_clip(view, clip)
        return tuple(sorted({relied for span, relied in here if span.first < end and first < span.end}))

    def _in_clip(self, view: CutView, clip: int) -> list[tuple[Span, Relied]]:
        alone = self._clips.setdefault(view.cut, {})
        if self._few and view.cut not in self._cuts and (clip in alone or len(alone) < _FEW):
            if clip not in alone:
                uses = uses_in_clip(view, self._chains, self._register, clip)
                alone[clip] = self._of_uses(uses).get(clip, [])
            return alone[clip]
        if view.cut not in self._cuts:
            self._cuts[view.cut] = self._of_uses(derived_uses(view, self._chains, self._register))
        return self._cuts[view.cut].get(clip, [])

    def _of_uses(self, uses: Iterable[Use]) -> _ByClip:
        found: _ByClip = defaultdict(list)
        for use in uses:
            asking = asking_at(use, self._register, self._moment)
            for one in rests_on(use, self._register, self._moment):
                is_consent = one.agreement.kind == "consent"
                whose, note = (use.alias, note_for(asking, one)) if is_consent else ("", None)
                relied = Relied(one.agreement.label, covering(one), use.kind, whose, one.state or "unknown", note)
                for span in use.spans:
                    found[span.clip].append((span, relied))
        return dict(found)
