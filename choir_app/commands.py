"""What the house can be told at the command line: `flask --app choir_app …`."""

import sys
from importlib import import_module

import click
from flask import Flask
from flask_migrate import upgrade

from choir_app.foundation import caretaker, fonts, language
from choir_app.foundation.database import commit, fact
from choir_app.foundation.settings import Settings, WrongSetting

DEMO = "demo_network"
"""The fact that says that the data is the demo network."""


def teach(app: Flask) -> None:
    """Give the application its commands; rooms bring their own in `choir_app.<room>.commands`."""
    app.cli.add_command(set_up)
    app.cli.add_command(do_chores)
    for room in ("accounts", "rehearsals", "news", "funding", "demo"):
        for command in import_module(f"choir_app.{room}.commands").COMMANDS:
            app.cli.add_command(command)


@click.command("set-up")
def set_up() -> None:
    """Bring database, demo data, fonts and translations to where the code wants them; harmless to repeat."""
    from flask import current_app  # inside, since the command runs in the application's context

    settings: Settings = current_app.config["SETTINGS"]
    upgrade()
    import_module("choir_app.rehearsals.actions").keep_first_study_rules()
    import_module("choir_app.news.actions").index_missing()
    commit()
    fonts.make_fonts(settings.data_folder / "fonts")
    language.compile_catalogues(settings.data_folder / "translations")
    network = import_module("choir_app.demo.network")
    if settings.demo and network.is_empty():
        network.load()
        commit()
    if fact(DEMO) and not settings.demo:
        raise WrongSetting(
            "The database holds the demo network, whose passwords everybody knows: "
            "start it on a loopback address, say CHOIR_DEMO=1, or choose another DATABASE_URL."
        )
    sys.stdout.write(f"{settings.network}: {settings.url}\n")
    if fact(DEMO):
        sys.stdout.write(network.who_can_sign_in())


@click.command("do-chores")
def do_chores() -> None:
    """Do tonight's chores now: forget who left long ago, keep the plans a year long; harmless to repeat."""
    done = caretaker.do_chores()
    for name, is_done in done.items():
        sys.stdout.write(f"{name}: {'done' if is_done else 'failed, see the log'}\n")
    if not all(done.values()):
        sys.exit(1)
