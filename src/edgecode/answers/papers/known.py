"""Everything that papers of one cut read, gathered once."""

from collections.abc import Callable
from dataclasses import dataclass

from edgecode.answers.agreements.relied import RelyingOn
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.view import CutView
from edgecode.answers.direction import Direction
from edgecode.checks.register import Register
from edgecode.terms.timebase import FrameRange

Prompts = Callable[[int], tuple[str, ...] | None]
"""By entry of a step in the ledger: the words that it was asked with; none that were recorded; None where they cannot be read."""


@dataclass(frozen=True)
class Known:
    """What is known of a cut. *direction* None: this paper does not ask for it. *reveal*: words of prompts may be printed.

    *waived*: frames of picture whose gap somebody waived.
    """

    production: str
    view: CutView
    chains: Chains
    register: Register
    relying: RelyingOn
    prompts: Prompts
    waived: tuple[FrameRange, ...] = ()
    direction: Direction | None = None
    reveal: bool = False
