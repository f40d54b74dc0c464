"""What a benchmark says when it cannot measure."""

import sys
from pathlib import Path

import pytest

from benchmarks.servers import free_port, started
from choir_app.foundation.settings import read_settings


def test_why_a_server_ended_is_told(tmp_path: Path) -> None:
    settings = read_settings({"CHOIR_DATA_DIR": str(tmp_path)})
    command = [sys.executable, "-c", "raise SystemExit('PORT: something already listens there')"]
    url = f"http://127.0.0.1:{free_port()}/"
    with (
        pytest.raises(RuntimeError, match="PORT: something already listens there"),
        started(command, {}, tmp_path, url, settings),
    ):
        pass


def test_a_port_for_later_is_none_that_somebody_who_calls_out_is_given() -> None:
    assert 20_000 <= free_port() < 32_000
