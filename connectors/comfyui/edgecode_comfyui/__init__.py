"""Records every prompt that ComfyUI runs. There is no node to place: importing this package inside ComfyUI is all.

Whatever goes wrong here stays here: ComfyUI starts and renders as if this folder were empty.
"""

import logging

NODE_CLASS_MAPPINGS = {}

try:
    from . import host

    _entrypoint = host.install()
    if _entrypoint is not None:
        # ComfyUI asks for this only of packages without a table of nodes.
        comfy_entrypoint = _entrypoint
        del NODE_CLASS_MAPPINGS
except Exception:  # The host must come up whatever is wrong with its recorder.
    logging.getLogger("edgecode").exception("edgecode does not record: its hooks could not be installed")
