"""The demo network for tests that want it to be there and do not ask how it came about, as tests/demo does.

Telling it takes many seconds, most of them in the darkroom. So whoever wants its pictures first in a run develops
them for all, and an SQLite database with the network in it is kept and copied.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine, select

from choir_app.demo import network
from choir_app.foundation.database import commit, db
from choir_app.news.models import PostVersion


def put_in_demo_network(run: Path) -> None:
    """The network in the empty database of the application; `run` is a folder that all processes of a run share."""
    kept = run / "demo.sqlite3"
    is_sqlite = db.engine.dialect.name == "sqlite"
    with _one_at_a_time(run):
        if is_sqlite and kept.exists():
            _link(run / "demo-pictures", _shelf())
            go_back_to(kept, db.engine)
            return
        tell_demo_network(run)
        commit()
        if is_sqlite:
            keep_a_copy(db.engine, kept)


def tell_demo_network(run: Path) -> None:
    """The network told from its beginning in the application's database, with pictures that this run has already."""
    kept = run / "demo-pictures"
    _link(kept, _shelf())
    network.load()
    if not kept.exists():
        making = Path(tempfile.mkdtemp(dir=run))
        for name in db.session.scalars(select(PostVersion.picture_name).distinct()):
            if name:
                _link(_shelf() / name, making / name)
        with suppress(OSError):  # another process was faster, and theirs are the same
            making.rename(kept)


def go_back_to(copy: Path, engine: Engine) -> None:
    """Let an SQLite database hold what a copy of it holds."""
    db.session.remove()
    engine.dispose()
    path = Path(engine.url.database or "")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(copy, path)


def keep_a_copy(engine: Engine, copy: Path) -> None:
    """Keep what an SQLite database holds now, to go back to it."""
    db.session.remove()
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    shutil.copyfile(engine.url.database or "", copy)


def _shelf() -> Path:
    folder: Path = current_app.config["DATA_FOLDER"]
    return folder / "pictures"


def _link(folder: Path, to: Path) -> None:
    """The files of a folder in another place too: pictures are made anew and never changed."""
    if folder.exists():
        shutil.copytree(folder, to, copy_function=_link_file, dirs_exist_ok=True)


def _link_file(file: str, to: str) -> None:
    with suppress(FileExistsError):
        os.link(file, to)


@contextmanager
def _one_at_a_time(run: Path) -> Iterator[None]:
    with (run / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
