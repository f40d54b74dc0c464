"""A Wagtail site with the same posts, to be measured beside the house: part of `bin/bench news`.

It is what `wagtail start` makes, with a blog as Wagtail's own tutorial builds it (an index, posts with date, intro and
rich text), its production settings, and gunicorn, which its Dockerfile starts; with as many processes as the house
has, and threads, so that connections are kept open. It stands in a virtual environment of its own in a temporary
folder, since the product knows nothing of it, and disappears afterwards. `with_cache` adds what Django itself offers
for pages that are the same for everybody: its cache of whole pages, in memory.
"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.servers import Running, free_port, started
from choir_app.foundation.settings import read_settings

WANTED = ("wagtail==8.0.*", "django==5.2.*", "gunicorn")
THREADS = 4

_MODELS = """
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page


class BlogIndexPage(Page):
    intro = RichTextField(blank=True)

    def get_context(self, request):
        context = super().get_context(request)
        context["blogpages"] = self.get_children().live().specific().order_by("-first_published_at")[:12]
        return context


class BlogPage(Page):
    date = models.DateField("Post date")
    intro = models.CharField(max_length=600)
    byline = models.CharField(max_length=250)
    body = RichTextField(blank=True)
"""
_INDEX = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>
{% for post in blogpages %}<article><h2><a href="{% pageurl post %}">{{ post.title }}</a></h2>
<p>{{ post.date }}</p><p>{{ post.intro }}</p><p>{{ post.byline }}</p></article>{% endfor %}{% endblock %}
"""
_POST = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1><p>{{ page.date }}</p><p>{{ page.intro }}</p>
<div>{{ page.body|richtext }}</div><p>{{ page.byline }}</p><a href="{{ page.get_parent.url }}">Blog</a>{% endblock %}
"""
_FILL = """
import json
from datetime import date
from blog.models import BlogIndexPage, BlogPage
from wagtail.models import Page, Site
home = Site.objects.get(is_default_site=True).root_page
index = home.add_child(instance=BlogIndexPage(title="Nyheter", slug="nyheter"))
for post in json.load(open("posts.json")):
    page = BlogPage(title=post["headline"], slug=post["slug"], date=date.fromisoformat(post["date"]),
                    intro=post["lead"], body=post["body"], byline=post["byline"])
    index.add_child(instance=page)
    page.save_revision().publish()
print(BlogPage.objects.live().count())
"""
_CACHE = """
MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware", *MIDDLEWARE,
    "django.middleware.cache.FetchFromCacheMiddleware",
]
CACHE_MIDDLEWARE_SECONDS = 3600
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""


class Site:
    """A Wagtail site in a folder, ready to be started."""

    def __init__(self, folder: Path, posts: list[dict[str, Any]]) -> None:
        """Make it: the environment, the project, the blog, the posts."""
        self.bin = folder / "venv" / "bin"
        self.project = folder / "network"
        venv.create(folder / "venv", with_pip=True)
        quiet = ("--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
        self._run(str(self.bin / "python"), "-m", "pip", "install", *quiet, *WANTED, cwd=folder)
        self._run(str(self.bin / "wagtail"), "start", "network", cwd=folder)
        self._write_blog(posts)
        for command in (("makemigrations", "blog"), ("migrate",), ("collectstatic", "--noinput")):
            self._manage(*command)
        self._manage("shell", given=_FILL)
        self.version = self._run(
            str(self.bin / "python"), "-c", "import wagtail; print(wagtail.__version__)", cwd=folder
        ).strip()

    @contextmanager
    def running(self, workers: int, *, with_cache: bool = False) -> Iterator[Running]:
        """Under gunicorn, with so many processes."""
        port = free_port()
        settings = "network.settings.cached" if with_cache else "network.settings.production"
        command = [
            str(self.bin / "gunicorn"), "network.wsgi:application", "--bind", f"127.0.0.1:{port}",
            "--workers", str(workers), "--worker-class", "gthread", "--threads", str(THREADS),
            "--keep-alive", "60",
        ]  # fmt: skip
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
        asked = read_settings({**os.environ, "PORT": str(port), "HOST": "127.0.0.1"})
        with started(command, environment, self.project, f"http://127.0.0.1:{port}/nyheter/", asked) as site:
            yield site

    def _write_blog(self, posts: list[dict[str, Any]]) -> None:
        self._manage("startapp", "blog")
        (self.project / "blog" / "models.py").write_text(_MODELS)
        templates = self.project / "blog" / "templates" / "blog"
        templates.mkdir(parents=True)
        (templates / "blog_index_page.html").write_text(_INDEX)
        (templates / "blog_page.html").write_text(_POST)
        (self.project / "posts.json").write_text(json.dumps(posts))
        settings = self.project / "network" / "settings"
        local = (
            "from network.settings.base import INSTALLED_APPS\n"
            'INSTALLED_APPS = [*INSTALLED_APPS, "blog"]\n'
            'SECRET_KEY = "for measuring only"\nALLOWED_HOSTS = ["127.0.0.1"]\n'
        )
        (settings / "local.py").write_text(local)
        (settings / "cached.py").write_text(f"from network.settings.production import *\n{_CACHE}")

    def _manage(self, *command: str, given: str | None = None) -> None:
        self._run(str(self.bin / "python"), "manage.py", *command, cwd=self.project, given=given)

    def _run(self, *command: str, cwd: Path, given: str | None = None) -> str:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "network.settings.production"}
        done = subprocess.run(
            command, cwd=cwd, env=environment, input=given, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"The Wagtail site could not be made: {' '.join(command[:4])}\n{done.stderr[-2000:]}")
        return done.stdout
