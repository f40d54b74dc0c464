"""What the rehearsals room can be told at the command line."""

import sys
from pathlib import Path

import click

from choir_app.foundation.database import commit
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions


class _Keeper:
    """Whoever sits at the machine: may take in a choir, and has no account."""

    id = None
    manages = True
    is_authenticated = True


@click.command("choir-import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def choir_import(file: Path) -> None:
    """Take in a choir from a FILE that another installation made at «Ta ut allt» (JSON; see docs/export.md)."""
    try:
        choir = actions.take_in_choir(actions.read_choir_file(file.read_bytes()), by=_Keeper())
    except Refusal as no:
        raise click.ClickException(no.message) from None
    commit()
    sys.stdout.write(f"{choir.name}: /korer/{choir.slug}\n")


COMMANDS: tuple[click.Command, ...] = (choir_import,)
