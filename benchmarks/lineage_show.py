"""A seeded show of 100,000 steps to ask lineage questions about: live action, CG and generated shots over a shared library.

Step n makes version n, and uses versions below n only. A shot is 38 steps: plates and a capture session, clean-up, ten chained
generations with weights, upscale, CG, five comps, a grade and the clip. The library (a hundredth of each shot's weight) holds source
items, base models, scans, sets of material, adapters of weights, assets and elements; a few of them are used by nearly everything.
Standard library only: the peers' environments import this file as well.
"""

from dataclasses import dataclass
from hashlib import blake2b
from random import Random

LIBRARY = (
    ("source", 1800),
    ("base_model", 20),
    ("scan", 180),
    ("dataset", 120),
    ("adapter", 180),
    ("mesh", 500),
    ("texture", 500),
    ("asset", 500),
    ("element", 690),
    ("lut", 10),
)
FULL_SHOTS = 2_500
FRAMES = 120
"""Frames of every picture of a shot."""

# Slot, kind of step, inputs from earlier slots (names), picks from the library: (kind, least, most, chance).
SHOT: tuple[tuple[str, str, str, tuple[tuple[str, int, int, float], ...]], ...] = (
    ("plate", "camera", "", ()),
    ("plate2", "camera", "", ()),
    ("session", "capture", "", ()),
    ("proxy", "transcode", "plate", ()),
    ("clean1", "denoise", "proxy", (("base_model", 1, 1, 1.0),)),
    ("proxy2", "transcode", "plate2", ()),
    ("roto1", "roto", "clean1", (("base_model", 1, 1, 1.0),)),
    ("roto2", "roto", "roto1 clean1", ()),
    ("matte", "key", "roto2", ()),
    ("paint", "generative-edit", "clean1 matte", (("base_model", 1, 1, 1.0),)),
    ("track", "animate", "clean1", ()),
    ("depth", "command", "clean1", (("base_model", 1, 1, 1.0),)),
    ("guide", "comp", "matte paint depth", ()),
    *((f"gen{i}", "generate", "", ()) for i in range(10)),
    ("upscale", "upscale", "gen9", (("base_model", 1, 1, 1.0),)),
    ("solve", "animate", "session", (("base_model", 1, 1, 1.0),)),
    ("anim", "animate", "solve", (("asset", 1, 2, 1.0),)),
    ("light", "animate", "anim track", (("asset", 2, 6, 1.0),)),
    ("beauty", "render", "light", ()),
    ("cgmatte", "render", "light", ()),
    ("precomp", "comp", "clean1 matte paint upscale", ()),
    *((f"comp{i}", "comp", "beauty cgmatte upscale proxy2", (("element", 1, 4, 0.9),)) for i in range(5)),
    ("render", "transcode", "comp4", ()),
    ("graded", "grade", "render", (("lut", 1, 1, 1.0),)),
    ("clip", "transcode", "graded", ()),
)
GENERATION = (
    ("base_model", 1, 1, 1.0),
    ("adapter", 1, 3, 0.8),
    ("dataset", 1, 1, 0.1),
    ("scan", 1, 1, 0.2),
    ("element", 1, 2, 0.5),
)
ROLES = {"base_model": "weights", "adapter": "weights", "dataset": "training", "lut": "tool", "scan": "reference"}
KINDS = {
    "source": "import",
    "base_model": "import",
    "scan": "capture",
    "dataset": "import",
    "adapter": "generate",
    "lut": "import",
}


@dataclass
class Made:
    """Everything about one step: *kind* of step, *library* kind or "", inputs as (version, role), *shot* or -1."""

    kind: str
    library: str
    shot: int
    inputs: list[tuple[int, str]]


@dataclass
class Workload:
    """The steps in order, the clip of every shot, and the library as kind to versions."""

    steps: list[Made]
    clips: list[int]
    library: dict[str, list[int]]

    def ancestors(self, version: int) -> set[int]:
        """The right answer to a closure."""
        return _walk(version, lambda one: [source for source, _ in self.steps[one].inputs])

    def users(self) -> list[list[int]]:
        """Versions made directly from each version."""
        found: list[list[int]] = [[] for _ in self.steps]
        for made, step in enumerate(self.steps):
            for source, _ in step.inputs:
                found[source].append(made)
        return found


def digest(version: int) -> bytes:
    """The 32 bytes that stand for a version's content."""
    return blake2b(b"%d" % version, digest_size=32).digest()


def settings(version: int) -> dict[str, str]:
    """A recipe's settings: about a hundred bytes."""
    return {
        "seed": str(version * 2_654_435_761 % 2**64),
        "cfg": f"{3 + version % 9}.5",
        "steps": str(20 + version % 30),
        "sampler": "dpmpp_2m",
    }


def workload(shots: int = FULL_SHOTS, seed: int = 7) -> Workload:
    """The same show for the same arguments."""
    rnd = Random(seed)
    steps: list[Made] = []
    library: dict[str, list[int]] = {}
    for kind, count in LIBRARY:
        library[kind] = []
        for _ in range(max(1, round(count * shots / FULL_SHOTS))):
            inputs = _library_inputs(rnd, kind, library)
            library[kind].append(len(steps))
            steps.append(Made(KINDS.get(kind, "paint" if kind == "element" else "model"), kind, -1, inputs))
    clips: list[int] = []
    last: dict[str, int] = {}
    for shot in range(shots):
        last = _shot(rnd, shot, steps, library, last)
        clips.append(last["clip"])
    return Workload(steps, clips, library)


def _pick(rnd: Random, versions: list[int]) -> int:
    """Popularity is skewed: the first ones are used most."""
    return versions[int(rnd.random() ** 2 * len(versions))]


def _library_inputs(rnd: Random, kind: str, library: dict[str, list[int]]) -> list[tuple[int, str]]:
    wanted = {
        "dataset": [("source", rnd.randint(8, 19))],
        "adapter": [("base_model", 1), ("dataset", rnd.randint(1, 3)), ("scan", rnd.randint(0, 1))],
        "mesh": [("scan", 1)],
        "texture": [("mesh", 1), ("base_model", 1)],
        "asset": [("mesh", 1), ("texture", 1)],
    }.get(kind, [])
    role = "training" if kind in ("dataset", "adapter") else "picture"
    found = {_pick(rnd, library[one]): ROLES.get(one, role) for one, count in wanted for _ in range(count)}
    return sorted((source, "training" if kind == "adapter" else said) for source, said in found.items())


def _shot(
    rnd: Random, shot: int, steps: list[Made], library: dict[str, list[int]], before: dict[str, int]
) -> dict[str, int]:
    made: dict[str, int] = {}
    names = list(made)
    for slot, kind, sources, picks in SHOT:
        inputs = {made[name]: "picture" for name in sources.split()}
        if slot.startswith("gen"):
            number = int(slot[3:])
            chain = f"gen{number - 1}" if rnd.random() < 0.75 else f"gen{rnd.randrange(max(number, 1))}"
            inputs[made[chain if number else "guide"]] = "picture"
            inputs |= {made["matte"]: "control", made["depth"]: "control"}
            picks = GENERATION
        if slot.startswith("comp"):
            number = int(slot[4:])
            inputs |= {made[name]: "picture" for name in rnd.sample(names, rnd.randint(5, 11))}
            inputs |= {made[f"comp{number - 1}"]: "picture"} if number else {}
            if not number and before and rnd.random() < 0.15:
                inputs[before["comp4"]] = "picture"
        for one, least, most, chance in picks:
            if rnd.random() < chance:
                inputs |= {_pick(rnd, library[one]): ROLES.get(one, "picture") for _ in range(rnd.randint(least, most))}
        made[slot] = len(steps)
        names.append(slot)
        steps.append(Made(kind, "", shot, sorted(inputs.items())))
    return made


def _walk(start: int, neighbours) -> set[int]:  # type: ignore[no-untyped-def]
    seen, stack = {start}, [start]
    while stack:
        for one in neighbours(stack.pop()):
            if one not in seen:
                seen.add(one)
                stack.append(one)
    return seen - {start}
