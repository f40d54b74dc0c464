"""What may be typed of proposals and packages, and what a partner may answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Choices,
    Day,
    Hidden,
    HouseForm,
    Kronor,
    PhoneLine,
    TextArea,
    TextLine,
    WholeNumber,
)
from choir_app.foundation.language import _, full_day, kronor, lazy_
from choir_app.funding.actions.proposals import PackageWords, PartWords, ProposalWords
from choir_app.funding.forms.books import MoneyForm, SettingsForm
from choir_app.funding.models import Opportunity, Package, Proposal
from choir_app.funding.queries.proposals import Letter
from choir_app.funding.rules import months_after
from choir_app.funding.rules.proposals import (
    ANSWER_NAMES,
    LONGEST_OPEN,
    MOST_PARTS,
    PICK_NAMES,
    SIZES,
    USUALLY_OPEN,
)
from choir_app.partners.models import Contact, Partner

INTROS = {
    "housing_company": lazy_(
        "I kören möts de som har bott länge i området och de som är nya. Grannar lär känna varandra. "
        "Vi tror att folk trivs bättre och bor kvar längre då. Det är bra för era hus också."
    ),
    "business": lazy_(
        "Varje vecka sjunger nya och gamla i Sverige tillsammans hos oss. Ert företag kan göra det möjligt, "
        "och era anställda är välkomna att sjunga med."
    ),
    "community_hall": lazy_(
        "Kören sjunger varje vecka och behöver ett rum. Ni har ett hus som vill ha folk i sig. "
        "Vi tror att vi passar ihop."
    ),
    "municipality": lazy_(
        "Kören är öppen för alla, varje vecka, och kostar ingenting för den som kommer. Här lär sig folk svenska "
        "och hittar vänner, jobb och bostad."
    ),
}
"""Words to begin from, for the kinds of partners that are asked without a call of their own."""


class ProposalForm(MoneyForm):
    """What a proposal to one partner says."""

    version = Hidden(default="1")
    title = TextLine(
        lazy_("Rubrik"),
        missing=lazy_("Skriv en rubrik."),
        description=lazy_("Det första de läser. Till exempel: Sjung med oss i Boden 2027."),
        render_kw={"autocomplete": "off"},
    )
    contact = Choice(lazy_("Till vem?"))
    choirs = Choices(lazy_("Vilka körer gäller det?"), missing=lazy_("Välj minst en kör."))
    first_on = Day(lazy_("Från"), missing=lazy_("Välj första dagen som pengarna ska räcka till."))
    last_on = Day(lazy_("Till"), missing=lazy_("Välj sista dagen som pengarna ska räcka till."))
    intro = TextArea(
        lazy_("Varför just de?"),
        missing=lazy_("Skriv varför ni frågar just dem."),
        longest=2000,
        description=lazy_("Några meningar med egna ord."),
        render_kw={"rows": 5},
    )
    pick = Buttons(
        lazy_("Vad kan de säga ja till?"),
        missing=lazy_("Välj vad partnern kan säga ja till."),
        choices=list(PICK_NAMES.items()),
    )
    on_yes = TextArea(
        lazy_("Vad händer om de säger ja?"),
        longest=600,
        description=lazy_("Hur långt pengarna räcker räknar vi själva. Skriv det som är mer än pengar."),
        render_kw={"rows": 2},
    )
    on_no = TextArea(
        lazy_("Vad händer om de säger nej?"),
        longest=600,
        description=lazy_("Hur många repetitioner som ingen betalar räknar vi själva."),
        render_kw={"rows": 2},
    )
    thanks = TextArea(
        lazy_("Vad får de av kören?"),
        longest=600,
        description=lazy_("Till exempel: Kören sjunger på er gårdsfest, och ert namn står på vår sida."),
        render_kw={"rows": 2},
    )
    owner = Choice(lazy_("Vem står under förslaget?"), description=lazy_("Den får veta vad de svarar."))
    opportunity = Choice(lazy_("Vilket kort på tavlan?"))

    def __init__(
        self,
        *,
        choirs: Sequence[Choir],
        contacts: Sequence[Contact],
        owners: Sequence[Account],
        asks: Sequence[Opportunity],
        data: dict[str, Any],
    ) -> None:
        self.known_choirs = {str(one.id): one for one in choirs}
        self.known_contacts = {str(one.id): one for one in contacts}
        self.known_owners = {str(one.id): one for one in owners}
        self.known_asks = {str(one.id): one for one in asks}
        super().__init__(data=data)
        self.choirs.choices = [(key, one.name) for key, one in self.known_choirs.items()]
        self.contact.choices = [
            ("", _("Ingen särskild")),
            *((key, _contact(one)) for key, one in self.known_contacts.items()),
        ]
        self.owner.choices = [(key, one.name) for key, one in self.known_owners.items()]
        self.opportunity.choices = [
            ("", _("Ett nytt, när förslaget skickas")),
            *((key, _ask(one)) for key, one in self.known_asks.items()),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every part that was begun has a name, a sum and what it pays for."""
        sound = super().validate(extra_validators)
        for name, ore, what in self.part_fields:
            if not (name.data or (ore.raw_data and str(ore.raw_data[0]).strip()) or what.data):
                continue
            if not name.data:
                name.errors, sound = [_("Skriv vad delen heter.")], False
            if ore.data is None and not ore.errors:
                ore.errors, sound = [_("Skriv hur mycket det kostar, i kronor.")], False
            if not what.data:
                what.errors, sound = [_("Skriv vad pengarna går till.")], False
        return sound

    @property
    def part_fields(self) -> list[tuple[Any, Any, Any]]:
        """Name, sum and purpose of each part that can be written."""
        return [
            (self[f"part{number}_name"], self[f"part{number}_sum"], self[f"part{number}_what"])
            for number in range(1, MOST_PARTS + 1)
        ]

    @property
    def words(self) -> ProposalWords:
        """What was typed, as the domain knows it."""
        return ProposalWords(
            title=self.title.data,
            intro=self.intro.data,
            first_on=self.first_on.data,
            last_on=self.last_on.data,
            choirs=[self.known_choirs[key] for key in self.choirs.data or ()],
            parts=[
                PartWords(name.data, ore.data, what.data)
                for name, ore, what in self.part_fields
                if name.data and ore.data is not None
            ],
            pick=self.pick.data,
            owner=self.known_owners.get(self.owner.data or ""),
            contact=self.known_contacts.get(self.contact.data or ""),
            opportunity=self.known_asks.get(self.opportunity.data or ""),
            on_yes=self.on_yes.data,
            on_no=self.on_no.data,
            thanks=self.thanks.data,
        )

    @property
    def seen_version(self) -> int:
        """The version that was on the screen; 0 for what is none."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


for _number in range(1, MOST_PARTS + 1):
    setattr(
        ProposalForm,
        f"part{_number}_name",
        TextLine(lazy_("Namn"), longest=80, render_kw={"autocomplete": "off"}),
    )
    setattr(ProposalForm, f"part{_number}_sum", Kronor(lazy_("Belopp i kronor, i allt")))
    setattr(ProposalForm, f"part{_number}_what", TextLine(lazy_("Vad går pengarna till?"), longest=400))


def said_in(proposal: Proposal) -> dict[str, Any]:
    """A draft as its form shows it."""
    return {
        "version": str(proposal.version),
        "title": proposal.title,
        "contact": _key(proposal.contact_id),
        "choirs": [str(row.choir_id) for row in proposal.choirs],
        "first_on": proposal.first_on,
        "last_on": proposal.last_on,
        "intro": proposal.intro,
        "pick": proposal.pick,
        "on_yes": proposal.on_yes,
        "on_no": proposal.on_no,
        "thanks": proposal.thanks,
        "owner": _key(proposal.owner_id),
        "opportunity": _key(proposal.opportunity_id),
        **_parts([(part.name, part.ore, part.what) for part in proposal.parts]),
    }


def first_guess(
    partner: Partner,
    *,
    packages: Sequence[Package],
    choirs: Sequence[Choir],
    ask: Opportunity | None,
    contacts: Sequence[Contact],
    me: UUID,
) -> dict[str, Any]:
    """What a new proposal begins with: the ask on the board, the packages of its kind, and the choirs nearby."""
    towns = {row.town_id for row in partner.in_towns}
    near = [choir for choir in choirs if choir.town_id in towns]
    first = _first_of_next_month()
    months = max((one.months for one in packages), default=12)
    chosen = [str(choir.id) for choir in near]
    parts = [(one.name, one.ore, one.what) for one in packages]
    if ask is not None:
        chosen = [
            str(choir.id)
            for choir in choirs
            if ask.allocation == "all"
            or choir.id in {row.choir_id for row in ask.choirs}
            or choir.town_id in {row.town_id for row in ask.towns}
        ]
        if ask.ask_ore and not parts:
            parts = [(ask.name[:80], ask.ask_ore, "")]
    where = near[0].name if len(near) == 1 else None
    decides = next((one for one in contacts if one.decides), contacts[0] if contacts else None)
    return {
        "version": "1",
        "title": _("Sjung med oss i %(town)s", town=where) if where else "",
        "contact": _key((ask.contact_id if ask else None) or (decides.id if decides else None)),
        "choirs": chosen,
        "first_on": (ask.usable_from if ask else None) or first,
        "last_on": (ask.usable_to if ask else None) or months_after(first, months) - timedelta(days=1),
        "intro": str(INTROS.get(partner.kind, "")),
        "pick": "one",
        "thanks": next((one.thanks for one in reversed(packages) if one.thanks), ""),
        "owner": str(me),
        "opportunity": _key(ask.id if ask else None),
        **_parts(parts),
    }


class SendForm(HouseForm):
    """How a proposal is sent, and until when it can be answered."""

    version = Hidden(default="1")
    answer_by = Day(lazy_("Svar senast"), missing=lazy_("Välj sista dagen att svara."))
    way = Buttons(lazy_("Hur kommer det fram?"), missing=lazy_("Välj hur förslaget kommer fram."))
    call_on = Day(
        lazy_("Ring och fråga"),
        description=lazy_("Blir nästa steg hos partnern. Lämna tomt om du inte ska ringa."),
    )

    def __init__(self, proposal: Proposal) -> None:
        today = clock.today()
        to = proposal.contact.email if proposal.contact else None
        super().__init__(
            data={
                "version": str(proposal.version),
                "answer_by": today + USUALLY_OPEN,
                "call_on": today + timedelta(days=14),
                "way": "mail" if to else "self",
            }
        )
        self.mail_address = to
        ways = [("self", _("Jag får en länk att skicka själv"))]
        if to and proposal.contact:
            ways.insert(
                0,
                (
                    "mail",
                    _(
                        "Vi mejlar länken till %(person)s, %(address)s",
                        person=proposal.contact.person,
                        address=to,
                    ),
                ),
            )
        self.way.choices = ways

    seen_version = ProposalForm.seen_version

    @property
    def mail_to(self) -> str | None:
        """The address that the letter goes to, if we send one."""
        return self.mail_address if self.way.data == "mail" else None


class OpenAgainForm(MoneyForm):
    """Until when a new link opens."""

    answer_by = Day(lazy_("Svar senast"), missing=lazy_("Välj sista dagen att svara."))

    def __init__(self) -> None:
        super().__init__(data={"answer_by": clock.today() + USUALLY_OPEN})
        self.answer_by.description = _("Högst till %(day)s.", day=full_day(clock.today() + LONGEST_OPEN))


class AnswerForm(MoneyForm):
    """What a partner answers: yes to a part, no, or that we should call."""

    kind = Buttons(
        lazy_("Vad svarar ni?"), missing=lazy_("Välj ett svar."), choices=list(ANSWER_NAMES.items())
    )
    parts = Choices(lazy_("Ja till"))
    person = TextLine(
        lazy_("Ditt namn"),
        missing=lazy_("Skriv ditt namn, så vet vi vem som svarade."),
        render_kw={"autocomplete": "name"},
    )
    phone = PhoneLine(lazy_("Telefon"))
    words = TextArea(lazy_("Något mer?"), longest=1000, render_kw={"rows": 3})

    def __init__(self, letter: Letter) -> None:
        super().__init__()
        self.parts.choices = [(str(part.number), f"{part.name}, {kronor(part.ore)}") for part in letter.parts]
        names = {
            "yes": _("Ja, vi är med"),
            "call": _("Ring mig först"),
            "no": _("Nej, inte den här gången"),
        }
        self.kind.choices = list(names.items())
        self.is_one = letter.pick == "one"
        if len(letter.parts) == 1:  # then there is nothing to choose
            del self.parts

    @property
    def part_numbers(self) -> list[int]:
        """The parts that were said yes to."""
        return [int(key) for key in self.parts.data or ()] if "parts" in self else []


class PackagesForm(SettingsForm):
    """The three packages of a kind of partner; a size whose name is empty is not offered."""

    def __init__(self, packages: dict[str, Package], *, seen: str) -> None:
        said: dict[str, Any] = {}
        for size, one in packages.items():
            said |= {
                f"{size}_name": one.name,
                f"{size}_sum": one.ore,
                f"{size}_months": one.months,
                f"{size}_what": one.what,
                f"{size}_thanks": one.thanks,
            }
        super().__init__(seen=seen, data=said)

    def validate(self, extra_validators: Any = None) -> bool:
        """A package that was begun has a name, a sum, a length and what it pays for."""
        sound = super().validate(extra_validators)
        missing = {
            "name": _("Skriv vad paketet heter."),
            "sum": _("Skriv vad paketet kostar, i kronor."),
            "months": _("Skriv hur många månader det räcker."),
            "what": _("Skriv vad pengarna går till."),
        }
        for size in SIZES:
            if not self._is_begun(size):
                continue
            for name, trouble in missing.items():
                one = self[f"{size}_{name}"]
                if one.data in (None, "") and not one.errors:
                    one.errors, sound = [trouble], False
        return sound

    def _is_begun(self, size: str) -> bool:
        return any(str((self[f"{size}_{name}"].raw_data or [""])[0]).strip() for name in PACKAGE_FIELDS)

    def fields_of(self, size: str) -> list[Any]:
        """The fields of one package."""
        return [self[f"{size}_{name}"] for name in PACKAGE_FIELDS]

    @property
    def packages(self) -> dict[str, PackageWords | None]:
        """What was typed, by size; none for a size that is not offered."""
        return {size: self._package(size) for size in SIZES}

    def _package(self, size: str) -> PackageWords | None:
        name, ore, months, what, thanks = (one.data for one in self.fields_of(size))
        return PackageWords(name, ore, months, what, thanks or None) if name else None


PACKAGE_FIELDS = ("name", "sum", "months", "what", "thanks")

for _size in SIZES:
    _fields = (
        TextLine(lazy_("Namn"), longest=80, render_kw={"autocomplete": "off"}),
        Kronor(lazy_("Belopp i kronor, i allt")),
        WholeNumber(lazy_("Antal månader"), least=1, most=36),
        TextLine(lazy_("Vad går pengarna till?"), longest=400),
        TextLine(lazy_("Vad får de av kören?"), longest=400),
    )
    for _name, _field in zip(PACKAGE_FIELDS, _fields, strict=True):
        setattr(PackagesForm, f"{_size}_{_name}", _field)


def _parts(parts: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for number, (name, ore, what) in enumerate(parts[:MOST_PARTS], start=1):
        said |= {f"part{number}_name": name, f"part{number}_sum": ore, f"part{number}_what": what}
    return said


def _first_of_next_month() -> date:
    return months_after(clock.today().replace(day=1), 1)


def _key(one: UUID | None) -> str:
    return str(one) if one else ""


def _contact(one: Contact) -> str:
    return f"{one.person}, {one.role}" if one.role else one.person


def _ask(one: Opportunity) -> str:
    return f"{one.name}, {kronor(one.ask_ore)}" if one.ask_ore else one.name
