"""pyblish plug-ins that ask edgecode's publish gate and record what was published. Imports nothing of edgecode (see README.md)."""

import os

__version__ = "0.1.0"

PLUGINS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plugins")
"""The folder of the plug-ins, for a plug-in path."""


def register():
    """Add the plug-ins to this session of pyblish, once. Returns their folder."""
    import pyblish.api

    if PLUGINS not in pyblish.api.registered_paths():
        pyblish.api.register_plugin_path(PLUGINS)
    return PLUGINS
