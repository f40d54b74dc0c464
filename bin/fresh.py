"""Makes .venv and installs the pinned requirements, on a machine that has Python and nothing else.

Used by bin/run, bin/test and bin/bench; needs nothing but Python's own library, since it runs before anything else
is there. A second call finds the stamp of the first and returns at once.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def stop(sentence: str) -> None:
    """End with one clear sentence."""
    sys.exit(sentence)


def make(*requirements: str) -> None:
    """See to it that .venv has exactly what these files pin."""
    if sys.version_info < OLDEST:
        stop(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    with _one_at_a_time():
        wanted = _fingerprint(requirements)
        stamp = VENV / f"installed-{'-'.join(requirements)}"
        if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
            return
        if not _is_whole():
            _make_venv()
        print("Installing what is pinned in", " and ".join(requirements), "…", flush=True)
        files = [part for name in requirements for part in ("-r", str(PROJECT / name))]
        command = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        done = subprocess.run([*command, "--only-binary", ":all:", *files], check=False)
        if done.returncode:
            stop("The requirements could not be installed: pip says why above.")
        stamp.write_text(wanted)


def become(*command: str) -> None:
    """Go on as this command, run by the Python in .venv, in the project's folder."""
    os.chdir(PROJECT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *command])


def tend(*command: str) -> None:
    """Run this command by the Python in .venv until it ends or somebody says stop, then end well.

    It stands in a session of its own: Ctrl-C reaches every process of a terminal at once, and a server process that
    is told twice to stop may never do so. It is told once, from here, and also when this process is killed.
    """
    told: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        if not told:
            child.terminate()
        told.append(number)

    child = subprocess.Popen(
        [str(PYTHON), *command], cwd=PROJECT, start_new_session=True, preexec_fn=_end_with_the_parent
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    status = child.wait()
    sys.exit(0 if told else status)


def _end_with_the_parent() -> None:
    is_sent_at_parents_death = 1
    ctypes.CDLL(None).prctl(is_sent_at_parents_death, signal.SIGTERM)


def apt_install(*packages: str, wanted_for: str) -> None:
    """Install Debian's packages when root may; otherwise end with the command that somebody has to give."""
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        stop(f"{wanted_for} needs {' and '.join(packages)}: run «sudo {command}» and try again.")
    print(f"Installing {' and '.join(packages)} for {wanted_for[0].lower()}{wanted_for[1:]} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=quiet, check=False)
    again = [*command.split(), "-qq", "-y"]
    done = subprocess.run(again, env=quiet, check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        stop(
            f"{wanted_for} needs {' and '.join(packages)}, which could not be installed: apt-get says why above."
        )


def browser(wanted_for: str) -> str:
    """The Chromium of this machine; Debian's is installed when there is none and root asks."""
    if chosen := os.environ.get("CHOIR_CHROMIUM"):
        return chosen
    for _turn in range(2):
        for name in BROWSERS:
            if path := shutil.which(name):
                return path
        apt_install("chromium", wanted_for=wanted_for)
    return BROWSERS[0]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started at once must not fill one folder."""
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint(requirements: tuple[str, ...]) -> str:
    pinned = b"".join((PROJECT / name).read_bytes() for name in requirements)
    return hashlib.sha256(pinned + sys.version.encode()).hexdigest()


def _is_whole() -> bool:
    """Whether .venv can be used: an interrupted start or a new Python leaves one that cannot."""
    if not PYTHON.exists():
        return False
    asked = [str(PYTHON), "-c", "import sys, pip; print(sys.version)"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version


def _make_venv() -> None:
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        apt_install("python3-venv", wanted_for="A Python environment")
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if done.returncode:
        stop(f"The folder {VENV} could not be made: Python says why above.")
