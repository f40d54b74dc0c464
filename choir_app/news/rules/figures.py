"""Figures within a text: `{{ singers_per_week }}` as it is written, and as a reader meets it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from choir_app.foundation.text import NO_LONGER_QUIET, QUIET
from choir_app.news.rules.languages import EASY, SOURCE

_WRITTEN = re.compile(r"\{\{[ \t]*(?P<name>[A-Za-z][A-Za-z0-9_-]{0,59})[ \t]*\}\}")
UNKNOWN = "–"
"""What a reader meets in place of a figure that there is none for."""

_ABOUT = {SOURCE: "cirka", EASY: "ungefär", "en": "about"}
_DAY = {SOURCE: "'den' d MMMM y", EASY: "'den' d MMMM y"}


@dataclass(frozen=True)
class FigureInText:
    """That a text tells a figure at a place, counted in signs."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class ToldFigure:
    """A figure as a text tells it."""

    value: int
    on: date
    is_about: bool


def figures_in(text: str) -> tuple[FigureInText, ...]:
    """The figures that a text tells, in reading order, whether anybody knows them or not."""
    return tuple(FigureInText(one["name"], one.start(), one.end()) for one in _WRITTEN.finditer(text))


def as_written(name: str) -> str:
    """How a text calls a figure."""
    return "{{ " + name + " }}"


def with_figures(
    text: str, told: Mapping[str, ToldFigure], language: str, *, unknown: str | None = None
) -> str:
    """A text in Markdown with its figures put in, each with its day as quiet words beside it.

    A figure that is not told stays as it was written, or becomes `unknown`.
    """
    return _put_in(text, told, language, (QUIET, NO_LONGER_QUIET), unknown)


def with_plain_figures(
    text: str, told: Mapping[str, ToldFigure], language: str, *, unknown: str | None = None
) -> str:
    """The same for a text that knows no marks, such as a lead."""
    return _put_in(text, told, language, ("", ""), unknown)


def number_in_words(figure: ToldFigure, language: str) -> str:
    """The number as a text in a language writes it: «cirka 202»."""
    number = format_decimal(figure.value, locale=_locale(language))
    if not figure.is_about:
        return number
    return f"{_ABOUT[language]} {number}" if language in _ABOUT else f"≈ {number}"


def day_in_words(day: date, language: str) -> str:
    """«den 3 juni 2026», in the language of the text."""
    return format_date(day, _DAY.get(language, "d MMMM y"), locale=_locale(language))


def _put_in(
    text: str, told: Mapping[str, ToldFigure], language: str, quiet: tuple[str, str], unknown: str | None
) -> str:
    if "{{" not in text:
        return text

    def instead(found: re.Match[str]) -> str:
        figure = told.get(found["name"])
        if figure is None:
            return found.group() if unknown is None else unknown
        begins, ends = quiet
        day = day_in_words(figure.on, language)
        return f"{number_in_words(figure, language)} {begins}({day}){ends}"

    return _WRITTEN.sub(instead, text)


def _locale(language: str) -> Locale:
    """The habits of a language; English ones where the library knows none."""
    try:
        return Locale.parse("sv" if language == EASY else "en_GB" if language == "en" else language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")
