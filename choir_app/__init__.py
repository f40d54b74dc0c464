"""The Rockin' Pots: the house in which a network of integration choirs is run."""

from datetime import timedelta
from importlib import import_module
from inspect import getmembers, isfunction
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, g
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from choir_app.accounts.models import Visitor
from choir_app.floors import ROOMS, ROOMS_WITH_PAGES
from choir_app.foundation import assets, audience, errors, headers, kept_pages, language, log, notices, origin
from choir_app.foundation.database import House, db, engine_options
from choir_app.foundation.settings import PROJECT, Settings, read_settings

LARGEST_REQUEST = 20 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The application, opened in this order: settings, database, people, languages, rooms, doors.

    Raises WrongSetting when the house cannot open as it is told.
    """
    settings = settings or read_settings()
    app = House(__name__, static_folder=None, template_folder=str(PROJECT / "templates"))
    _configure(app, settings)
    log.keep(app)
    headers.dress(app, is_secure=settings.is_secure)
    _open_database(app)
    origin.check(app)
    CSRFProtect(app)
    _know_people(app)
    assets.install(app, settings.data_folder / "fonts")
    _open_rooms(app)
    language.speak(app, default=settings.language, folder=settings.data_folder / "translations")
    kept_pages.keep(app)
    errors.hear(app)
    audience.guard(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        DATA_FOLDER=settings.data_folder,
        MAIL=settings.mail,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-kor" if settings.is_secure else "kor",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # foundation/origin.py asks, so that an old page's form can be drawn again
        WTF_CSRF_TIME_LIMIT=24 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # foundation/origin.py looks at the origin of every change
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _open_database(app: Flask) -> None:
    for room in ROOMS:
        if room.name not in ("foundation", "overview", "demo"):
            import_module(f"choir_app.{room.name}.models")
    import_module("choir_app.foundation.mail")
    import_module("choir_app.foundation.audit")
    import_module("choir_app.foundation.tally")
    db.init_app(app)
    Migrate(app, db, directory=str(PROJECT / "choir_app" / "migrations"), render_as_batch=True)


class _Doorkeeper(LoginManager):
    """Keeps nobody signed in by a cookie of its own, and so leaves the session alone where no page asked for it."""

    def _update_remember_cookie(self, response: Response) -> Response:
        """Its own would look into the session after every answer, which then says that it varies by cookie."""
        return response


def _know_people(app: Flask) -> None:
    manager = _Doorkeeper(app)
    manager.session_protection = None  # type: ignore[assignment]  # phones change their address on the way home
    manager.anonymous_user = Visitor
    known = import_module("choir_app.accounts.queries")
    manager.user_loader(known.account_behind)


def _open_rooms(app: Flask) -> None:
    permissions: dict[str, Any] = {}
    for room in ROOMS:
        if room.name in ("foundation", "overview", "demo"):
            continue
        for name, rule in getmembers(import_module(f"choir_app.{room.name}.permissions"), isfunction):
            if name.startswith("may_") and rule.__module__ == f"choir_app.{room.name}.permissions":
                if name in permissions:
                    raise RuntimeError(f"two rooms have a permission called {name}")
                permissions[name] = rule
    for name in ROOMS_WITH_PAGES:
        app.register_blueprint(import_module(f"choir_app.{name}.views").room)
    app.register_blueprint(import_module("choir_app.foundation.health").room)
    import_module("choir_app.commands").teach(app)
    settings: Settings = app.config["SETTINGS"]
    network = SimpleNamespace(
        name=settings.network,
        url=settings.url,
        owner=settings.owner,
        supporters=settings.supporters,
        contact=settings.contact,
    )

    asked = {name.removeprefix("may_"): _asked_by_viewer(rule) for name, rule in permissions.items()}
    may = SimpleNamespace(**asked)

    @app.context_processor
    def what_templates_know() -> dict[str, Any]:
        return {
            "viewer": current_user,
            "network": network,
            "may": may,
            "notices": notices.waiting,
            "request_id": g.get("request_id", ""),
        }


def _asked_by_viewer(rule: Any) -> Any:
    return lambda *things: rule(current_user, *things)
