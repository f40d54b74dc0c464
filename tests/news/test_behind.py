"""Who looks behind a post: at its earlier saves, at languages that nobody is shown, at what is not out."""

from datetime import timedelta

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news import actions
from choir_app.news.models import KeptPicture
from tests.news.made import a_post, a_version, words
from tests.visitor import Visitor

DESK = "/nyheter/skriv"


def test_what_others_wrote_before_is_theirs(
    editor: Account, leader: tuple[Account, Choir], visitor: Visitor
) -> None:
    post = a_post(editor, body="Hodan är med.")
    actions.change(post, words(body="En av oss är med."), seen_revision=1, by=editor)
    a_version(post, editor, headline="Not shown to anybody", is_shown=False)
    visitor.signs_in(leader[0]).opens(f"/nyheter/2026/{post.slug}")
    visitor.opens(f"{DESK}/{post.id}/jamfor?fran=1&till=2", 403).misses("Hodan")
    visitor.opens(f"{DESK}/{post.id}/visa", 403)
    visitor.opens(f"{DESK}/{post.id}/visa?sprak=en", 403).misses("Not shown")
    visitor.signs_in(editor).opens(f"{DESK}/{post.id}/jamfor?fran=1&till=2").sees("Hodan")


def test_a_leader_sees_what_became_of_the_own_post(
    editor: Account, leader: tuple[Account, Choir], visitor: Visitor
) -> None:
    account, choir = leader
    post = a_post(account, is_published=False, choirs=[choir])
    visitor.signs_in(account).opens(f"{DESK}/{post.id}/visa")
    for deed in (
        lambda: actions.publish(post, by=editor, at=clock.now() + timedelta(days=1)),
        lambda: actions.publish(post, by=editor, at=clock.now()),
        lambda: actions.withdraw(post, by=editor),
    ):
        deed()
        db.session.commit()
        visitor.opens(DESK).sees("Vi sjunger i parken")
        visitor.opens(f"{DESK}/{post.id}/visa").misses("/publicera", "/nar")
        visitor.opens(f"{DESK}/{post.id}", 403)
    other = Visitor(visitor.app).signs_in(editor)
    other.opens(f"{DESK}/{post.id}/visa")
    assert "/publicera" in other.html


def test_a_pictures_page_names_no_post_of_others(
    editor: Account, leader: tuple[Account, Choir], visitor: Visitor
) -> None:
    account, choir = leader
    picture = KeptPicture(name="b" * 32, width=480, height=320, taken_in_by_id=account.id)
    db.session.add(picture)
    db.session.commit()
    shows = f"![Alla]({'bild:' + picture.name})"
    a_post(editor, "Hemlig plan", is_published=False, body=shows)
    a_post(account, "Vårt eget utkast", is_published=False, body=shows, choirs=[choir])
    page = f"{DESK}/bilder/{picture.name}"
    visitor.signs_in(account).opens(page).sees("Vårt eget utkast").misses("Hemlig plan")
    visitor.signs_in(editor).opens(page).sees("Vårt eget utkast", "Hemlig plan")
