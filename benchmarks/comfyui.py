"""What the capture adds while a client of ComfyUI waits: its hook before POST /prompt is answered, and the one at the end of a run.

Run:  python benchmarks/comfyui.py

The hooks are called as ComfyUI calls them, on graphs of several sizes, with a spool on disk and files of weights to hash beside them on
the recorder's own thread. Hashing and writing compete for the two cores and are in the figures.
"""

import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "connectors" / "comfyui"))
logging.disable(logging.CRITICAL)  # the package says that there is no ComfyUI here

from edgecode_comfyui.capture import Capture  # noqa: E402
from edgecode_comfyui.digests import Digests  # noqa: E402
from edgecode_comfyui.faults import Faults  # noqa: E402
from edgecode_comfyui.spool import Spool  # noqa: E402

RUNS = 200
MODEL_BYTES = 64 << 20


class Folder:
    """Where files lie: one model, whatever is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, name: str, loads: bool) -> tuple[str, str] | None:
        path = self._folder / name
        return ("checkpoints", str(path)) if path.is_file() else None

    def is_file(self, path: str) -> bool:
        return Path(path).is_file()

    def output_paths(self, item: dict[str, str]) -> list[tuple[str, str]]:
        return [(str(self._folder / item["filename"]), "")]

    def described(self, prompt: object) -> dict[str, object]:
        return {"modules": {}, "tool": {"name": "ComfyUI", "version": ""}, "packs": {}}


def graph(nodes: int, run: int) -> dict[str, object]:
    """A graph of *nodes* samplers in a row."""
    found: dict[str, object] = {
        "0": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": f"m{run % 4}.safetensors"}}
    }
    for number in range(1, nodes):
        inputs = {
            "seed": run * 1000 + number,
            "steps": 20,
            "sampler_name": "euler",
            "model": [str(number - 1), 0],
            "text": "a pier " * 20,
        }
        found[str(number)] = {"class_type": "KSampler", "inputs": inputs}
    return found


def main() -> None:
    """Print a line for each size of graph."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "out.png").write_bytes(b"x" * 100_000)
        for number in range(4):
            (folder / f"m{number}.safetensors").write_bytes(bytes([number]) * MODEL_BYTES)
        for nodes in (16, 200, 2000):
            faults = Faults()
            capture = Capture(Folder(folder), Spool(str(folder / f"spool-{nodes}"), faults), Digests(), True, faults)
            capture.start()
            queued, finished = [], []
            for run in range(RUNS if nodes < 1000 else 40):
                data = {
                    "prompt": graph(nodes, run),
                    "client_id": "artist",
                    "extra_data": {"extra_pnginfo": {"workflow": {}}},
                }
                began = time.perf_counter()
                data = capture.on_prompt(data)
                queued.append((time.perf_counter() - began) * 1000)
                outputs = {"1": {"images": [{"filename": "out.png", "type": "output"}]}}
                ended = {
                    "prompt_id": data["prompt_id"],
                    "prompt": data["prompt"],
                    "extra_data": data["extra_data"],
                    "executed": ["1"],
                }
                began = time.perf_counter()
                capture.finished({**ended, "outputs": outputs, "status": "success", "messages": []})
                finished.append((time.perf_counter() - began) * 1000)
                time.sleep(0.002)
            capture.drain(120)
            print(
                f"{nodes:>5} nodes: POST /prompt +{statistics.median(queued):.2f} ms (worst {max(queued):.2f}), "
                f"end of run +{statistics.median(finished):.2f} ms (worst {max(finished):.2f}), faults {faults.counts()}"
            )


if __name__ == "__main__":
    main()
