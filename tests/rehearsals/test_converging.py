"""Histories of evenings in which everything goes wrong end well: two hundred of them; `bin/bench histories` has more.

And do they notice anything? Four faults that such systems have had are planted, and each must be found.
"""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete

from choir_app.foundation.database import db
from choir_app.rehearsals.actions import roll
from choir_app.rehearsals.models import Act
from tests.rehearsals.histories import in_house

HISTORIES = {"sqlite": 200, "postgresql": 25}
"""What differs between the databases is held by other tests as well; the rules are the same."""


def histories(number: int, *, shrinks: bool = True) -> settings:
    phases = (Phase.explicit, Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)
    return settings(
        max_examples=number,
        stateful_step_count=20,
        phases=phases,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


@pytest.mark.long
def test_phones_and_house_end_equal_and_nothing_is_lost(app: Flask) -> None:
    number = HISTORIES[db.engine.dialect.name]
    run_state_machine_as_test(in_house(app), settings=histories(number))


class TestPlantedFaults:
    """Each is found within a hundred histories, by the invariant that it breaks."""

    @pytest.fixture(autouse=True)
    def only_once(self, engine_name: str) -> None:
        if engine_name != "sqlite":
            pytest.skip("the fault is the same on every database")

    def finds(self, app: Flask, invariant: str, **fault: Any) -> None:
        with pytest.raises(AssertionError, match=invariant):
            run_state_machine_as_test(in_house(app, **fault), settings=histories(100, shrinks=False))

    def test_a_phone_that_takes_an_error_for_an_answer(self, app: Flask) -> None:
        self.finds(app, "I2", DROPS_ON_500=True)

    def test_a_server_that_goes_by_when_things_arrive(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def by_receipt(_at: datetime, *, sent_at: datetime, received_at: datetime) -> datetime:
            return received_at

        monkeypatch.setattr(roll, "corrected", by_receipt)
        self.finds(app, "I8|I7")

    def test_a_server_that_believes_the_phones_clock(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def by_the_phone(at: datetime, *, sent_at: datetime, received_at: datetime) -> datetime:
            return min(at, received_at)

        monkeypatch.setattr(roll, "corrected", by_the_phone)
        self.finds(app, "I8|I7")

    def test_a_server_that_overwrites_what_was_said(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_down = roll._write_down

        def overwrite(taken: Any) -> Any:
            for one in taken:
                same = (Act.rehearsal_id == one.act.rehearsal_id, Act.singer_id == one.act.singer_id)
                db.session.execute(delete(Act).where(*same))
            return write_down(taken)

        monkeypatch.setattr(roll, "_write_down", overwrite)
        self.finds(app, "I5|I1|I2")
