"""A small show with a captured performer, told by commands: C3D, take sheet, solve, retarget, render, cut."""

import json
from pathlib import Path

import otio_parts
from capture_writers import bvh, c3d
from cli_png import picture
from desk.desk_at_work import Desk
from edgecode.production import Production

NAME, LABEL = "Zelda Quux", "Zelda_Q"
FRAMES = 24
FIRST = 1001
PROFILE = {
    "kind": "fiction", "sag": "none", "wga": "no", "dga": "no", "strike": "no", "buyer": "none", "media": "film", "awards": "none",
    "pp_start": "2026-01-01", "us_registration": "no", "eo_policy": "no", "hpf_label": "no", "festival_submission": "no",
    "release_date": "2027-01-15", "territories": "JP",
}  # fmt: skip
SCOPE = {
    "since": "2026-01-01", "until": "2030-12-31", "roles": "*", "works": "*", "scenes": "*", "languages": "*", "territories": "*",
    "media": "film", "modalities": "*", "maxima": "none", "prohibited": "none", "tools": "*", "training": "none",
}  # fmt: skip


def performed(folder: Path) -> Desk:
    """The show up to its cut, with P-01 captured under a consent and P-02 as counsel and clearance."""
    media = folder / "media"
    media.mkdir(parents=True)
    (media / "t01.c3d").write_bytes(c3d([f"{LABEL}:LFHD", f"{LABEL}:RFHD"], subjects=[LABEL], frames=120))
    (media / "t01_solve.bvh").write_bytes(bvh(prefix=LABEL, frames=120))
    (media / "beast_retarget.bvh").write_bytes(bvh(frames=24, frame_time="0.0416667"))
    for number in range(FIRST, FIRST + FRAMES):
        (media / f"sh010_beast.{number}.png").write_bytes(picture(number))
    (media / "her_double.png").write_bytes(picture(7))
    Production.create(folder / "show", title="The beast").close()
    desk = Desk(folder / "show")
    desk.did("person", "add", "--name", NAME)
    desk.did(
        "person", "set", "P-01", "kind=natural_person", "status=living", "minor_until=2008-04-30", "gdpr_subject=no"
    )
    desk.did("person", "add", "--name", "Counsel")
    desk.did("person", "role", "P-02", "--role", "legal", "--role", "clearance")
    desk.did("desk", "profile", *(f"{name}={value}" for name, value in PROFILE.items()))
    desk.did("scan", str(media))
    return desk


def captured(desk: Desk) -> str:
    """The session, its consent, its take sheet and her double; returns the session's id."""
    consent = (
        "consent",
        "record",
        "--person",
        "P-01",
        "--acts",
        "create use_this_work alter",
        "--form",
        "separate_writing",
    )
    scope = [word for name, value in SCOPE.items() for word in (f"--{name}", value)]
    desk.did(*consent, "--description", "her walk for the beast", "--signed-on", "2026-01-01", *scope)
    desk.did("consent", "grant", "C-01")
    session = desk.did(
        "person", "session", "P-01", "--kind", "mocap", "--consent", "C-01", "--started", "2026-02-01T10:00Z"
    )
    sheet = f"file,slate,take,circled,subject,session,note\nt01.c3d,B12,1,x,,{session},the slow walk\n"
    desk.did("take", "import", desk.file("takes.csv", sheet), "--yes")
    double = str(desk.folder.parent / "media" / "her_double.png")
    made_of = ("--medium", "visual", "--from", session, "--version", double)
    desk.did("person", "replica", "P-01", "--kind", "employment_based", *made_of)
    return session


def made(desk: Desk) -> None:
    """Solve, retarget and render, as step/1 has them; then the cut."""
    media = desk.folder.parent / "media"
    steps = [
        ("model", ["t01.c3d"], "her_double.png"),
        ("capture", ["t01.c3d"], "t01_solve.bvh"),
        ("animate", ["t01_solve.bvh"], "beast_retarget.bvh"),
        ("render", ["beast_retarget.bvh", "her_double.png"], "sh010_beast.%04d.png"),
    ]
    lines = [
        {
            "schema": "edgecode.step/1",
            "kind": kind,
            "folder": str(media),
            "inputs": [{"path": source, "role": "reference"} for source in sources],
            "outputs": [{"path": output}],
            "ended": "2026-03-02T10:00:00+00:00",
        }
        for kind, sources, output in steps
    ]
    with Production.open(desk.folder) as production:
        taken = production.record_lines([json.dumps(line).encode() for line in lines])
        assert taken.steps == len(steps), taken
    cut = otio_parts.timeline(otio_parts.track(_shot(media)), name="reel1")
    desk.did("cut", "add", desk.file("reel1.otio", cut.decode()), "--name", "reel1")


def _shot(media: Path) -> dict[str, object]:
    target = f"{media.as_uri()}/sh010_beast.1001.png"
    return otio_parts.clip("sh010_beast", 0, FRAMES, media_references={"DEFAULT_MEDIA": _sequence(media, target)})


def _sequence(media: Path, target: str) -> dict[str, object]:
    return {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "target_url_base": f"{media.as_uri()}/",
        "name_prefix": "sh010_beast.",
        "name_suffix": ".png",
        "start_frame": FIRST,
        "frame_step": 1,
        "rate": 24.0,
        "frame_zero_padding": 4,
        "available_range": otio_parts.span(0, FRAMES),
    }
