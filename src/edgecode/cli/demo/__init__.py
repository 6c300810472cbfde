"""The demo: an invented documentary made of real files, and the whole road run on it."""

from edgecode.cli.demo.command import demo

__all__ = ["demo"]
