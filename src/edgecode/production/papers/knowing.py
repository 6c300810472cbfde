"""Gathers what the sheets of a cut read: view, chains, register, agreements, prompts and direction, each once."""

from edgecode.answers.chain import Chains
from edgecode.answers.papers.known import Known
from edgecode.answers.uses.cut_questions import waived_frames
from edgecode.checks.register import Register
from edgecode.events.kinds import StepPerformed
from edgecode.production.agreements.resting import relying_on
from edgecode.production.corridor import Production
from edgecode.production.directing import direction


def known_of(production: Production, cut: str, *, directed: bool = True, reveal: bool = False) -> Known:
    """What is known of a cut. *directed*: with the human acts on record; *reveal*: the words of prompts may be printed.

    Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous`` and ``rate.unknown``.
    """
    production.catch_up()
    view = production.view(cut)
    return Known(
        production=production.title(),
        view=view,
        chains=Chains(production.index),
        register=Register.read(production.index, origin=production.log.origin),
        relying=relying_on(production),
        prompts=lambda entry: _prompt(production, entry),
        waived=tuple(waived_frames(view, production.index, now=production.world.milliseconds())),
        direction=direction(production, cut) if directed else None,
        reveal=reveal,
    )


def _prompt(production: Production, entry: int) -> tuple[str, ...] | None:
    """The words of a step's entry; none where it has none, None where they cannot be read."""
    for recorded in production.recorded(entry, entry + 1):
        if isinstance(recorded.event, StepPerformed):
            if recorded.event.text is not None:
                return tuple(text for _, text in recorded.event.text.items if text)
            return None if "text" in production.gone(entry) else ()
    return ()
