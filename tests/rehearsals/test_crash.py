"""Nothing is lost when the server is killed: a short run of `bin/bench crash`, with the very same code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.crash import Told, crash
from benchmarks.phones import Planted
from tests.conftest import TheClock

Crash = Callable[..., Told]


@pytest.fixture
def kill(
    engine_name: str, new_database: Callable[[str, str], str], tmp_path: Path, the_clock: TheClock
) -> Crash:
    """Kills the server under phones that send, and compares."""
    the_clock.start_again()  # the server's clock runs

    def run(planted: Planted = "", *, kills: int, acts: int) -> Told:
        url = "" if engine_name == "sqlite" else new_database(engine_name, "crash")
        return crash(url, tmp_path, kills=kills, acts=acts, planted=planted)

    return run


@pytest.mark.long
def test_ten_times_no_answered_act_is_lost_and_none_counts_twice(kill: Crash) -> None:
    told = kill(kills=10, acts=600)
    assert (told.lost, told.twice, told.faults) == (0, 0, [])
    assert told.kills == 10
    assert told.answered == told.acts >= 600
    assert told.answers_lost > 0
    assert told.sent_again > 0


@pytest.mark.long
@pytest.mark.one_engine
def test_a_phone_that_forgets_what_it_sent_is_found_out(kill: Crash) -> None:
    assert kill("forgets", kills=2, acts=100).lost > 0


@pytest.mark.long
@pytest.mark.one_engine
def test_a_phone_that_numbers_a_press_anew_is_found_out(kill: Crash) -> None:
    assert kill("renumbers", kills=2, acts=100).twice > 0
