"""Settings from the environment or `.env`: each with its default, its meaning and a clear sentence when wrong."""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

PROJECT = Path(__file__).resolve().parent.parent.parent


class WrongSetting(Exception):  # noqa: N818 - it says what is wrong, it is not a fault of the program
    """A setting that the house cannot open with; the text is one sentence for the person who starts it."""


@dataclass(frozen=True)
class Setting:
    """One line of the README's table."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("HOST", "127.0.0.1", "the address to listen on"),
    Setting("PORT", "8000", "the port to listen on"),
    Setting("WORKERS", "the number of cores", "server processes"),
    Setting(
        "DATABASE_URL", "SQLite in the data folder", "another database, e.g. postgresql://user:word@host/name"
    ),
    Setting("CHOIR_DATA_DIR", "instance", "folder for database, pictures, fonts, translations and outbox"),
    Setting("CHOIR_DEMO", "1 on a loopback address, else 0", "load and offer the demo network"),
    Setting("SECRET_KEY", "made once, kept in the data folder", "signs cookies; at least 32 characters"),
    Setting("CHOIR_NETWORK", "The Rockin' Pots", "the network's name on every page"),
    Setting(
        "CHOIR_OWNER", "Sveriges Körförbund", "who owns the project, on every page's foot and on «Om oss»"
    ),
    Setting("CHOIR_SUPPORTERS", "Svenska Postkodstiftelsen", "who has given money, on «Om oss»"),
    Setting(
        "CHOIR_CONTACT",
        "none: the choirs' own",
        "e-mail address for questions about the site and what it keeps",
    ),
    Setting("CHOIR_LANGUAGE", "sv", "the language of a page without a language in its address"),
    Setting(
        "CHOIR_URL", "http://HOST:PORT", "the address that letters link to; https turns on secure cookies"
    ),
    Setting("CHOIR_PROXIES", "0", "how many proxies in front are trusted to tell the visitor's address"),
    Setting("CHOIR_FORGET_MONTHS", "24", "months after which singers who left become anonymous"),
    Setting("SMTP_HOST", "none: letters become files in the outbox", "the mail server"),
    Setting("SMTP_PORT", "587", "its port"),
    Setting("SMTP_USER", "none", "user name at the mail server"),
    Setting("SMTP_PASSWORD", "none", "password at the mail server"),
    Setting("SMTP_SECURITY", "starttls", "starttls, tls or none"),
    Setting("SMTP_FROM", "noreply@ the host of CHOIR_URL", "the sender of letters"),
)

LANGUAGES = ("sv", "en")


@dataclass(frozen=True)
class Post:
    """How letters leave; without a host they become files in the data folder's outbox."""

    host: str | None
    port: int
    user: str | None
    password: str | None
    security: str
    sender: str


@dataclass(frozen=True)
class Settings:
    """Everything the house is told from outside."""

    host: str
    port: int
    workers: int
    database_url: str
    data_folder: Path
    demo: bool
    demo_is_asked_for: bool
    secret_key: str
    network: str
    owner: str
    supporters: str
    contact: str | None
    language: str
    url: str
    proxies: int
    forget_after_months: int
    mail: Post

    @property
    def is_secure(self) -> bool:
        """Whether visitors come by https."""
        return self.url.startswith("https://")


def read_settings(given: Mapping[str, str] | None = None) -> Settings:
    """The settings of this start: what is given, else the environment over `.env`.

    Raises WrongSetting with one sentence that names the setting and says what it takes.
    """
    if given is None:
        on_file = {key: value for key, value in dotenv_values(PROJECT / ".env").items() if value is not None}
        given = {**on_file, **os.environ}
    known = {setting.name: (given.get(setting.name) or "").strip() for setting in SETTINGS}
    host = known["HOST"] or "127.0.0.1"
    port = _whole_number("PORT", known["PORT"], 8000, least=1, most=65535)
    url = _address(known["CHOIR_URL"] or f"http://{_in_address(host)}:{port}")
    folder = _folder(known["CHOIR_DATA_DIR"])
    demo = _yes_or_no("CHOIR_DEMO", known["CHOIR_DEMO"])
    return Settings(
        host=host,
        port=port,
        workers=_whole_number("WORKERS", known["WORKERS"], os.cpu_count() or 1, least=1, most=64),
        database_url=_database_url(known["DATABASE_URL"], folder),
        data_folder=folder,
        demo=is_loopback(host) if demo is None else demo,
        demo_is_asked_for=demo is True,
        secret_key=_secret_key(known["SECRET_KEY"], folder),
        network=known["CHOIR_NETWORK"] or "The Rockin' Pots",
        owner=known["CHOIR_OWNER"] or "Sveriges Körförbund",
        supporters=known["CHOIR_SUPPORTERS"] or "Svenska Postkodstiftelsen",
        contact=_mail_address("CHOIR_CONTACT", known["CHOIR_CONTACT"]),
        language=_one_of("CHOIR_LANGUAGE", known["CHOIR_LANGUAGE"] or "sv", LANGUAGES),
        url=url,
        proxies=_whole_number("CHOIR_PROXIES", known["CHOIR_PROXIES"], 0, least=0, most=10),
        forget_after_months=_whole_number(
            "CHOIR_FORGET_MONTHS", known["CHOIR_FORGET_MONTHS"], 24, least=1, most=240
        ),
        mail=Post(
            host=known["SMTP_HOST"] or None,
            port=_whole_number("SMTP_PORT", known["SMTP_PORT"], 587, least=1, most=65535),
            user=known["SMTP_USER"] or None,
            password=known["SMTP_PASSWORD"] or None,
            security=_one_of(
                "SMTP_SECURITY", known["SMTP_SECURITY"] or "starttls", ("starttls", "tls", "none")
            ),
            sender=known["SMTP_FROM"] or f"noreply@{urlsplit(url).hostname}",
        ),
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _whole_number(name: str, text: str, default: int, *, least: int, most: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise WrongSetting(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def _yes_or_no(name: str, text: str) -> bool | None:
    if text not in ("", "0", "1"):
        raise WrongSetting(f"{name} must be 0 or 1, not {text!r}.")
    return None if text == "" else text == "1"


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise WrongSetting(f"{name} must be one of {', '.join(allowed)}, not {text!r}.")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongSetting(f"CHOIR_URL must begin with http:// or https:// and name a host, not {text!r}.")
    return text.rstrip("/")


def _mail_address(name: str, text: str) -> str | None:
    if text and not re.fullmatch(r"[^\s@<>\"']+@[^\s@<>\"']+", text):
        raise WrongSetting(f"{name} must be an e-mail address, not {text!r}.")
    return text or None


def _folder(text: str) -> Path:
    folder = (PROJECT / (text or "instance")).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # nobody else on the machine reads in it
    except OSError as fault:
        raise WrongSetting(
            f"CHOIR_DATA_DIR: the folder {folder} cannot be made ({fault.strerror})."
        ) from fault
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WrongSetting(f"CHOIR_DATA_DIR: the folder {folder} cannot be written to.")
    return folder


def _database_url(text: str, folder: Path) -> str:
    if not text:
        return f"sqlite:///{folder / 'choir.sqlite3'}"
    if text.startswith("sqlite:///"):
        return text
    for beginning in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if text.startswith(beginning):
            return "postgresql+psycopg://" + text.removeprefix(beginning)
    raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _secret_key(text: str, folder: Path) -> str:
    if text:
        if len(text) < 32:
            raise WrongSetting("SECRET_KEY must have at least 32 characters; leave it out and one is made.")
        return text
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if len(kept) < 32:
            raise WrongSetting(f"SECRET_KEY: the kept key in {path} is damaged; remove the file.") from None
        return kept
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key
