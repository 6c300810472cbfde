"""Runs the capture package inside a real ComfyUI on the CPU and holds what it recorded against what ComfyUI did.

Use: python dev/accept_comfyui.py --comfyui CHECKOUT --python ITS_PYTHON [--work FOLDER] [--transcript FILE]
How to get CHECKOUT and ITS_PYTHON ready: docs/how-to/accept-comfyui.md. Exit 1 when a claim does not hold.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# torchvision from the index is a CUDA build: on a CPU its operators are missing, and importing it fails unless somebody declares them.
LAUNCH = """
import runpy, sys, torch
library = torch.library.Library("torchvision", "DEF")
library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
sys.argv = sys.argv[1:]
sys.path.insert(0, ".")
runpy.run_path(sys.argv[0], run_name="__main__")
"""
MODELS = """
import importlib, sys, torch
from safetensors.torch import save_file
folder = sys.argv[1]
import comfy.cli_args
comfy.cli_args.args.cpu = True
torch.manual_seed(7)
from comfy.taesd.taesd import TAESD
kept = {key: value.clone() for key, value in TAESD().state_dict().items() if key.startswith("taesd_")}
save_file(kept, folder + "/vae/tiny_random_taesd.safetensors")
arch = importlib.import_module("spandrel.architectures.Compact.__arch.SRVGG").SRVGGNetCompact
net = arch(num_in_ch=3, num_out_ch=3, num_feat=16, num_conv=2, upscale=2, act_type="prelu")
save_file({key: value.clone() for key, value in net.state_dict().items()}, folder + "/upscale_models/tiny_random_2x.safetensors")
"""
SEED = 18446744073709551557


def png(width: int, height: int) -> bytes:
    """A picture with a gradient, as PNG."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in (x % 256, y % 256, (x * y) % 256)) for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def graph(*, seed: int = SEED, vae: str = "tiny_random_taesd.safetensors", name: str = "ec") -> dict[str, object]:
    """A picture, noise from a seed, a VAE and an upscaler; saved as picture, animation and video."""

    def node(kind: str, **inputs: object) -> dict[str, object]:
        return {"class_type": kind, "inputs": inputs}

    return {
        "1": node("LoadImage", image="plate.png"),
        "2": node("VAELoader", vae_name=vae),
        "3": node("ImageScale", image=["1", 0], upscale_method="bilinear", width=128, height=96, crop="center"),
        "4": node("ImageAddNoise", image=["3", 0], seed=seed, strength=0.5),
        "5": node("VAEEncode", pixels=["4", 0], vae=["2", 0]),
        "6": node("VAEDecode", samples=["5", 0], vae=["2", 0]),
        "7": node("UpscaleModelLoader", model_name="tiny_random_2x.safetensors"),
        "8": node("ImageUpscaleWithModel", upscale_model=["7", 0], image=["4", 0]),
        "9": node("SaveImage", images=["6", 0], filename_prefix=f"{name}/decoded"),
        "10": node("SaveImage", images=["8", 0], filename_prefix=f"{name}/enlarged"),
        "11": node("RepeatImageBatch", image=["8", 0], amount=8),
        "12": node("CreateVideo", images=["11", 0], fps=24.0),
        "13": node("SaveVideo", video=["12", 0], filename_prefix=f"{name}/video", format="mp4", codec="h264"),
        "14": node("SaveAnimatedPNG", images=["11", 0], filename_prefix=f"{name}/anim", fps=6.0, compress_level=4),
    }


class Host:
    """A ComfyUI in a process of its own, on loopback."""

    def __init__(self, checkout: Path, python: Path, base: Path, *arguments: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        front = base / "no-front-end"
        front.mkdir(exist_ok=True)
        flags = [
            "--cpu",
            "--listen",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--disable-api-nodes",
            "--front-end-root",
            str(front),
        ]
        flags += ["--base-directory", str(base), "--database-url", "sqlite:///:memory:", *arguments]
        self.log = (base / "host.log").open("ab")
        launcher = base / "launch.py"
        launcher.write_text(LAUNCH, encoding="utf-8")
        self.process = subprocess.Popen(
            [str(python), str(launcher), "main.py", *flags], cwd=checkout, stdout=self.log, stderr=subprocess.STDOUT
        )
        began = time.monotonic()
        while True:
            try:
                self.version = self.ask("GET", "/system_stats")[1]["system"]["comfyui_version"]
                break
            except (OSError, urllib.error.URLError):
                if self.process.poll() is not None or time.monotonic() - began > 180:
                    raise SystemExit(f"ComfyUI did not come up; see {base / 'host.log'}") from None
                time.sleep(0.3)
        self.up_seconds = time.monotonic() - began

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def run(
        self, prompt: dict[str, object], *, client: str | None = "artist", extra: dict[str, object] | None = None
    ) -> dict[str, object]:
        """Queue a prompt and wait for its end: {status, milliseconds of the POST, id, history}."""
        body: dict[str, object] = {"prompt": prompt, "extra_data": extra or {}}
        if client:
            body["client_id"] = client
        began = time.perf_counter()
        status, answer = self.ask("POST", "/prompt", body)
        milliseconds = (time.perf_counter() - began) * 1000
        identity, history = answer.get("prompt_id"), {}
        while status == 200 and not history:
            history = self.ask("GET", f"/history/{identity}")[1]
            time.sleep(0.05)
        return {
            "status": status,
            "ms": milliseconds,
            "id": identity,
            "answer": answer,
            "history": history.get(identity, {}),
        }

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def edgecode(*arguments: str, cwd: Path) -> str:
    """Run this checkout's edgecode; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "edgecode", *arguments], cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    if done.returncode not in (0, 10, 20):
        raise SystemExit(f"edgecode {' '.join(arguments)}: {done.stderr}")
    return done.stdout


class Report:
    """Claims, each with whether it holds and the figures."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed = 0

    def claim(self, sentence: str, holds: object, figures: str = "") -> None:
        self.failed += not holds
        self.lines.append(f"- [{'x' if holds else ' '}] {sentence}{f' ({figures})' if figures else ''}")
        print(self.lines[-1], flush=True)


def prepared(work: Path, checkout: Path, python: Path) -> Path:
    """ComfyUI's own folders with an input picture and two small random models, made by its own Python."""
    base = work / "comfy"
    for name in ("custom_nodes", "models/vae", "models/upscale_models", "input", "output", "user", "temp"):
        (base / name).mkdir(parents=True, exist_ok=True)
    (base / "input" / "plate.png").write_bytes(png(160, 120))
    (base / "input" / "broken.latent").write_bytes(b"x")
    script = base / "models.py"
    script.write_text(MODELS, encoding="utf-8")
    launcher = base / "launch.py"
    launcher.write_text(LAUNCH, encoding="utf-8")
    subprocess.run(
        [str(python), str(launcher), str(script), str(base / "models")], cwd=checkout, check=True, capture_output=True
    )
    return base


def spooled(folder: Path) -> list[dict[str, object]]:
    """Every line of a spool."""
    return [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]


def outputs_of(done: dict[str, object]) -> set[str]:
    """The file names that ComfyUI itself lists for a run."""
    found = set()
    for groups in done["history"].get("outputs", {}).values():
        for items in groups.values():
            found |= {item["filename"] for item in items if isinstance(item, dict)}
    return found


def runs_of_the_protocol(host: Host) -> dict[str, dict[str, object]]:
    """Every run of the recorded protocol, by name."""
    broken = graph(vae="absent.safetensors", name="dropped")
    alone = {key: broken[key] for key in ("1", "2", "3", "4", "5", "6", "9")}
    failing = {"2": graph()["2"], "5": {"class_type": "LoadLatent", "inputs": {"latent": "broken.latent"}}}
    failing |= {"6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["2", 0]}}, "9": graph()["9"]}
    secret = {"api_key_comfy_org": "comfyui-0123456789abcdef", "auth_token_comfy_org": "hidden-token-value"}
    return {
        "fresh": host.run(graph(), extra=dict(secret)),
        "cached": host.run(graph()),
        "partly cached": host.run({**graph(), "14": {"class_type": "SaveAnimatedPNG", "inputs": {
            "images": ["11", 0], "filename_prefix": "ec/anim", "fps": 12.0, "compress_level": 4}}}),
        "partly invalid": host.run(broken),
        "refused": host.run(alone),
        "failed": host.run(failing),
        "unowned": host.run(graph(seed=42, name="unowned"), client=None),
    }  # fmt: skip


def hold_runs_against_spool(host: Host, base: Path, spool: Path, report: Report) -> dict[str, dict[str, object]]:
    """The runs of the recorded protocol, and what the spool has to say of each."""
    runs = runs_of_the_protocol(host)
    time.sleep(2)
    lines = spooled(spool)
    ended = {line["prompt_id"]: line for line in lines if line["event"] == "finished"}

    def made(name: str) -> set[str]:
        line = ended[runs[name]["id"]]
        return {Path(item["path"]).name for item in line["outputs"] if item.get("sha256") and item["made_here"]}

    fresh = ended[runs["fresh"]["id"]]
    report.claim("a fresh run is recorded with every file that ComfyUI lists", made("fresh") == outputs_of(runs["fresh"]) != set(),
                 f"{len(made('fresh'))} files")  # fmt: skip
    true = all(
        sha256(Path(item["path"]).read_bytes()).hexdigest() == item["sha256"]
        for item in fresh["outputs"]
        if "path" in item
    )
    report.claim("their digests are those of the files", true)
    weights = {
        item["name"]: item.get("sha256") for item in fresh["files"] if item["folder"] in ("vae", "upscale_models")
    }
    on_disk = {path.name: sha256(path.read_bytes()).hexdigest() for path in (base / "models").rglob("*.safetensors")}
    report.claim("both files of weights are named by content", weights == on_disk, f"{len(weights)} models")
    report.claim("a run from the cache made nothing", made("cached") == set() and outputs_of(runs["cached"]) != set())
    report.claim("a run partly from the cache made one file", len(made("partly cached")) == 1)
    report.claim(
        "an output left out by validation is named with its node",
        list(ended[runs["partly invalid"]["id"]]["node_errors"]) == ["2"],
    )
    refused = [line for line in lines if line["event"] == "refused"]
    report.claim("a refused prompt is recorded as refused", runs["refused"]["status"] == 400 and len(refused) == 1)
    report.claim("a failed run is recorded as failed", ended[runs["failed"]["id"]]["status"] == "error")
    report.claim("a run without a client is recorded", len(made("unowned")) == 4, f"{len(made('unowned'))} files")
    hold_poller_against_spool(host, base, ended, report)
    text = "".join(path.read_text("utf-8") for path in spool.glob("*.jsonl"))
    report.claim("no secret and no list of installed models is in the spool", not any(
        word in text for word in ("comfyui-0123456789abcdef", "hidden-token-value", "pixel_space")))  # fmt: skip
    report.claim("no fault was counted", not [line for line in lines if line["event"] == "faults"])
    return runs


def hold_poller_against_spool(host: Host, base: Path, ended: dict[str, dict[str, object]], report: Report) -> None:
    """What is told from outside is what the spool told of every run that *ended*, by prompt."""
    outside = base.parent / "outside"
    shutil.rmtree(outside, ignore_errors=True)
    edgecode("init", str(outside), cwd=base.parent)
    told = edgecode("poll", "comfyui", f"http://127.0.0.1:{host.port}", "--production", str(outside), cwd=outside)
    (polled,) = outside.glob(".edgecode/polled/*/comfyui-polled.jsonl")
    seen = {line["prompt_id"]: line for line in map(json.loads, polled.read_text("utf-8").splitlines())}

    def digests(line: dict[str, object]) -> set[str]:
        return {item["sha256"] for item in line["outputs"] if item.get("sha256") and item["made_here"]}

    same = seen.keys() == ended.keys() and all(digests(seen[each]) == digests(ended[each]) for each in ended)
    report.claim("asked from outside it tells the same runs and the same bytes", same, told.strip())


def hold_chain_against_video(work: Path, base: Path, spool: Path, report: Report) -> None:
    """A production takes the spool in; a video that lost its metadata leads to model and seed."""
    show = work / "show"
    edgecode("init", str(show), cwd=work)
    (video,) = (base / "output" / "bare").glob("video_*.mp4")
    report.claim(
        "the video's container holds no metadata",
        str(SEED).encode() not in video.read_bytes() and b"tiny_random" not in video.read_bytes(),
    )
    edgecode("scan", str(base / "output"), "--production", str(show), cwd=show)
    first = edgecode("record", "--spool", str(spool), "--production", str(show), cwd=show)
    report.claim("the spool becomes steps", "steps" in first, first.strip())
    second = edgecode("record", "--spool", str(spool), "--again", "--production", str(show), cwd=show)
    report.claim("read once more it adds nothing", "nothing new" in second, second.strip())
    answer = json.loads(edgecode("matchback", str(video), "--json", "--production", str(show), cwd=show))
    told = json.dumps(answer)
    report.claim(
        "matchback leads from the video to the model and the seed",
        str(SEED) in told and "tiny_random_2x.safetensors" in told,
    )


def main() -> int:
    """Run everything; 1 when a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comfyui", type=Path, required=True)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--transcript", type=Path)
    chosen = parser.parse_args()
    work = (chosen.work or Path(tempfile.mkdtemp(prefix="accept-comfyui-"))).resolve()
    checkout, python = chosen.comfyui.resolve(), chosen.python.absolute()
    shutil.rmtree(work / "show", ignore_errors=True)
    report, spool = Report(), work / "spool"
    base = prepared(work, checkout, python)
    posts: dict[str, list[float]] = {}

    def timed(label: str, host: Host) -> None:
        for number in range(15):
            posts.setdefault(label, []).append(host.run(graph(seed=1000 + number, name=label))["ms"])

    def with_host(act: Callable[[Host], None], *flags: str) -> Host:
        host = Host(checkout, python, base, *flags)
        try:
            act(host)
        finally:
            host.stop()
        return host

    plain = with_host(lambda host: timed("plain", host))
    edgecode("hook", "comfyui", str(base), "--spool", str(spool), cwd=work)
    with_host(lambda host: hold_runs_against_spool(host, base, spool, report))
    with_host(lambda host: timed("recorded", host))
    added = statistics.median(posts["recorded"]) - statistics.median(posts["plain"])
    report.claim("recording adds at most 5 ms to POST /prompt", added <= 5, f"{added:+.2f} ms at the median of 15")
    with_host(lambda host: host.run(graph(name="bare")) and time.sleep(2), "--disable-metadata")
    hold_chain_against_video(work, base, spool, report)
    config = base / "custom_nodes" / "edgecode_capture" / "edgecode_capture.json"
    config.write_text(json.dumps({"spool": "/dev/null/nowhere"}), encoding="utf-8")
    (base / "custom_nodes" / "edgecode_capture" / "digests.py").write_text(
        "raise RuntimeError('broken on purpose')\n", "utf-8"
    )
    ended: list[str] = []
    with_host(lambda host: ended.append(host.run(graph(seed=1, name="broken"))["history"]["status"]["status_str"]))
    edgecode("hook", "comfyui", str(base), "--spool", str(spool), cwd=work)
    config.write_text(json.dumps({"spool": "/dev/null/nowhere"}), encoding="utf-8")
    with_host(lambda host: ended.append(host.run(graph(seed=2, name="broken"))["history"]["status"]["status_str"]))
    report.claim(
        "renders go on with the capture broken on purpose: it cannot be imported; its spool cannot be written",
        ended == ["success"] * 2,
    )
    edgecode("hook", "comfyui", str(base), "--uninstall", cwd=work)
    report.claim("uninstalled, nothing of it is left", not (base / "custom_nodes" / "edgecode_capture").exists())
    head = f"ComfyUI {plain.version} on the CPU, up in {plain.up_seconds:.1f} s, {len(report.lines)} claims, {report.failed} failed"
    print(head)
    if chosen.transcript:
        chosen.transcript.write_text("\n".join([head, "", *report.lines, ""]), encoding="utf-8")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
