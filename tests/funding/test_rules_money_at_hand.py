"""What has gone back to a partner for good, and what was only given back because too much had come."""

import pytest

from choir_app.funding.rules import returned_ore


@pytest.mark.parametrize(
    ("effective", "came", "back", "returned"),
    [
        (100, 100, 0, 0),
        (100, 100, 20, 20),  # what was left over went back
        (80, 100, 20, 0),  # an amendment has said so already
        (100, 200, 100, 0),  # it had been paid twice
        (100, 50, 10, 10),  # what went back of the first part; the second is still to come
        (90, 100, 30, 20),  # an amendment says a part of it
        (0, 100, 100, 0),  # withdrawn wholly
        (100, 0, 40, 40),
    ],
)
def test_what_has_gone_back_for_good(effective: int, came: int, back: int, returned: int) -> None:
    assert returned_ore(effective, came, back) == returned
