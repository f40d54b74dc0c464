"""What the news room can be told at the command line."""

import sys

import click

from choir_app.foundation.database import commit
from choir_app.news import actions
from choir_app.news.actions.bounces import LARGEST_REPORT

SAID = {
    "noted": "noted: the letter came back",
    "known": "known already",
    "passing": "nothing to note: the letter may still arrive, or has",
    "foreign": "no report about a letter of ours",
}


@click.command("bounce")
def bounce() -> None:
    """Read a report about a letter that came back (RFC 3464) from standard input; a mail server pipes it here."""
    content = sys.stdin.buffer.read(LARGEST_REPORT + 1)
    said = actions.take_in_report(content)
    commit()
    sys.stdout.write(f"{SAID[said]}\n")


@click.command("mail-news")
def mail_news() -> None:
    """Send the letters that are due, for a while, as a server process does every minute; harmless to repeat."""
    sent = actions.send_news()
    commit()
    sys.stdout.write(f"{sent} letters handed over\n")


COMMANDS: tuple[click.Command, ...] = (bounce, mail_news)
