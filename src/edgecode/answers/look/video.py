"""One frame of a video file by way of ffmpeg, where a machine has it: bounded in time and in what it may open."""

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

TIMEOUT_SECONDS = 12
_MAX_BYTES = 4_000_000


def frame_from_video(path: Path) -> bytes | None:
    """A JPEG of a frame one second in (or the first); None without ffmpeg, after 12 seconds, or when it fails."""
    program = _ffmpeg()
    if program is None:
        return None
    for seek in ("1", "0"):
        # The protocol list keeps a playlist in disguise from opening other files or the network.
        command = [
            program, "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-ss", seek, "-i", str(path.absolute()),
            "-frames:v", "1", "-vf", "scale=640:-2", "-f", "image2pipe", "-c:v", "mjpeg", "-",
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)  # noqa: S603 - fixed words
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode == 0 and 0 < len(done.stdout) <= _MAX_BYTES:
            return done.stdout
    return None


@lru_cache(maxsize=1)
def _ffmpeg() -> str | None:
    return shutil.which("ffmpeg")
