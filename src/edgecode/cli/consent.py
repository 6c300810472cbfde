"""`edgecode consent`: what people permit of their face, voice, body and data, and what becomes of that."""

import click

from edgecode.cli.agreeing import agreement_commands
from edgecode.cli.agreement_impact import impact_commands
from edgecode.cli.agreement_moving import move_commands


@click.group()
def consent() -> None:
    """A person's yes: record, amend, grant, suspend, revoke …, list, show, import. Papers print its label, never its terms."""


agreement_commands(consent, "consent")
move_commands(consent, "consent")
impact_commands(consent, "consent")
