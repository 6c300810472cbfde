"""`edgecode mhl`: histories of copies (ASC MHL), read and written."""

import click


@click.group()
def mhl() -> None:
    """Histories of copies (ASC MHL): read every generation, write a new one where asked."""
