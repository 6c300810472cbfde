"""Puts the capture node package into a ComfyUI checkout and takes it out again. The package itself is never imported here."""

import importlib.util
import json
import shutil
from pathlib import Path

from edgecode.errors import NotFoundError, RefusedError, UnavailableError

FOLDER = "edgecode_capture"
"""The package's folder in ``custom_nodes``."""
CONFIG = "edgecode_capture.json"
PACKAGE = "edgecode_comfyui"
_IN_A_CHECKOUT = Path(__file__).resolve().parents[3] / "connectors" / "comfyui" / PACKAGE


def install(checkout: Path, *, spool: Path | None = None, stamp_files: bool = True) -> Path:
    """Copy the package into *checkout*'s custom_nodes, over an older copy of it. Returns the folder where the spool will be written.

    *checkout*: a ComfyUI checkout, or the folder given to it as --base-directory. *spool*: ``user/edgecode/spool`` in it when None.
    *stamp_files*: whether the capture's id goes into the files that ComfyUI saves. Raises NotFoundError ``comfyui.none``,
    UnavailableError ``comfyui.package_missing`` and ``comfyui.unwritable``, RefusedError ``comfyui.not_ours``.
    """
    nodes = _custom_nodes(checkout)
    source = package_folder()
    target = nodes / FOLDER
    _refuse_others(target)
    where = (spool or checkout / "user" / "edgecode" / "spool").resolve()
    said = {"spool": str(where), "embed": stamp_files}
    try:
        new = nodes / f".{FOLDER}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        for part in sorted(source.glob("*.py")):
            shutil.copyfile(part, new / part.name)
        (new / CONFIG).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        new.rename(target)
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(error) from error
    return where


def uninstall(checkout: Path) -> Path:
    """Take the package out of *checkout*. Returns the spool's folder, which stays. Raises NotFoundError ``comfyui.none`` and
    ``comfyui.not_installed``, RefusedError ``comfyui.not_ours``, UnavailableError ``comfyui.unwritable``."""
    target = _custom_nodes(checkout) / FOLDER
    if not target.is_dir():
        raise NotFoundError("comfyui.not_installed", "the capture is not installed there", "Nothing is left to do")
    _refuse_others(target)
    try:
        spool = Path(json.loads((target / CONFIG).read_text(encoding="utf-8"))["spool"])
        shutil.rmtree(target)
    except OSError as error:
        raise _unwritable(error) from error
    return spool


def package_folder() -> Path:
    """Where the package's files are: beside this checkout, or installed as ``edgecode-comfyui``. Raises UnavailableError."""
    if _IN_A_CHECKOUT.is_dir():
        return _IN_A_CHECKOUT
    # Found, never imported: it belongs to ComfyUI's process.
    found = importlib.util.find_spec(PACKAGE)
    if found is not None and found.origin is not None:
        return Path(found.origin).parent
    raise UnavailableError(
        "comfyui.package_missing",
        "the capture package for ComfyUI is not on this machine; it is a package of its own, because its host is under the GPL",
        "pip install edgecode-comfyui",
    )


def _custom_nodes(checkout: Path) -> Path:
    nodes = checkout / "custom_nodes"
    if not nodes.is_dir():
        raise NotFoundError(
            "comfyui.none",
            f"{checkout.name} has no folder custom_nodes, so it is no ComfyUI",
            "Give the folder of a ComfyUI checkout, or the one given to it as --base-directory",
        )
    return nodes


def _refuse_others(target: Path) -> None:
    if target.exists() and not (target / CONFIG).is_file():
        raise RefusedError(
            "comfyui.not_ours",
            f"custom_nodes/{FOLDER} is there and was not installed by edgecode hook comfyui",
            "Move it away first if it is not needed",
        )


def _unwritable(error: OSError) -> UnavailableError:
    return UnavailableError(
        "comfyui.unwritable",
        f"ComfyUI's folder cannot be written ({error.strerror or 'input/output error'})",
        "Run this as the user whose ComfyUI it is; where you may not touch it: edgecode poll comfyui URL",
    )
