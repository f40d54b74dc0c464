"""Somebody is erased as a singer: what the news has kept of the same person, which hangs on no key but on words."""

from typing import Any

from sqlalchemy import delete

from choir_app.accounts.rules import folded_email
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Singer
from choir_app.foundation import audit, clock, mail
from choir_app.foundation.caretaker import THE_HOUSE
from choir_app.foundation.database import Fact, db, remember
from choir_app.foundation.language import _, in_swedish
from choir_app.foundation.refusal import require
from choir_app.news import queries
from choir_app.news.actions.subscribing import forget
from choir_app.news.models import PersonInPicture
from choir_app.news.permissions import may_see_people_in_pictures
from choir_app.news.queries.erased import perhaps_erased


@choirs.erasing_singer.connect
def look_for_person(singer: Singer, *, by: Any) -> None:
    """End the letters to the singer's addresses, and ask editors about everybody in a picture who is called the same.

    Whoever only stopped singing long ago, and is forgotten by the house, goes on getting the news: they asked for them
    themselves, and stop them with one press.
    """
    if by is not THE_HOUSE:
        _end_letters(singer)
    _ask_about_pictures(singer)


def is_somebody_else(person: PersonInPicture, *, by: Any) -> None:
    """Answer that the one who was erased is not the one in the picture, who only has the same name."""
    require(may_see_people_in_pictures(by))
    if settle(person):
        audit.note("person_in_picture.is_somebody_else", person, by=by)


def settle(person: PersonInPicture) -> bool:
    """Ask no more whether somebody in a picture was erased; says if it was asked."""
    settled = delete(Fact).where(Fact.name == perhaps_erased(person.id)).returning(Fact.name)
    return db.session.scalar(settled) is not None


def _end_letters(singer: Singer) -> None:
    account = singer.account
    addresses = {folded_email(one) for one in (singer.email, account.email if account else None) if one}
    for address in addresses:
        subscriber = queries.subscriber_at(address)
        if subscriber is not None and not queries.is_of_somebody_else(address, singer):
            forget(subscriber)


def _ask_about_pictures(singer: Singer) -> None:
    """Names are not unique, so only somebody who knows them both can tell; till then the question stands."""
    questions = [perhaps_erased(person.id) for person in queries.people_called(singer.name)]
    new = [one for one in questions if db.session.get(Fact, one) is None]
    for one in new:
        remember(one, clock.today().isoformat())
    if not new:
        return
    with in_swedish():
        for editor in queries.told_of_tips():
            mail.write(
                editor.email,
                subject=_("Är någon på en bild raderad?"),
                body=_(
                    "Hej!\n\nEn sångare är raderad, och samma namn står på en bild i nyheterna. "
                    "Svara på om det är samma person:\n%(url)s\n",
                    url=mail.address_of("/nyheter/skriv/bilder"),
                ),
            )
