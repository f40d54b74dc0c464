"""Bring the catalogues up to date with the texts of the house; docs/translating.md says how one works with them.

    .venv/bin/python scripts/update_catalogues.py           takes in new texts, drops those that are gone
    .venv/bin/python scripts/update_catalogues.py --check   changes nothing; says what is not translated
    .venv/bin/python scripts/update_catalogues.py --new ar  begins the catalogue of a new language

A catalogue holds no file names, line numbers or guesses, and its texts stand in alphabetical order, so that a
change of the code changes only the texts that it touches.
"""

import argparse
import re
import sys
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUES = PROJECT / "choir_app" / "translations"
KEYWORDS = {"_": None, "lazy_": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
ROOTS = ("choir_app", "templates")
HEADING = "# {}. How one works with it: docs/translating.md"
NOISE = re.compile(
    rb'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb"|Generated-By): .*\n",
    re.MULTILINE,
)
"""Lines of the head that say who wrote it when: git knows that better."""


def spoken() -> Catalog:
    """Every text that the code and the templates say."""
    with (PROJECT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    texts = Catalog()
    found = extract_from_dir(PROJECT, methods, options, KEYWORDS, directory_filter=_is_read)
    for _file, _line, text, _comments, context in found:
        texts.add(text, context=context)
    return texts


def _is_read(folder: str | Path) -> bool:
    path = Path(folder)
    return path == PROJECT or path.relative_to(PROJECT).parts[0] in ROOTS


def path_of(code: str) -> Path:
    """Where the catalogue of a language lies."""
    return CATALOGUES / code / "LC_MESSAGES" / "messages.po"


def begun(code: str) -> Catalog:
    """An empty catalogue, with the plural forms of its language."""
    return Catalog(locale=code, project="choir", fuzzy=False)


def read(code: str) -> Catalog:
    """The catalogue of a language as it stands in its file."""
    with path_of(code).open("rb") as file:
        return read_po(file, locale=code)


def update(catalogue: Catalog, texts: Catalog) -> Catalog:
    """Take in new texts without a translation, and drop those that nobody says any more."""
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags.discard("fuzzy")  # what gained or lost its plural is listed, not guessed
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue without what changes for no reason."""
    catalogue.header_comment = HEADING.format(Locale.parse(str(catalogue.locale)).english_name)
    written = BytesIO()
    write_po(written, catalogue, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(NOISE.sub(b"", written.getvalue()))


def lacking(catalogue: Catalog) -> list[str]:
    """The texts that are not translated, or not in every plural form."""
    return [_source(one) for one in catalogue if one.id and not _is_translated(one)]


def _is_translated(message: Message) -> bool:
    string = message.string
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main(asked: argparse.Namespace) -> int:
    """Do what is asked for; the number of texts that nobody has translated yet, or that stand there in vain."""
    texts = spoken()
    if asked.new:
        if path_of(asked.new).exists():
            sys.exit(f"There is a catalogue for {asked.new} already.")
        write(update(begun(asked.new), texts), path_of(asked.new))
    wrong = 0
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        code = path.parent.parent.name
        before = {_source(one) for one in read(code) if one.id}
        catalogue = update(read(code), texts)
        wanted = lacking(catalogue)
        gone = sorted(before - {_source(one) for one in catalogue if one.id})
        wrong += len(wanted) + (len(gone) if asked.check else 0)
        if not asked.check:
            write(catalogue, path)
        print(f"{code}: {len(catalogue)} texts, {len(wanted)} not translated, {len(gone)} no longer said")
        for text in wanted:
            print(f"  ? {text!r}")
    return wrong


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument(
        "--check", action="store_true", help="change nothing; end with 1 when something is lacking"
    )
    reader.add_argument("--new", metavar="CODE", help="begin the catalogue of a language, such as ar")
    arguments = reader.parse_args()
    sys.exit(1 if main(arguments) and arguments.check else 0)
