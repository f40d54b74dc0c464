"""What is asked about towns, choirs, venues, leaders, singers and memberships."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from wtforms.validators import StopValidation

from choir_app.accounts.models import Account
from choir_app.choirs import rules
from choir_app.choirs.models import Choir, Membership, Singer, Town, Venue, Voice
from choir_app.choirs.queries import Member
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Day,
    Decimal,
    EmailLine,
    Hidden,
    HouseForm,
    PhoneLine,
    TextArea,
    TextLine,
    Tick,
)
from choir_app.foundation.language import _, lazy_

COUNTIES = (
    "Blekinge län",
    "Dalarnas län",
    "Gotlands län",
    "Gävleborgs län",
    "Hallands län",
    "Jämtlands län",
    "Jönköpings län",
    "Kalmar län",
    "Kronobergs län",
    "Norrbottens län",
    "Skåne län",
    "Stockholms län",
    "Södermanlands län",
    "Uppsala län",
    "Värmlands län",
    "Västerbottens län",
    "Västernorrlands län",
    "Västmanlands län",
    "Västra Götalands län",
    "Örebro län",
    "Östergötlands län",
)


def _among(things: Iterable[Any], picked: str | None) -> Any:
    """The thing whose id was picked in a list, or None."""
    return next((thing for thing in things if str(thing.id) == picked), None)


class TownForm(HouseForm):
    """Where a town lies."""

    name = TextLine(lazy_("Ortens namn"), missing=lazy_("Skriv ortens namn."), longest=80)
    county = Choice(
        lazy_("Län"),
        missing=lazy_("Välj ett län."),
        choices=[("", lazy_("Välj län")), *((county, county) for county in COUNTIES)],
    )
    latitude = Decimal(
        lazy_("Latitud"),
        least=-90,
        most=90,
        missing=lazy_("Skriv ortens latitud. Boden ligger på 65,83."),
        description=lazy_("Hur långt norrut orten ligger. Så ritar vi kartan."),
    )
    longitude = Decimal(
        lazy_("Longitud"),
        least=-180,
        most=180,
        missing=lazy_("Skriv ortens longitud. Boden ligger på 21,69."),
        description=lazy_("Hur långt österut orten ligger."),
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the actions on towns take."""
        return {
            "name": self.name.data,
            "county": self.county.data,
            "latitude": self.latitude.data,
            "longitude": self.longitude.data,
        }


class FoundChoirForm(HouseForm):
    """A new choir: a name, a town, and from when it sings."""

    name = TextLine(lazy_("Körens namn"), missing=lazy_("Skriv körens namn."), longest=120)
    town = Choice(lazy_("Ort"), missing=lazy_("Välj en ort."))
    state = Buttons(
        lazy_("Hur är läget?"),
        missing=lazy_("Välj om kören sjunger eller är planerad."),
        choices=[("planned", lazy_("Vi planerar kören")), ("active", lazy_("Kören sjunger"))],
        default="planned",
    )
    since = Day(lazy_("Från vilken dag?"), missing=lazy_("Skriv ett datum."))

    def __init__(self, towns: Sequence[Town]) -> None:
        self.known = towns
        super().__init__(data={"since": clock.today(), "state": "planned"})
        self.town.choices = [("", _("Välj ort")), *((str(town.id), town.name) for town in towns)]

    @property
    def chosen_town(self) -> Town:
        """The town that was picked."""
        return _among(self.known, self.town.data)


class ChoirForm(HouseForm):
    """What is told of a choir."""

    name = TextLine(lazy_("Körens namn"), missing=lazy_("Skriv körens namn."), longest=120)
    about = TextArea(
        lazy_("Om kören"),
        longest=4000,
        description=lazy_("Några korta meningar på lätt svenska. Alla kan läsa det."),
        render_kw={"rows": 5},
    )
    usual_venue = Choice(lazy_("Lokal där ni brukar sjunga"))
    coffee_note = TextLine(
        lazy_("Fika"), longest=200, description=lazy_("Till exempel: Kom gärna 17.45. Då finns fika.")
    )
    contact_name = TextLine(
        lazy_("Kontaktpersonens namn"), longest=80, description=lazy_("Alla kan se namn, telefon och mejl.")
    )
    contact_phone = PhoneLine(lazy_("Kontaktpersonens telefon"), render_kw={"autocomplete": "off"})
    contact_email = EmailLine(lazy_("Kontaktpersonens mejl"), render_kw={"autocomplete": "off"})
    voices = TextArea(
        lazy_("Stämmor"),
        longest=1000,
        description=lazy_(
            "En stämma per rad, den högsta först. Lämna tomt om ni sjunger som en grupp."
            " Tar du bort en stämma blir sångarna kvar i kören, utan stämma."
        ),
        render_kw={"rows": 4, "spellcheck": "false"},
    )

    def __init__(self, choir: Choir, venues: Sequence[Venue]) -> None:
        self.known, self.choir = venues, choir
        told = {name: getattr(choir, name) for name in _TOLD_OF_CHOIR}
        super().__init__(
            data={
                **told,
                "usual_venue": str(choir.usual_venue_id or ""),
                "voices": "\n".join(voice.name for voice in choir.voices),
            }
        )
        self.usual_venue.choices = [
            ("", _("Ingen bestämd lokal")),
            *((str(venue.id), venue.name) for venue in venues),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What change_choir takes."""
        told = {name: self[name].data for name in _TOLD_OF_CHOIR}
        return {**told, "usual_venue": _among(self.known, self.usual_venue.data)}

    @property
    def said_voices(self) -> list[tuple[UUID | None, str]]:
        """What set_voices takes."""
        lines = [line.strip() for line in (self.voices.data or "").splitlines() if line.strip()]
        return rules.paired_voices([(voice.id, voice.name) for voice in self.choir.voices], lines)


_TOLD_OF_CHOIR = ("name", "about", "coffee_note", "contact_name", "contact_phone", "contact_email")


class ChoirStateForm(HouseForm):
    """From when a choir sings, pauses or has ended."""

    state = Buttons(lazy_("Nytt läge"), missing=lazy_("Välj ett läge."))
    since = Day(
        lazy_("Från vilken dag?"),
        missing=lazy_("Skriv ett datum."),
        description=lazy_("Dagen kan ligga framåt i tiden."),
    )

    def __init__(self, choir: Choir) -> None:
        super().__init__(data={"since": clock.today()})
        newest = choir.states[-1].state if choir.states else "planned"
        hints = {
            "active": _("Kören syns på webben och räknas."),
            "paused": _("Kören syns på webben med ordet Paus."),
            "ended": _("Kören tas bort från listan på webben."),
        }
        self.state.choices = [
            (state, rules.CHOIR_STATE_NAMES[state], {"hint": hints[state]})
            for state in ("active", "paused", "ended")
            if state != newest
        ]


class VenueForm(HouseForm):
    """A room where one sings, and how one finds in."""

    name = TextLine(lazy_("Lokalens namn"), missing=lazy_("Skriv lokalens namn."), longest=120)
    room = TextLine(lazy_("Rum"), longest=120, description=lazy_("Till exempel: Stora salen, källaren."))
    street_address = TextLine(lazy_("Gata och nummer"), missing=lazy_("Skriv gata och nummer."), longest=200)
    way_in = TextArea(
        lazy_("Så hittar man in"),
        longest=400,
        description=lazy_("Skriv kort och enkelt: Gå in på baksidan. Källaren."),
        render_kw={"rows": 3},
    )
    has_coverage = Tick(
        lazy_("Telefonen har täckning"), description=lazy_("Utan täckning sparar telefonen närvaron först.")
    )
    has_step_free_access = Tick(
        lazy_("Man kommer in utan trappsteg"), description=lazy_("Även med rullstol och barnvagn.")
    )

    def __init__(self, venue: Venue | None = None) -> None:
        told = {name: getattr(venue, name) for name in _TOLD_OF_VENUE} if venue else {"has_coverage": True}
        super().__init__(data=told)

    @property
    def said(self) -> dict[str, Any]:
        """What the actions on venues take."""
        return {name: self[name].data for name in _TOLD_OF_VENUE}


_TOLD_OF_VENUE = ("name", "room", "street_address", "way_in", "has_coverage", "has_step_free_access")


class AppointLeaderForm(HouseForm):
    """Who shall lead the choir."""

    account = Choice(
        lazy_("Ny körledare"),
        missing=lazy_("Välj en person."),
        description=lazy_("Bara den som har ett konto finns i listan."),
    )

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.known = accounts
        super().__init__()
        self.account.choices = [
            ("", _("Välj person")),
            *((str(account.id), f"{account.name}, {account.email}") for account in accounts),
        ]

    @property
    def chosen(self) -> Account:
        """The account that was picked."""
        return _among(self.known, self.account.data)


_TOLD_OF_SINGER = (
    "first_name",
    "surname",
    "phone",
    "email",
    "reads",
    "may_be_written_to",
    "is_under_18",
    "note",
)
_TOLD_BY_SINGER = ("first_name", "surname", "phone", "email", "reads", "may_be_written_to")


class SingerForm(HouseForm):
    """What is noted of a singer; only the first name is needed."""

    first_name = TextLine(
        lazy_("Förnamn"),
        missing=lazy_("Skriv ett förnamn."),
        longest=80,
        render_kw={"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "done"},
    )
    surname = TextLine(
        lazy_("Efternamn"), longest=80, render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    phone = PhoneLine(lazy_("Telefon"), render_kw={"autocomplete": "off"})
    email = EmailLine(lazy_("Mejl"), render_kw={"autocomplete": "off"})
    reads = Choice(
        lazy_("Läser helst på"),
        choices=[("", lazy_("Vet inte")), *((code, name) for code, name in rules.READING_LANGUAGES.items())],
    )
    may_be_written_to = Tick(
        lazy_("Vi får skriva till sångaren"), description=lazy_("Fråga först. Sms eller mejl, om kören.")
    )
    buddy = Choice(
        lazy_("Kompis i kören"), description=lazy_("Någon som hjälper till i början, om sångaren vill.")
    )
    is_under_18 = Tick(lazy_("Under 18 år"))
    note = TextArea(
        lazy_("Anteckning"),
        longest=500,
        description=lazy_("Bara körens ledare ser den. Skriv aldrig om hälsa, tro eller asyl."),
        render_kw={"rows": 3},
    )

    def __init__(self, singer: Singer | None = None, *, buddies: Sequence[Member] = (), **more: Any) -> None:
        told = {name: getattr(singer, name) for name in _TOLD_OF_SINGER} if singer else {}
        now = singer.buddy_id if singer else None
        super().__init__(data={**told, "buddy": str(now or ""), **more})
        known = [
            (str(one.singer_id), one.name) for one in buddies if not singer or one.singer_id != singer.id
        ]
        if now and str(now) not in dict(known):
            known.append((str(now), _("Någon i en annan kör")))
        self.buddy.choices = [("", _("Ingen")), *known]

    @property
    def buddy_id(self) -> UUID | None:
        """Who was picked to help a newcomer along."""
        return UUID(self.buddy.data) if self.buddy.data else None

    @property
    def said(self) -> dict[str, Any]:
        """What the actions on singers take."""
        return {name: self[name].data for name in _TOLD_OF_SINGER}


class AddSingerForm(SingerForm):
    """Somebody new in the choir. The singer's id is made with the page, so that sending twice makes one singer."""

    voice = Choice(lazy_("Stämma"))
    state = Buttons(
        lazy_("Hur är det med kören?"),
        missing=lazy_("Välj om sångaren provar eller sjunger med."),
        choices=[
            ("trying", rules.MEMBERSHIP_STATE_NAMES["trying"]),
            ("regular", rules.MEMBERSHIP_STATE_NAMES["regular"]),
        ],
    )
    since = Day(lazy_("Från vilken dag?"), missing=lazy_("Skriv ett datum."))
    is_another = Tick(lazy_("Det är en annan person med samma namn"))
    singer_id = Hidden()

    def __init__(self, choir: Choir, *, buddies: Sequence[Member] = ()) -> None:
        self.known = choir.voices
        super().__init__(None, buddies=buddies, since=clock.today(), state="trying", singer_id=str(uuid4()))
        self.voice.choices = _voice_choices(choir.voices)

    @property
    def chosen_voice(self) -> Voice | None:
        """The voice that was picked."""
        return _among(self.known, self.voice.data)

    @property
    def made_id(self) -> UUID:
        """The id that was made with the page; another one when what came back is none."""
        try:
            return UUID(self.singer_id.data)
        except (ValueError, TypeError, AttributeError):
            return uuid4()


def _voice_choices(voices: Sequence[Voice]) -> list[tuple[str, str]]:
    return [("", _("Ingen stämma än")), *((str(voice.id), voice.name) for voice in voices)]


class MembershipForm(HouseForm):
    """How it stands between a singer and a choir, from a day on."""

    state = Buttons(lazy_("Läge"), missing=lazy_("Välj ett läge."))
    since = Day(
        lazy_("Från vilken dag?"),
        missing=lazy_("Skriv ett datum."),
        description=lazy_("Den första dagen med det nya läget."),
    )
    voice = Choice(lazy_("Stämma"))

    def __init__(self, choir: Choir, now: Membership) -> None:
        self.known = choir.voices
        super().__init__(data={"state": now.state, "since": clock.today(), "voice": str(now.voice_id or "")})
        self.state.choices = [
            (state, rules.MEMBERSHIP_STATE_NAMES[state]) for state in rules.MEMBERSHIP_STATES
        ]
        self.voice.choices = _voice_choices(choir.voices)

    @property
    def chosen_voice(self) -> Voice | None:
        """The voice that was picked."""
        return _among(self.known, self.voice.data)


class JoinForm(HouseForm):
    """A further choir for a singer."""

    choir = Choice(lazy_("Kör"), missing=lazy_("Välj en kör."))
    state = Buttons(
        lazy_("Hur är det med kören?"),
        missing=lazy_("Välj om sångaren provar eller sjunger med."),
        choices=[
            ("trying", rules.MEMBERSHIP_STATE_NAMES["trying"]),
            ("regular", rules.MEMBERSHIP_STATE_NAMES["regular"]),
        ],
    )
    since = Day(lazy_("Från vilken dag?"), missing=lazy_("Skriv ett datum."))

    def __init__(self, choirs: Sequence[Choir]) -> None:
        self.known = choirs
        super().__init__(data={"since": clock.today(), "state": "trying"})
        self.choir.choices = [("", _("Välj kör")), *((str(choir.id), choir.name) for choir in choirs)]

    @property
    def chosen(self) -> Choir:
        """The choir that was picked."""
        return _among(self.known, self.choir.data)


class LinkAccountForm(HouseForm):
    """Which account is the singer's own."""

    account = Choice(
        lazy_("Konto"),
        missing=lazy_("Välj ett konto."),
        description=lazy_(
            "Då kan sångaren se sin egen närvaro och svara. Bara konton utan sångare finns i listan."
        ),
    )

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.known = accounts
        super().__init__()
        self.account.choices = [
            ("", _("Välj konto")),
            *((str(account.id), f"{account.name}, {account.email}") for account in accounts),
        ]

    @property
    def chosen(self) -> Account:
        """The account that was picked."""
        return _among(self.known, self.account.data)


class EraseForm(HouseForm):
    """The last question before a person is taken out for good."""

    is_sure = Tick(lazy_("Ja, radera sångaren för alltid"))

    def validate_is_sure(self, field: Tick) -> None:
        """A press by mistake erases nobody."""
        if not field.data:
            raise StopValidation(_("Kryssa i rutan om du är säker."))


class OwnSingerForm(HouseForm):
    """What a singer may correct of what is noted of them."""

    first_name = TextLine(
        lazy_("Förnamn"),
        missing=lazy_("Skriv ett förnamn."),
        longest=80,
        render_kw={"autocomplete": "given-name", "spellcheck": "false"},
    )
    surname = TextLine(
        lazy_("Efternamn"), longest=80, render_kw={"autocomplete": "family-name", "spellcheck": "false"}
    )
    phone = PhoneLine(lazy_("Telefon"))
    email = EmailLine(lazy_("Mejl"))
    reads = Choice(
        lazy_("Läser helst på"),
        choices=[("", lazy_("Vet inte")), *((code, name) for code, name in rules.READING_LANGUAGES.items())],
    )
    may_be_written_to = Tick(
        lazy_("Kören får skriva till mig"), description=lazy_("Sms eller mejl, om kören.")
    )

    def __init__(self, singer: Singer) -> None:
        super().__init__(data={name: getattr(singer, name) for name in _TOLD_BY_SINGER})

    @property
    def said(self) -> dict[str, Any]:
        """What the action on one's own data takes."""
        return {name: self[name].data for name in _TOLD_BY_SINGER}


class EraseOwnForm(EraseForm):
    """The last question before one's own data is taken out for good."""

    is_sure = Tick(lazy_("Ja, ta bort mina uppgifter för alltid"))
