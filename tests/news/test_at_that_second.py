"""A post that was given a time is there at that very second, also where a page is kept that was drawn before."""

from datetime import timedelta

import pytest

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news import actions
from tests.conftest import TheClock
from tests.news.made import a_post
from tests.visitor import Visitor

AN_HOUR = timedelta(hours=1)


@pytest.mark.parametrize("path", ["/nyheter", "/", "/nyheter.xml", "/sitemap.xml", "/nyheter/sok?q=parken"])
def test_kept_pages_tell_it(editor: Account, visitor: Visitor, the_clock: TheClock, path: str) -> None:
    a_post(editor, "En annan nyhet")
    for number in (1, 2):
        post = a_post(editor, f"Sång nummer {number} i parken", is_published=False)
        actions.publish(post, by=editor, at=clock.now() + number * AN_HOUR)
        db.session.commit()
    due = the_clock.now
    for number in (1, 2):
        due += AN_HOUR
        address = f"ng-nummer-{number}-i-parken"
        the_clock.set_to(due - timedelta(seconds=1))
        for _again in range(2):
            assert address not in visitor.opens(path).html
        the_clock.set_to(due)
        assert address in visitor.opens(path).html


def test_what_was_withdrawn_before_throws_nothing_away(
    editor: Account, visitor: Visitor, the_clock: TheClock
) -> None:
    post = a_post(editor, is_published=False)
    actions.publish(post, by=editor, at=clock.now() + AN_HOUR)
    actions.withdraw(post, by=editor)
    db.session.commit()
    visitor.opens("/nyheter")
    assert visitor.app.extensions["kept_pages"].changes_at is None
