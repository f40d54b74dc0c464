"""Who writes in the tests of the news."""

from typing import Any

import pytest

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from tests import makers


@pytest.fixture
def editor(app: Any) -> Account:
    return makers.an_editor()


@pytest.fixture
def leader(app: Any) -> tuple[Account, Choir]:
    choir = makers.a_choir(town="Boden")
    return makers.a_leader(choir), choir
