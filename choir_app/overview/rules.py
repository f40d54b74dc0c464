"""Which way leads where: the bars of the pages, by what a person does here."""

from collections.abc import Sequence
from dataclasses import dataclass

from choir_app.foundation.language import lazy_, lazy_ngettext


@dataclass(frozen=True)
class Place:
    """One word in a bar: what it says, where it leads, its icon, and the endpoints that count as being there.

    `short` is what a phone's bar has room for, when the label is longer than a word.
    """

    label: object
    endpoint: str
    icon: str
    rooms: tuple[str, ...] = ()
    short: object = ""
    elsewhere: tuple[str, ...] = ()
    """Endpoints of those rooms that belong to another word."""


OF_SINGERS = (
    *("rehearsals.take_in_list", "rehearsals.imported", "rehearsals.take_out_choir", "rehearsals.duplicates"),
    *("rehearsals.singer_dates", "rehearsals.reply_link"),
)
"""What a leader does with the singers of a choir, though it stands in the room of the rehearsals."""

TONIGHT = Place(lazy_("I kväll"), "rehearsals.tonight", "clock", ("rehearsals.",), elsewhere=OF_SINGERS)
SITUATION = Place(lazy_("Läget"), "overview.situation", "gauge")
FUNDING = Place(
    lazy_("Finansiering"), "funding.forecast", "money", ("funding.",), elsewhere=("funding.partner",)
)
PARTNERS = Place(
    lazy_ngettext("Partner", "Partner", 2), "partners.index", "link", ("partners.", "funding.partner")
)
CHOIRS = Place(lazy_("Körer"), "choirs.manage", "people", ("choirs.", "rehearsals."))
SINGERS = Place(lazy_("Sångare"), "overview.own_choirs", "people", ("choirs.", *OF_SINGERS))
NEWS = Place(lazy_("Nyheter"), "news.index", "news", ("news.",))
EDITING = Place(lazy_("Skriv nyheter"), "news.desk", "news", ("news.",), short=lazy_("Skriv"))
SETTINGS = Place(lazy_("Inställningar"), "overview.people", "gear", ("accounts.",))
HOME = Place(lazy_("Hem"), "overview.home", "home")
OWN_CHOIR = Place(lazy_("Min kör"), "overview.own_choirs", "people")
MORE = Place(lazy_("Mer"), "overview.more", "more")
FIND_CHOIR = Place(lazy_("Körer"), "overview.choirs", "pin")
ABOUT = Place(lazy_("Om oss"), "overview.about", "people")
BECOME_PARTNER = Place(lazy_("Bli partner"), "overview.become_partner", "link")
SIGN_IN = Place(lazy_("Logga in"), "accounts.sign_in", "home")

CONTACT = Place(lazy_("Kontakt"), "overview.contact", "phone")
PRIVACY = Place(lazy_("Personuppgifter"), "overview.privacy", "lock")
ACCESSIBILITY = Place(lazy_("Tillgänglighet"), "overview.accessibility", "step-free")

FOR_FOOTER: tuple[Place, ...] = (FIND_CHOIR, NEWS, ABOUT, BECOME_PARTNER, CONTACT, PRIVACY, ACCESSIBILITY)
FOR_VISITORS: tuple[Place, ...] = (FIND_CHOIR, NEWS, ABOUT, BECOME_PARTNER, SIGN_IN)

MOST_IN_BAR = 4
"""Places in the bar at the foot of a phone, «Mer» included."""


def places_for(*, manages: bool, leads: bool, edits: bool) -> tuple[Place, ...]:
    """All places of a person who has signed in, the most used first: leader, then manager, then singer."""
    if manages:
        first = (TONIGHT, SITUATION, FUNDING) if leads else (SITUATION, FUNDING, PARTNERS)
        rest = (PARTNERS, CHOIRS, EDITING, SETTINGS) if leads else (CHOIRS, EDITING, SETTINGS)
        return (*first, *rest)
    if leads:
        return (TONIGHT, SINGERS, EDITING if edits else NEWS)
    if edits:
        return (EDITING, HOME, OWN_CHOIR)
    return (HOME, NEWS, OWN_CHOIR)


def landing_for(*, manages: bool, leads: bool, edits: bool, sings_today: bool) -> Place:
    """Where somebody comes to after signing in: a leader who also manages sees tonight first on a day of singing."""
    if leads and (sings_today or not manages):
        return TONIGHT
    if manages:
        return SITUATION
    return EDITING if edits else HOME


def bar_of(places: Sequence[Place]) -> tuple[Place, ...]:
    """What stands in the bar of a phone: the first places, and «Mer» for the rest."""
    return (*places[: MOST_IN_BAR - 1], MORE)
