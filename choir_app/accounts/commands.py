"""What the accounts room can be told at the command line."""

import sys

import click

from choir_app.accounts import actions, queries, rules
from choir_app.foundation import text
from choir_app.foundation.database import commit


@click.command("create-admin")
@click.option("--email", required=True, help="the administrator's e-mail address")
@click.option("--name", required=True, help="the administrator's name")
def create_admin(email: str, name: str) -> None:
    """Make an administrator and print a one-time link where they choose a password."""
    if not name.strip():
        raise click.ClickException("--name must not be empty.")
    if text.has_identity_number(name):
        raise click.ClickException("--name must not hold a personal identity number; we never keep those.")
    if not text.is_email(rules.folded_email(email)):
        raise click.ClickException(
            f"--email must be an e-mail address such as name@example.org, not {email!r}."
        )
    if queries.account_with_email(email):
        raise click.ClickException(
            "That address has an account already; choose another, or ask for a new password."
        )
    token = actions.create_administrator(name=name, email=email)
    commit()
    days = rules.INVITATION_LASTS.days
    sys.stdout.write(
        f"{name.strip()} is an administrator. Open this link to choose a password; it works once, for {days} days:\n"
        f"{actions.link_address(token)}\n"
    )


COMMANDS: tuple[click.Command, ...] = (create_admin,)
