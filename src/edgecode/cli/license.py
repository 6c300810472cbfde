"""`edgecode license`: what the makers of works, datasets, models and archive material permit, and what becomes of that."""

import click

from edgecode.cli.agreeing import agreement_commands
from edgecode.cli.agreement_impact import impact_commands
from edgecode.cli.agreement_moving import move_commands


@click.group()
def license() -> None:
    """A work's, dataset's or model's terms: record, amend, grant, suspend, revoke …, list, show, import."""


agreement_commands(license, "license")
move_commands(license, "license")
impact_commands(license, "license")
