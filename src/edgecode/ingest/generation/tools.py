"""Which reader reads which records: ComfyUI first, then the tools that name themselves, then plain infotext."""

from collections.abc import Callable, Sequence

from edgecode.ingest.generation.comfyui import comfyui
from edgecode.ingest.generation.fooocus import fooocus
from edgecode.ingest.generation.infotext import infotext
from edgecode.ingest.generation.invokeai import invokeai
from edgecode.ingest.generation.midjourney import midjourney
from edgecode.ingest.generation.novelai import novelai
from edgecode.ingest.generation.other_tools import draw_things, easy_diffusion, swarmui
from edgecode.ingest.generation.records import Record
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation

_READERS: tuple[Callable[[Sequence[Record]], tuple[Generation | None, list[Diagnostic]]], ...] = (
    comfyui,
    swarmui,
    invokeai,
    fooocus,
    novelai,
    draw_things,
    easy_diffusion,
    infotext,
    midjourney,
)


def generation_of(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The first reader that knows the records says how the file was made; problems of all readers asked are kept."""
    problems: list[Diagnostic] = []
    for reader in _READERS:
        generation, met = reader(records)
        problems.extend(met)
        if generation is not None:
            return generation, problems
    return None, problems
