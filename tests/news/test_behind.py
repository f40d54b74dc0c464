"""Who looks behind a post: at its earlier saves, at languages that nobody is shown, at what is not out."""

from datetime import timedelta
from uuid import uuid4

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news import actions, queries
from choir_app.news.models import KeptPicture
from tests.conftest import TheClock
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
        visitor.opens(f"{DESK}/{post.id}/visa").misses("/publicera", f"{post.id}/nar")
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


def test_what_is_published_is_what_was_read(
    editor: Account, leader: tuple[Account, Choir], visitor: Visitor
) -> None:
    account, choir = leader
    post = a_post(account, is_published=False, choirs=[choir])
    page, later = f"{DESK}/{post.id}/visa", f"{DESK}/{post.id}/nar?seen=sv.1"
    visitor.signs_in(editor).opens(page)
    assert 'name="seen" value="sv.1"' in visitor.html
    assert f'{post.id}/nar?seen=sv.1"' in visitor.html
    actions.change(post, words(body="Något helt annat.", choirs=[choir]), seen_revision=1, by=account)
    db.session.commit()
    told = "Texten har ändrats sedan du öppnade sidan."
    visitor.sends(f"{DESK}/{post.id}/publicera", 422, seen="sv.1").sees(told, "Något helt annat.")
    visitor.opens(later).sends(later, 422, day="2026-06-20", hour="08:00").sees(told)
    visitor.sends(f"{DESK}/{post.id}/publicera", 422).sees(told)  # a form that does not say what was read
    visitor.sends(f"{DESK}/{post.id}/nar", 422, day="2026-06-20", hour="08:00").sees(told)
    assert post.published_at is None
    visitor.opens(page).sends(f"{DESK}/{post.id}/publicera", seen="sv.2").sees("Något helt annat.")


def test_what_is_read_are_all_languages_that_come_out(editor: Account) -> None:
    post = a_post(editor, is_published=False)
    a_version(post, editor, "en", is_shown=False)
    assert queries.words_of(post) == "sv.1"
    actions.show_version(a_version(post, editor, "en"), by=editor)
    assert queries.words_of(post) == "en.2 sv.1"


def test_a_link_to_a_draft_leads_to_the_page_and_shows_nothing_withdrawn(
    editor: Account, visitor: Visitor
) -> None:
    post = a_post(editor, is_published=False)
    a_version(post, editor, headline="Not shown to anybody", is_shown=False)
    link = actions.make_preview(post, preview_id=uuid4(), days=7, for_whom=None, by=editor)
    actions.publish(post, by=editor)
    db.session.commit()
    path = f"/nyheter/forhandsvisning/{queries.secret_of(link.id)}"
    answer = visitor.client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/nyheter/2026/{post.slug}")
    assert answer.headers["Cache-Control"] == "no-store, private"
    actions.withdraw(post, by=editor)
    db.session.commit()
    visitor.opens(path, 410).misses("Vi sjunger i parken", "Not shown")


def test_a_link_made_afterwards_shows_the_language_that_is_still_written(
    editor: Account, visitor: Visitor, the_clock: TheClock
) -> None:
    post = a_post(editor)
    a_version(post, editor, headline="Not shown to anybody", is_shown=False)
    the_clock.set_to(clock.now() + timedelta(minutes=1))
    link = actions.make_preview(post, preview_id=uuid4(), days=7, for_whom=None, by=editor)
    db.session.commit()
    assert (
        "Not shown to anybody" in visitor.opens(f"/nyheter/forhandsvisning/{queries.secret_of(link.id)}").html
    )


def test_an_address_that_no_reader_knew_says_nothing(
    editor: Account, visitor: Visitor, the_clock: TheClock
) -> None:
    draft = a_post(editor, "Aldrig ute", is_published=False)
    later = a_post(editor, "Snart ute", is_published=False)
    actions.publish(later, by=editor, at=clock.now() + timedelta(days=1))
    known = a_post(editor, "Redan ute")
    hidden = a_version(known, editor, headline="Never shown", is_shown=False)
    for post in (draft, later, known):
        actions.withdraw(post, by=editor)
    db.session.commit()
    the_clock.set_to(clock.now() + timedelta(days=2))
    expected = ((draft, 404), (later, 404), (known, 410), (hidden, 404))
    for one, status in expected:
        visitor.opens(f"/nyheter/2026/{one.slug}", status)
