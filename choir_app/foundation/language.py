"""Languages: Swedish is the source text, every other language is a catalogue and an address of its own.

`/en/korer` is the page `/korer` in English. The choice is remembered in a cookie for a year; an address that
names its language always wins. `/sv/…` leads back to Swedish.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from email.utils import format_datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_group_symbol
from flask import Flask, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from choir_app.foundation import clock
from choir_app.foundation.money import kronor_text

__all__ = ["_", "lazy_", "lazy_ngettext", "ngettext"]

SOURCE = "sv"
COOKIE = "sprak"
A_YEAR = 365 * 24 * 3600
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
WITHOUT_LANGUAGE = (
    "/static/",
    "/api/",
    "/healthz",
    "/readyz",
    "/favicon.ico",
    "/robots.txt",
    "/sitemap.xml",
    "/bilder/",
    "/sw.js",
)


def gettext(text: str, /, **variables: Any) -> str:
    """A Swedish text in the reader's language. Swedish itself is not looked up: a page holds a hundred texts."""
    told = text if current_language() == SOURCE else get_translations().ugettext(text)
    return told % variables if variables else told


def ngettext(singular: str, plural: str, num: int, /, **variables: Any) -> str:
    """The same for a text about so many things; `%(num)s` is the number."""
    if current_language() == SOURCE:
        told = singular if num == 1 else plural
    else:
        told = get_translations().ungettext(singular, plural, num)
    return told % {"num": num, **variables}


def lazy_gettext(text: str, /, **variables: Any) -> LazyString:
    """A text that is put into the reader's language when it is shown, for what is made before there is a reader."""
    return LazyString(gettext, text, **variables)


def lazy_ngettext(singular: str, plural: str, num: int, /, **variables: Any) -> LazyString:
    """The same for a text about so many things; a heading over many of a kind is said with 2."""
    return LazyString(ngettext, singular, plural, num, **variables)


_ = gettext
lazy_ = lazy_gettext


@dataclass(frozen=True)
class Tongue:
    """A language that the pages are offered in."""

    code: str
    autonym: str
    locale: str
    direction: str = "ltr"


TONGUES: dict[str, Tongue] = {
    "sv": Tongue("sv", "Svenska", "sv_SE"),
    "en": Tongue("en", "English", "en_GB"),
}


@dataclass(frozen=True)
class LanguageLink:
    """The way from the present page to the same page in another language."""

    code: str
    autonym: str
    direction: str
    url: str
    is_current: bool


class LanguageInAddress:
    """Takes the language out of the address before the pages see it, and remembers it.

    The language becomes part of SCRIPT_NAME, so that every link a page makes keeps it.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        default: str,
        headers: Mapping[str, str],
        *,
        is_secure: bool,
    ) -> None:
        self.app = app
        self.default = default
        self.headers = headers
        self.is_secure = is_secure

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path.startswith(WITHOUT_LANGUAGE):
            environ["choir.language"] = self.default
            return self.app(environ, start_response)
        first, slash, rest = path[1:].partition("/")
        chosen = _cookie(environ).get(COOKIE)
        if first in TONGUES:
            if first == self.default:
                return self._go(environ, start_response, f"/{rest}", remember=first)
            if not slash:
                return self._go(environ, start_response, f"/{first}/")
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ["PATH_INFO"] = f"/{rest}"
            environ["choir.language"] = first
            return self.app(environ, self._remembering(start_response, first, chosen))
        environ["choir.language"] = self.default
        wanted = chosen if chosen in TONGUES else self.default
        if wanted != self.default and environ.get("REQUEST_METHOD") == "GET":
            return self._go(environ, start_response, f"/{wanted}{path}")
        return self.app(environ, start_response)

    def _go(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        path: str,
        *,
        remember: str | None = None,
    ) -> list[bytes]:
        query = environ.get("QUERY_STRING", "")
        plain = "/" + path.encode("latin-1", "replace").decode("utf-8", "replace").lstrip("/\\")
        where = quote(plain, safe="/~") + (f"?{quote(query, safe='=&%+,;:@~-._')}" if query else "")
        headers = [
            ("Location", where),
            ("Content-Length", "0"),
            ("Cache-Control", "no-store"),
            ("Vary", "Cookie"),
            *self.headers.items(),
        ]
        if remember:
            headers.append(self._cookie_of(remember))
        start_response("302 Found", headers)
        return [b""]

    def _remembering(
        self, start_response: Callable[..., Any], code: str, chosen: str | None
    ) -> Callable[..., Any]:
        if chosen == code:
            return start_response

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, self._cookie_of(code)], *rest)

        return start

    def _cookie_of(self, code: str) -> tuple[str, str]:
        secure = "; Secure" if self.is_secure else ""
        return ("Set-Cookie", f"{COOKIE}={code}; Path=/; Max-Age={A_YEAR}; SameSite=Lax; HttpOnly{secure}")


def _cookie(environ: dict[str, Any]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
    except Exception:  # noqa: BLE001 - a cookie that cannot be read is no cookie
        return {}


def speak(app: Flask, *, default: str, folder: Path) -> None:
    """Give the house its languages: catalogues, filters and the words that templates know."""
    compile_catalogues(folder)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    app.config["BABEL_DEFAULT_LOCALE"] = TONGUES[default].locale
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Stockholm"
    Babel(app, locale_selector=lambda: TONGUES[current_language()].locale)
    app.jinja_env.install_gettext_callables(gettext, _plural_for_templates, newstyle=True)  # type: ignore[attr-defined]  # Jinja's i18n extension brings it
    app.wsgi_app = LanguageInAddress(
        app.wsgi_app,
        default,
        app.extensions.get("headers", {}),
        is_secure=app.config["SESSION_COOKIE_SECURE"],
    )
    for name, filter_ in FILTERS.items():
        app.add_template_filter(filter_, name)
    app.jinja_env.globals["content_language"] = default  # of what people write, on pages in any language

    @app.template_filter("as_written")
    def as_written(words: str, written_in: str = default) -> str:
        """Words of people in a sentence of the house: marked where the page has another language."""
        if current_language() == written_in:
            return words
        return Markup('<span lang="{}">{}</span>').format(written_in, words)

    @app.context_processor
    def words() -> dict[str, Any]:
        tongue = TONGUES[current_language()]
        return {"language": tongue.code, "direction": tongue.direction, "languages": language_links()}


def _plural_for_templates(singular: str, plural: str, num: int) -> str:
    """As ngettext, but the template puts the variables in, since it knows what must be escaped."""
    if current_language() == SOURCE:
        return singular if num == 1 else plural
    return get_translations().ungettext(singular, plural, num)


_spoken_instead: ContextVar[str | None] = ContextVar("spoken_instead", default=None)


def current_language() -> str:
    """The code of the language that the present request is answered in, or that a letter is written in."""
    if chosen := _spoken_instead.get():
        return chosen
    if has_request_context():
        return request.environ.get("choir.language", SOURCE)
    return SOURCE


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Say in a language of the pages what is written for somebody who is not here, such as a letter."""
    token = _spoken_instead.set(code)
    try:
        with force_locale(TONGUES[code].locale):
            yield
    finally:
        _spoken_instead.reset(token)


@contextmanager
def in_swedish() -> Iterator[None]:
    """Say in Swedish what leaves the house, whatever language the one who sends it reads in."""
    with force_locale(TONGUES[SOURCE].locale):
        if not has_request_context():
            yield
            return
        own = current_language()
        request.environ["choir.language"] = SOURCE
        try:
            yield
        finally:
            request.environ["choir.language"] = own


def language_links() -> list[LanguageLink]:
    """The present page in each language."""
    if not has_request_context():
        return []
    path = quote(request.path, safe="/~")
    query = request.query_string.decode("ascii", "replace")
    tail = f"?{query}" if query and request.method == "GET" else ""
    return [
        LanguageLink(t.code, t.autonym, t.direction, f"/{t.code}{path}{tail}", t.code == current_language())
        for t in TONGUES.values()
    ]


def compile_catalogues(folder: Path) -> None:
    """Compile every catalogue that is newer than its compiled form; safe when two processes do it at once."""
    for source in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        locale = TONGUES[source.parent.parent.name].locale
        target = folder / locale / "LC_MESSAGES" / "messages.mo"
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        with source.open("rb") as text, draft.open("wb") as compiled:
            write_mo(compiled, read_po(text, locale=source.parent.parent.name))
        draft.replace(target)


# --- how days, hours and sums are written --------------------------------------------------------------------


def _locale() -> Locale:
    return get_locale() or Locale.parse("sv_SE")


def _day_of(when: date | datetime) -> date:
    return clock.local(when).date() if isinstance(when, datetime) else when


def _written(when: date | datetime, pattern: str) -> str:
    return format_date(_day_of(when), pattern, locale=_locale())


def long_day(when: date | datetime) -> str:
    """«tisdag 16 juni 2026»"""
    return _written(when, "EEEE d MMMM y")


def day(when: date | datetime) -> str:
    """«tisdag 16 juni», with the year when it is not this year's."""
    return _written(when, "EEEE d MMMM") if _is_this_year(when) else long_day(when)


def short_day(when: date | datetime) -> str:
    """«16 juni», with the year when it is not this year's."""
    return _written(when, "d MMMM" if _is_this_year(when) else "d MMMM y")


def full_day(when: date | datetime) -> str:
    """«16 juni 2026»"""
    return _written(when, "d MMMM y")


def weekday(when: date | datetime) -> str:
    """«tisdag»"""
    return _written(when, "EEEE")


def month(when: date | datetime) -> str:
    """«juni 2026»"""
    return _written(when, "LLLL y")


def short_month(when: date | datetime) -> str:
    """«jun», for the axis of a chart."""
    return _written(when, "LLL").rstrip(".")


def hour(when: datetime | time) -> str:
    """«18.00» as the clock on the wall in Sweden shows it."""
    shown = when if isinstance(when, time) else clock.local(when)
    return shown.strftime("%H.%M" if _locale().language == "sv" else "%H:%M")


def iso(when: date | datetime) -> str:
    """The machine's way of writing a day or a moment, for <time datetime>."""
    return clock.local(when).isoformat(timespec="minutes") if isinstance(when, datetime) else when.isoformat()


def utc_moment(when: datetime) -> str:
    """A moment as Atom writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc_moment(when: datetime) -> str:
    """A moment as RSS and letters write it."""
    return format_datetime(when)


def number(value: float) -> str:
    """«68 000», with a no-break space between thousands in every language, as in sums of money."""
    locale = _locale()
    return format_decimal(value, locale=locale).replace(get_group_symbol(locale), "\u00a0")


def kronor(ore: int) -> str:
    """«68 000 kr» from öre."""
    return kronor_text(ore)


def listed(names: Iterable[str]) -> str:
    """«Boden, Göteborg och Östersund»"""
    return format_list(list(names), locale=_locale())


def sentence(text: str) -> str:
    """The text with a capital first letter, for a day at the beginning of a line."""
    return text[:1].upper() + text[1:]


def _is_this_year(when: date | datetime) -> bool:
    return _day_of(when).year == clock.today().year


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "long_day": long_day,
    "short_day": short_day,
    "full_day": full_day,
    "weekday": weekday,
    "month": month,
    "short_month": short_month,
    "clock": hour,
    "iso": iso,
    "number": number,
    "utc_moment": utc_moment,
    "rfc_moment": rfc_moment,
    "kronor": kronor,
    "listed": listed,
    "sentence": sentence,
}
