"""What the demo room can be told at the command line."""

import click

COMMANDS: tuple[click.Command, ...] = ()
