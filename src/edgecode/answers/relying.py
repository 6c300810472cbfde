"""Computes what each clip of a cut relies on; each cut once, and only where an agreement is on record at all."""

from collections import defaultdict

from edgecode.answers.chain import Chains
from edgecode.answers.cut_view import CutView
from edgecode.answers.release_notes import note_for
from edgecode.answers.relied import Relied
from edgecode.answers.resting import Moment, asking_at, covering, rests_on
from edgecode.answers.rights_uses import derived_uses
from edgecode.checks.register import Register
from edgecode.checks.uses import Span


class Relying:
    """Answers `RelyingOn` for the cuts of one production at one moment."""

    def __init__(self, chains: Chains, register: Register, moment: Moment) -> None:
        self._chains, self._register, self._moment = chains, register, moment
        self._cuts: dict[str, dict[int, list[tuple[Span, Relied]]]] = {}

    def __call__(self, view: CutView, clip: int, first: int, end: int) -> tuple[Relied, ...]:
        """What frames *first* up to *end* of the cut in a clip rely on, each once, by label."""
        if not self._register.agreements:
            return ()
        if view.cut not in self._cuts:
            self._cuts[view.cut] = self._of_cut(view)
        here = self._cuts[view.cut].get(clip, [])
        return tuple(sorted({relied for span, relied in here if span.first < end and first < span.end}))

    def _of_cut(self, view: CutView) -> dict[int, list[tuple[Span, Relied]]]:
        found: dict[int, list[tuple[Span, Relied]]] = defaultdict(list)
        for use in derived_uses(view, self._chains, self._register):
            asking = asking_at(use, self._register, self._moment)
            for one in rests_on(use, self._register, self._moment):
                is_consent = one.agreement.kind == "consent"
                whose, note = (use.alias, note_for(asking, one)) if is_consent else ("", None)
                relied = Relied(one.agreement.label, covering(one), use.kind, whose, one.state or "unknown", note)
                for span in use.spans:
                    found[span.clip].append((span, relied))
        return dict(found)
