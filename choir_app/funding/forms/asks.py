"""What may be typed about asks: the card itself, what a stage wants to know, the agreement, and how likely it is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Choices,
    Day,
    Decimal,
    Hidden,
    HouseForm,
    Kronor,
    TextArea,
    TextLine,
    WholeNumber,
)
from choir_app.foundation.language import _, lazy_
from choir_app.funding import rules
from choir_app.funding.forms.books import AgreementForm, MoneyForm, SettingsForm
from choir_app.funding.models import Opportunity, Programme
from choir_app.funding.rules.names import ALLOCATION_NAMES
from choir_app.funding.rules.stages import STAGE_NAMES
from choir_app.partners.models import Contact, Partner

MOST_DAYS = 730


class OpportunityForm(MoneyForm):
    """A card on the board: a partner and a name are enough."""

    partner = Choice(lazy_("Partner"), missing=lazy_("Välj vem ni skulle fråga."))
    name = TextLine(
        lazy_("Vad gäller det?"),
        missing=lazy_("Skriv vad det gäller."),
        longest=160,
        description=lazy_("Några ord, till exempel: Kören i Boden i höst."),
        render_kw={"autocomplete": "off"},
    )
    why = TextArea(lazy_("Varför just de?"), longest=1000, render_kw={"rows": 2})
    programme = Choice(lazy_("Program"))
    ask = Kronor(
        lazy_("Belopp i kronor, i allt"), description=lazy_("Det ni frågar efter för hela perioden.")
    )
    usable_from = Day(lazy_("Pengarna används från"))
    usable_to = Day(lazy_("Till"))
    decision_on = Day(lazy_("Besked väntas"))
    payout_lag_days = WholeNumber(
        lazy_("Dagar från besked till pengar"),
        least=0,
        most=MOST_DAYS,
        description=lazy_("Lämna tomt om de kommer genast."),
    )
    allocation = Buttons(
        lazy_("Vilka körer gäller det?"),
        missing=lazy_("Välj vilka körer det gäller."),
        choices=list(ALLOCATION_NAMES.items()),
    )
    choirs = Choices(lazy_("Körer"))
    towns = Choices(lazy_("Orter"))
    contact = Choice(lazy_("Kontaktperson"))
    owner = Choice(lazy_("Ansvarig"))
    version = Hidden()

    def __init__(
        self,
        *,
        partners: Sequence[Partner],
        choirs: Sequence[Choir],
        towns: Sequence[Town],
        programmes: Sequence[Programme],
        owners: Sequence[Account],
        contacts: Sequence[Contact] = (),
        data: Mapping[str, Any],
    ) -> None:
        self.known_partners = {str(one.id): one for one in partners}
        self.known_choirs = {str(one.id): one for one in choirs}
        self.known_towns = {str(one.id): one for one in towns}
        self.known_programmes = {str(one.id): one for one in programmes}
        self.known_contacts = {str(one.id): one for one in contacts}
        self.known_owners = {str(one.id): one for one in owners}
        super().__init__(data=dict(data))
        self.partner.choices = [("", _("Välj partner")), *_named(self.known_partners)]
        self.choirs.choices = _named(self.known_choirs)
        self.towns.choices = _named(self.known_towns)
        several = len({one.partner_id for one in programmes}) > 1
        self.programme.choices = [
            ("", _("Inget program")),
            *(
                (key, f"{one.partner.name}: {one.name}" if several else one.name)
                for key, one in self.known_programmes.items()
            ),
        ]
        self.contact.choices = [
            ("", _("Ingen än")),
            *((key, one.person) for key, one in self.known_contacts.items()),
        ]
        self.owner.choices = [("", _("Ingen än")), *_named(self.known_owners)]

    @property
    def chosen_partner(self) -> Partner:
        """Who would be asked."""
        return self.known_partners[self.partner.data]

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        return {
            "name": self.name.data,
            "why": self.why.data,
            "programme": self.known_programmes.get(self.programme.data or ""),
            "ask_ore": self.ask.data,
            "usable_from": self.usable_from.data,
            "usable_to": self.usable_to.data,
            "decision_on": self.decision_on.data,
            "payout_lag_days": self.payout_lag_days.data or 0,
            "allocation": self.allocation.data,
            "choirs": [self.known_choirs[key] for key in self.choirs.data or ()],
            "towns": [self.known_towns[key] for key in self.towns.data or ()],
            "contact": self.known_contacts.get(self.contact.data or ""),
            "owner": self.known_owners.get(self.owner.data or ""),
        }

    @property
    def seen_version(self) -> int:
        """The version that was open when this was written."""
        return int(self.version.data) if (self.version.data or "").isdecimal() else 0

    def look_again(self, opportunity: Opportunity) -> None:
        """Let the next press save over the version that is shown beside this one now."""
        self.version.data = str(opportunity.version)
        if self.version.raw_data:
            self.version.raw_data = [self.version.data]


def card_data(opportunity: Opportunity) -> dict[str, Any]:
    """A card as its form shows it."""
    return {
        "partner": str(opportunity.partner_id),
        "name": opportunity.name,
        "why": opportunity.why,
        "programme": str(opportunity.programme_id or ""),
        "ask": opportunity.ask_ore,
        "usable_from": opportunity.usable_from,
        "usable_to": opportunity.usable_to,
        "decision_on": opportunity.decision_on,
        "payout_lag_days": opportunity.payout_lag_days or None,
        "allocation": opportunity.allocation,
        "choirs": [str(row.choir_id) for row in opportunity.choirs],
        "towns": [str(row.town_id) for row in opportunity.towns],
        "contact": str(opportunity.contact_id or ""),
        "owner": str(opportunity.owner_id or ""),
        "version": str(opportunity.version),
    }


def new_card_data(
    *, partner: Partner | None, programme: Programme | None, town: Town | None, me: UUID
) -> dict[str, Any]:
    """A new card as it is filled in for who comes from a programme, a town or a partner."""
    decision_on = None
    if programme and programme.closes_on:
        decision_on = programme.closes_on + timedelta(days=programme.decision_lead_days)
    name = programme.name if programme else _("Kören i %(town)s", town=town.name) if town else ""
    return {
        "partner": str(partner.id) if partner else "",
        "name": name,
        "programme": str(programme.id) if programme else "",
        "decision_on": decision_on,
        "payout_lag_days": (programme.payout_lag_days or None) if programme else None,
        "allocation": "town" if town else "all",
        "towns": [str(town.id)] if town else [],
        "owner": str(me),
    }


class MoveForm(HouseForm):
    """Where a card goes, and what that stage wants to know. Only what is asked is shown, and only that is read."""

    to = Buttons(lazy_("Vart?"), missing=lazy_("Välj ett steg."))
    seen = Hidden()
    asked = Hidden()
    ask = Kronor(lazy_("Belopp i kronor, i allt"))
    usable_from = Day(lazy_("Pengarna används från"))
    usable_to = Day(lazy_("Till"))
    decision_on = Day(lazy_("Besked väntas"))
    said_yes = TextLine(
        lazy_("Vem sa ja, och hur?"),
        longest=400,
        description=lazy_("Till exempel: Anna Ek, muntligt 3 juni."),
        render_kw={"autocomplete": "off"},
    )
    lost_reason = TextLine(
        lazy_("Varför?"), longest=400, description=lazy_("En rad räcker."), render_kw={"autocomplete": "off"}
    )
    ask_again_on = Day(lazy_("Fråga igen"), description=lazy_("Lämna tomt om ni inte ska fråga igen."))
    contact = Choice(lazy_("Kontaktperson"))
    next_what = TextLine(lazy_("Vad är nästa steg?"), longest=200, render_kw={"autocomplete": "off"})
    next_due_on = Day(lazy_("När?"))
    note = TextLine(lazy_("Anteckning"), longest=400)

    def __init__(self, opportunity: Opportunity, contacts: Sequence[Contact], *, to: str | None) -> None:
        self.known_contacts = {str(one.id): one for one in contacts}
        super().__init__(
            data={
                "to": to,
                "seen": opportunity.stage,
                "asked": to,
                "ask": opportunity.ask_ore,
                "usable_from": opportunity.usable_from,
                "usable_to": opportunity.usable_to,
                "decision_on": opportunity.decision_on,
                "said_yes": opportunity.said_yes,
                "contact": str(opportunity.contact_id or ""),
            }
        )
        self.to.choices = [(stage, name) for stage, name in STAGE_NAMES.items() if stage != opportunity.stage]
        self.contact.choices = [
            ("", _("Ingen än")),
            *((key, one.person) for key, one in self.known_contacts.items()),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What was said on the way, as the action takes it."""
        return {
            "ask_ore": self.ask.data,
            "usable_from": self.usable_from.data,
            "usable_to": self.usable_to.data,
            "decision_on": self.decision_on.data,
            "said_yes": self.said_yes.data,
            "lost_reason": self.lost_reason.data,
            "ask_again_on": self.ask_again_on.data,
            "contact": self.known_contacts.get(self.contact.data or ""),
            "next_what": self.next_what.data,
            "next_due_on": self.next_due_on.data,
            "note": self.note.data,
        }


class WinForm(AgreementForm):
    """What the partner has signed, filled in from the card."""

    partner = None  # type: ignore[assignment]  # WTForms leaves a field out so; the card knows its partner
    interim_report_on = Day(lazy_("Delrapport senast"))
    final_report_on = Day(lazy_("Slutrapport senast"))
    seen = Hidden()

    def __init__(self, opportunity: Opportunity, choirs: Sequence[Choir], towns: Sequence[Town]) -> None:
        self.known_choirs = {str(one.id): one for one in choirs}
        self.known_towns = {str(one.id): one for one in towns}
        MoneyForm.__init__(
            self,
            data={
                "name": opportunity.name,
                "amount": opportunity.ask_ore,
                "signed_on": clock.today(),
                "usable_from": opportunity.usable_from,
                "usable_to": opportunity.usable_to,
                "allocation": opportunity.allocation,
                "choirs": [str(row.choir_id) for row in opportunity.choirs],
                "towns": [str(row.town_id) for row in opportunity.towns],
                "seen": opportunity.stage,
            },
        )
        self.choirs.choices = _named(self.known_choirs)
        self.towns.choices = _named(self.known_towns)

    @property
    def reports(self) -> dict[str, date]:
        """The reports that have a last day, by the kind of deadline."""
        days = {"interim_report": self.interim_report_on.data, "final_report": self.final_report_on.data}
        return {kind: day for kind, day in days.items() if day is not None}


def _percent(label: Any, **more: Any) -> Decimal:
    return Decimal(label, least=1, most=99, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **more)


class OwnChanceForm(HouseForm):
    """How likely somebody holds it to be, and why."""

    percent = _percent(lazy_("Chans i procent"), missing=lazy_("Skriv en chans mellan 1 och 99 procent."))
    reason = TextLine(
        lazy_("Varför tror du det?"),
        missing=lazy_("Skriv varför du tror det."),
        longest=400,
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, opportunity: Opportunity, shown_bp: int) -> None:
        super().__init__(
            data={"percent": in_percent(opportunity.own_bp or shown_bp), "reason": opportunity.own_bp_reason}
        )

    @property
    def bp(self) -> int:
        """The chance in basis points."""
        return round((self.percent.data or 0) * 100)


class ChancesForm(SettingsForm):
    """How often an ask at each open stage comes true, for new partners and for those that pay already."""

    idea_new = _percent(lazy_("Idé, ny partner"), missing=lazy_("Skriv en chans mellan 1 och 99 procent."))
    idea_known = _percent(
        lazy_("Idé, partner som betalar"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )
    talking_new = _percent(
        lazy_("Samtal, ny partner"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )
    talking_known = _percent(
        lazy_("Samtal, partner som betalar"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )
    applied_new = _percent(
        lazy_("Ansökt, ny partner"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )
    applied_known = _percent(
        lazy_("Ansökt, partner som betalar"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )
    pledged_new = _percent(
        lazy_("Löfte, ny partner"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )
    pledged_known = _percent(
        lazy_("Löfte, partner som betalar"), missing=lazy_("Skriv en chans mellan 1 och 99 procent.")
    )

    def __init__(self, settings: Mapping[str, rules.StageDefault], *, seen: str) -> None:
        data: dict[str, Any] = {}
        for stage in rules.OPEN_STAGES:
            data[f"{stage}_new"] = in_percent(settings[stage].new_bp)
            data[f"{stage}_known"] = in_percent(settings[stage].known_bp)
        super().__init__(seen=seen, data=data)

    @property
    def chances(self) -> dict[str, rules.StageDefault]:
        """The chances by stage, in basis points."""
        return {
            stage: rules.StageDefault(
                round(self[f"{stage}_new"].data * 100), round(self[f"{stage}_known"].data * 100)
            )
            for stage in rules.OPEN_STAGES
        }


class TieForm(HouseForm):
    """Another card of which this one may be the only one to come true."""

    other = Choice(lazy_("Det andra kortet"), missing=lazy_("Välj ett annat kort."))

    def __init__(self, others: Iterable[Opportunity]) -> None:
        self.known = {str(one.id): one for one in others}
        super().__init__()
        self.other.choices = [
            ("", _("Välj kort")),
            *((key, f"{one.partner.name}: {one.name}") for key, one in self.known.items()),
        ]

    @property
    def chosen(self) -> Opportunity:
        """The other card."""
        return self.known[self.other.data]


def in_percent(bp: int) -> float | int:
    """Basis points as a chance is written: 15, or 2.5."""
    return bp // 100 if bp % 100 == 0 else bp / 100


def _named(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, one.name) for key, one in known.items()]
