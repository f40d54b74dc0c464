"""Histories of evenings in which everything goes wrong: three phones, two leaders, all faults, five thousand times.

The same state machine as in tests/rehearsals/test_converging.py, which draws two hundred. BENCH_HISTORIES says how
many, BENCH_SEED where the drawing begins. SQLite without waiting for the disk: what is tried here is the rules.
"""

import logging
import os
import tempfile
import time

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event

from benchmarks.phones import an_empty_house
from choir_app.foundation.database import db
from choir_app.foundation.settings import read_settings
from tests.rehearsals.histories import in_house

HISTORIES = int(os.environ.get("BENCH_HISTORIES", "5000"))
SEED = int(os.environ.get("BENCH_SEED", "1"))
AT_ONCE = 250
STEPS = 50


def main() -> None:
    """Draw, and stop at the first history in which an invariant does not hold."""
    logging.getLogger("choir").setLevel(logging.CRITICAL)
    began, done = time.monotonic(), 0
    while done < HISTORIES:
        number = min(AT_ONCE, HISTORIES - done)
        _draw(number, SEED + done)
        done += number
        print(f"{done:>6} histories hold I1 to I11 ({time.monotonic() - began:.0f} s)", flush=True)


def _draw(number: int, first: int) -> None:
    with tempfile.TemporaryDirectory(prefix="choir-histories-") as folder:
        app = an_empty_house(read_settings({"CHOIR_DATA_DIR": folder, "CHOIR_DEMO": "0"}))
        with app.app_context():
            event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
            db.engine.dispose()
            machine = seed(first)(in_house(app))
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=number,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    suppress_health_check=[
                        HealthCheck.too_slow,
                        HealthCheck.data_too_large,
                        HealthCheck.filter_too_much,
                    ],
                ),
            )
            db.session.remove()
            db.engine.dispose()


def _do_not_wait_for_the_disk(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # whatever driver it is of
