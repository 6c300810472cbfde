"""``python -m edgecode`` runs the command line."""

from edgecode.cli.app import main

main()
