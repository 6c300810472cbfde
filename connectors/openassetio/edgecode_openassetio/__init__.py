"""The OpenAssetIO plug-in of edgecode: its class is found as `openassetioPlugin`. Imports nothing of edgecode (see README.md)."""

from openassetio.pluginSystem import PythonPluginSystemManagerPlugin

__version__ = "0.1.0"

IDENTIFIER = "edgecode.manager"


class EdgecodePlugin(PythonPluginSystemManagerPlugin):
    """Makes managers for hosts."""

    @classmethod
    def identifier(cls):
        """The manager's identifier."""
        return IDENTIFIER

    @classmethod
    def interface(cls):
        """A manager that is not initialized yet."""
        from .interface import EdgecodeInterface

        return EdgecodeInterface()


openassetioPlugin = EdgecodePlugin  # noqa: N816  The API's own name.
