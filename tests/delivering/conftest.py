"""A short film of the demo's sources in two cuts, and masters rendered from them, made once."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.cli.demo.film import Use
from edgecode.cli.demo.script import make_film
from edgecode.cli.demo.timeline import otio
from edgecode.production import Production
from edgecode.testing.rendered_master import Change, render_master

CUT12 = (
    Use("black", "V1", 0, 12),
    Use("street", "V1", 12, 36, "A002C007", 10),
    Use("garden", "V1", 48, 36, "garden_dream_v012", 20),
    Use("photo", "V1", 84, 24, "photo_014"),
    Use("comp", "V1", 108, 36, "sh0420_comp_v012", 30),
    Use("hand", "V1", 144, 24, "hand_capture_t04", 20),
    Use("black", "V1", 168, 12),
)
"""A cut without a hole: every clip's source is here."""

CUT13 = (
    *CUT12[:2],
    replace(CUT12[2], offset=60),
    *CUT12[3:],
)
"""The same with the garden's clip taken from 40 frames later."""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production with cut12 and cut13 and the sources of both."""
    folder = tmp_path_factory.mktemp("delivering") / "film"
    made = make_film(folder, now=time.time_ns() // 1_000_000)
    media = made.media
    with Production.create(folder, title="The Last Verse") as production:
        production.scan([media])
        for name, uses in (("cut12", CUT12), ("cut13", CUT13)):
            path = folder / f"{name}.otio"
            path.write_bytes(otio(media=media.as_posix(), name=name, uses=uses))
            production.add_cut([path], name=name)
    return folder


@pytest.fixture(scope="session")
def rendered(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Renders a master of a cut, once for the same name."""
    folder = tmp_path_factory.mktemp("masters")

    def render(
        name: str, *, cut: str = "cut12", change: Change | None = None, ending: str = ".mp4", **how: object
    ) -> Path:
        path = folder / f"{name}{ending}"
        if not path.exists():
            with Production.open(film) as production:
                render_master(production, production.view(cut), path, change=change, **how)  # type: ignore[arg-type]
        return path

    return render
