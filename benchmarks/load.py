"""Asks a server for the same thing again and again over a few connections, and writes down how long each answer took.

Runs as a process of its own (`python -m benchmarks.load`), so that it shares nothing with what is measured: a job as
JSON comes in, the result as JSON goes out. Plain sockets and as little Python as possible: it must not be the
bottleneck. What it costs itself is reported as well.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from choir_app.foundation.settings import PROJECT


@dataclass(frozen=True)
class Job:
    """What to ask for, over how many connections, for how many seconds; bodies are taken in turn."""

    host: str
    port: int
    requests: list[str]
    connections: int = 16
    seconds: float = 5.0
    warm_up: float = 1.0


@dataclass(frozen=True)
class Result:
    """Answers in a second, the time that half and that 99 of 100 answers took (milliseconds), and what went wrong."""

    per_second: float
    median_ms: float
    p99_ms: float
    answers: int
    wrong: int
    own_cpu: float


def run(job: Job) -> Result:
    """Let another process do the job."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Result(**json.loads(done.stdout))


class _Line:
    """One connection: at most one question at a time."""

    def __init__(self, job: Job) -> None:
        self.socket = socket.create_connection((job.host, job.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked = 0.0
        self.read = bytearray()
        self.length = -1

    def ask(self, request: bytes) -> None:
        self.read.clear()
        self.length = -1
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> int:
        """The status when the answer is whole, 0 while it is not, -1 when the server hung up."""
        got = self.socket.recv(262_144)
        if not got:
            return -1
        self.read += got
        if self.length < 0:
            end = self.read.find(b"\r\n\r\n")
            if end < 0:
                return 0
            head = bytes(self.read[:end]).lower()
            at = head.find(b"content-length:")
            size = int(head[at + 15 : (head + b"\r\n").find(b"\r\n", at)]) if at >= 0 else 0
            self.length = end + 4 + size
        return int(self.read[9:12]) if len(self.read) >= self.length else 0


def _work(job: Job) -> Result:
    requests = [request.encode() for request in job.requests]
    turn, wrong = 0, 0
    took: list[float] = []
    chooser = selectors.DefaultSelector()
    for _ in range(job.connections):
        line = _Line(job)
        chooser.register(line.socket, selectors.EVENT_READ, line)
        line.ask(requests[turn % len(requests)])
        turn += 1
    began = time.perf_counter() + job.warm_up
    end = began + job.seconds
    cpu = time.process_time()
    while (now := time.perf_counter()) < end:
        for key, _mask in chooser.select(timeout=1.0):
            line: _Line = key.data
            status = line.hear()
            if status == 0:
                continue
            now = time.perf_counter()
            if now >= began:
                took.append(now - line.asked)
                wrong += not 200 <= status < 400
            if status < 0:
                chooser.unregister(line.socket)
                line = _Line(job)
                chooser.register(line.socket, selectors.EVENT_READ, line)
            line.ask(requests[turn % len(requests)])
            turn += 1
    took.sort()
    return Result(
        per_second=len(took) / job.seconds,
        median_ms=took[len(took) // 2] * 1000 if took else 0.0,
        p99_ms=took[min(len(took) - 1, int(len(took) * 0.99))] * 1000 if took else 0.0,
        answers=len(took),
        wrong=wrong,
        own_cpu=(time.process_time() - cpu) / (job.seconds + job.warm_up),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(_work(Job(**json.loads(sys.stdin.read()))))))
