"""What may be typed about money."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Choices,
    Day,
    Hidden,
    HouseForm,
    Kronor,
    TextLine,
    Tick,
    WholeNumber,
)
from choir_app.foundation.language import _, full_day, lazy_
from choir_app.foundation.money import kronor_text
from choir_app.foundation.refusal import Refusal
from choir_app.funding.models import CostLine
from choir_app.funding.queries.books import CostRow
from choir_app.funding.queries.instalments import InstalmentRow
from choir_app.funding.rules.names import ALLOCATION_NAMES, COST_NAMES, DEADLINE_NAMES, DRIVER_NAMES
from choir_app.partners.models import Partner

FURTHEST_BACK_ORE = -(10**13)


class MoneyForm(HouseForm):
    """A form about money: it carries the id of the row it makes, so that sent twice it has the effect of once."""

    receipt = Hidden(default=lambda: str(uuid4()))

    @property
    def receipt_id(self) -> UUID:
        """The id made when the form was opened."""
        try:
            return UUID(self.receipt.data or "")
        except ValueError:
            return uuid4()


class SettingsForm(HouseForm):
    """A form of settings that all managers share: it carries what stood there, so that two who write see each other."""

    seen = Hidden()

    def __init__(self, *, seen: str, data: dict[str, Any]) -> None:
        super().__init__(data={"seen": seen, **data})
        self.stands = seen
        self.met_another = False
        """Somebody changed the settings meanwhile, so what stands there is to be shown beside what was typed."""

    @property
    def seen_before(self) -> str | None:
        """What stood there when the form was opened; None when the form does not say."""
        return self.seen.data or None

    def meet(self, seen: str) -> None:
        """What stands there now is shown, and so has been seen when the form is sent again."""
        self.met_another, self.seen.data = True, seen

    def hear(self, no: Refusal) -> None:
        """What others wrote meanwhile is about the whole form."""
        super().hear(Refusal(no.message) if no.field == "seen" else no)


class AboutMoneyForm(MoneyForm):
    """A form about an agreement's money: it carries how many rows there were, so that two who write see each other."""

    seen = Hidden()

    def __init__(self, *, seen: int, data: dict[str, Any]) -> None:
        super().__init__(data={"seen": str(seen), **data})
        self.count = seen

    @property
    def seen_rows(self) -> int | None:
        """How many rows there were when the form was opened; None when the form does not say."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else None

    def hear(self, no: Refusal) -> None:
        """What others wrote meanwhile is told once; sent again, it has been seen."""
        if no.field == "seen":
            self.form_errors, self.seen.data = [*self.form_errors, no.message], str(self.count)
        else:
            super().hear(no)


class AgreementForm(MoneyForm):
    """What a partner has signed."""

    partner = Choice(lazy_("Partner"), missing=lazy_("Välj vem som betalar."))
    name = TextLine(
        lazy_("Vad gäller avtalet?"),
        missing=lazy_("Skriv vad avtalet gäller."),
        longest=160,
        description=lazy_("Några ord, till exempel: Kören i Boden 2026."),
        render_kw={"autocomplete": "off"},
    )
    amount = Kronor(lazy_("Belopp i kronor, i allt"), missing=lazy_("Skriv hur mycket de betalar, i kronor."))
    signed_on = Day(lazy_("Påskrivet"), missing=lazy_("Välj dagen då avtalet skrevs på."))
    usable_from = Day(lazy_("Gäller från"), missing=lazy_("Välj första dagen som pengarna får användas."))
    usable_to = Day(lazy_("Gäller till"), description=lazy_("Lämna tomt om det inte finns något slut."))
    allocation = Buttons(
        lazy_("Vilka körer får pengarna användas till?"),
        missing=lazy_("Välj vilka körer avtalet gäller."),
        choices=list(ALLOCATION_NAMES.items()),
    )
    choirs = Choices(lazy_("Körer"))
    towns = Choices(lazy_("Orter"))
    repay_unspent = Tick(lazy_("Det som blir över ska betalas tillbaka"))
    grantee = TextLine(
        lazy_("Vem tar emot pengarna?"),
        longest=160,
        description=lazy_("Föreningen som står i avtalet."),
        render_kw={"autocomplete": "off"},
    )

    def __init__(
        self,
        partners: Sequence[Partner],
        choirs: Sequence[Choir],
        towns: Sequence[Town],
        *,
        chosen: str | None,
    ) -> None:
        self.known_partners = {str(one.id): one for one in partners}
        self.known_choirs = {str(one.id): one for one in choirs}
        self.known_towns = {str(one.id): one for one in towns}
        first = next((str(one.id) for one in partners if one.slug == chosen), "")
        super().__init__(data={"partner": first, "signed_on": clock.today()})
        self.partner.choices = [("", _("Välj partner")), *_named(self.known_partners)]
        self.choirs.choices = _named(self.known_choirs)
        self.towns.choices = _named(self.known_towns)

    @property
    def chosen_partner(self) -> Partner:
        """Who signed."""
        return self.known_partners[self.partner.data]

    @property
    def chosen_choirs(self) -> list[Choir]:
        """The choirs that were ticked."""
        return [self.known_choirs[key] for key in self.choirs.data or ()]

    @property
    def chosen_towns(self) -> list[Town]:
        """The towns that were ticked."""
        return [self.known_towns[key] for key in self.towns.data or ()]


class AmendmentForm(AboutMoneyForm):
    """A signed change of an agreement."""

    on = Day(lazy_("Påskrivet"), missing=lazy_("Välj dagen då ändringen skrevs på."))
    delta = Kronor(
        lazy_("Ändring i kronor"),
        least_ore=FURTHEST_BACK_ORE,
        wrong=lazy_("Skriv beloppet med siffror, till exempel 5 000 eller -5 000."),
        description=lazy_("Skriv ett minus framför om avtalet minskar."),
    )
    new_usable_to = Day(lazy_("Ny sista dag"))
    note = TextLine(lazy_("Varför?"), longest=400)

    def __init__(self, *, seen: int) -> None:
        super().__init__(seen=seen, data={"on": clock.today()})


class PaymentForm(AboutMoneyForm):
    """Money that came."""

    sum = Kronor(
        lazy_("Belopp i kronor"),
        least_ore=FURTHEST_BACK_ORE,
        missing=lazy_("Skriv hur mycket som kom, i kronor."),
        description=lazy_("Skriv ett minus framför om pengar betalades tillbaka."),
    )
    on = Day(lazy_("Dag"), missing=lazy_("Välj dagen då pengarna kom."))
    pays = Choices(
        lazy_("Vilken utbetalning i avtalet är det?"),
        description=lazy_("Välj flera om pengarna är för flera. Den första betalas helt innan nästa."),
    )
    note = TextLine(lazy_("Anteckning"), longest=400)

    def __init__(self, unpaid: Sequence[InstalmentRow], *, seen: int) -> None:
        super().__init__(seen=seen, data={"on": clock.today()})
        self.pays.choices = [
            (
                str(row.id),
                _("%(sum)s den %(day)s", sum=kronor_text(row.unpaid_ore), day=full_day(row.due_on)),
            )
            for row in unpaid
        ]

    @property
    def chosen_parts(self) -> set[UUID]:
        """The parts that it pays."""
        return {UUID(key) for key in self.pays.data or ()}


class SpentForm(AboutMoneyForm):
    """What the books say was spent."""

    sum = Kronor(
        lazy_("Använt i kronor, sedan avtalets början"),
        missing=lazy_("Skriv hur mycket som är använt, i kronor."),
    )
    as_of = Day(lazy_("Till och med"), missing=lazy_("Välj vilken dag bokföringen är avstämd."))

    def __init__(self, *, seen: int) -> None:
        super().__init__(seen=seen, data={"as_of": clock.today()})


class DeadlineForm(MoneyForm):
    """What the funder wants of us."""

    kind = Buttons(
        lazy_("Vad vill de ha?"), missing=lazy_("Välj vad de vill ha."), choices=list(DEADLINE_NAMES.items())
    )
    due_on = Day(lazy_("Senast"), missing=lazy_("Välj sista dagen."))
    owner = Choice(lazy_("Vem gör det?"))
    note = TextLine(lazy_("Anteckning"), longest=400)

    def __init__(self, owners: Sequence[Account], *, me: UUID) -> None:
        self.known_owners = {str(one.id): one for one in owners}
        super().__init__(data={"owner": str(me)})
        self.owner.choices = [("", _("Ingen än")), *_named(self.known_owners)]

    @property
    def chosen_owner(self) -> Account | None:
        """Who does it, if it was said."""
        return self.known_owners.get(self.owner.data or "")


class CostForm(MoneyForm):
    """What something costs."""

    choir = Choice(lazy_("Kör"), missing=lazy_("Välj kör, eller välj gemensamt."))
    category = Choice(lazy_("Vad går pengarna till?"), missing=lazy_("Välj vad pengarna går till."))
    what = TextLine(lazy_("Med egna ord"), longest=160, render_kw={"autocomplete": "off"})
    driver = Buttons(
        lazy_("Hur ofta?"), missing=lazy_("Välj hur ofta det kostar."), choices=list(DRIVER_NAMES.items())
    )
    sum = Kronor(lazy_("Belopp i kronor, varje gång"), missing=lazy_("Skriv vad det kostar, i kronor."))
    day_of_month = WholeNumber(
        lazy_("Dag i månaden"), least=1, most=31, description=lazy_("Bara om det kostar varje månad.")
    )
    valid_from = Day(
        lazy_("Från"),
        missing=lazy_("Välj första dagen."),
        description=lazy_("Eller dagen, om det kostar en gång."),
    )
    valid_to = Day(lazy_("Till"), description=lazy_("Lämna tomt om det inte finns något slut."))

    def __init__(self, choirs: Sequence[Choir], *, chosen: str | None) -> None:
        self.known_choirs = {str(one.id): one for one in choirs}
        first = next((str(one.id) for one in choirs if one.slug == chosen), "")
        super().__init__(data={"choir": first, "valid_from": clock.today()})
        self.choir.choices = [
            ("", _("Välj kör")),
            *_named(self.known_choirs),
            ("shared", _("Gemensamt för alla")),
        ]
        self.category.choices = [("", _("Välj")), *COST_NAMES.items()]

    @property
    def chosen_choir(self) -> Choir | None:
        """The choir it is for; none when it is shared."""
        return self.known_choirs.get(self.choir.data)


class CostEndForm(HouseForm):
    """Until when a cost goes on."""

    last_day = Day(lazy_("Sista dagen"), missing=lazy_("Välj sista dagen."))

    def __init__(self, line: CostLine) -> None:
        super().__init__(data={"last_day": max(clock.today(), line.valid_from)})


class BalanceForm(MoneyForm):
    """What is in the bank."""

    sum = Kronor(
        lazy_("Saldo i kronor"),
        least_ore=FURTHEST_BACK_ORE,
        missing=lazy_("Skriv vad som finns på kontot, i kronor."),
    )
    as_of = Day(
        lazy_("Dag"),
        missing=lazy_("Välj dagen för saldot."),
        description=lazy_("Saldot gäller när dagen är slut."),
    )

    def __init__(self) -> None:
        super().__init__(data={"as_of": clock.today()})


class InKindForm(MoneyForm):
    """Help that is not money."""

    partner = Choice(lazy_("Partner"), missing=lazy_("Välj vem som hjälper till."))
    choir = Choice(lazy_("Kör"), missing=lazy_("Välj kör."))
    what = TextLine(
        lazy_("Vad får kören?"),
        missing=lazy_("Skriv vad kören får."),
        longest=160,
        description=lazy_("Till exempel: lånar ut lokalen."),
        render_kw={"autocomplete": "off"},
    )
    replaces = Choice(
        lazy_("Vilken kostnad slipper kören?"),
        description=lazy_("Den kostnaden räknas inte så länge hjälpen gäller."),
    )
    valid_from = Day(lazy_("Från"), missing=lazy_("Välj första dagen."))
    valid_to = Day(lazy_("Till"), description=lazy_("Lämna tomt om det inte finns något slut."))

    def __init__(
        self, partners: Sequence[Partner], choirs: Sequence[Choir], costs: Sequence[CostRow]
    ) -> None:
        self.known_partners = {str(one.id): one for one in partners}
        self.known_choirs = {str(one.id): one for one in choirs}
        self.known_costs = {str(one.id): one for one in costs}
        super().__init__(data={"valid_from": clock.today()})
        self.partner.choices = [("", _("Välj partner")), *_named(self.known_partners)]
        self.choir.choices = [("", _("Välj kör")), *_named(self.known_choirs)]
        self.replaces.choices = [
            ("", _("Ingen")),
            *((key, _cost(one)) for key, one in self.known_costs.items()),
        ]

    @property
    def replaced_cost_id(self) -> UUID | None:
        """The cost that falls away, if one does."""
        return UUID(self.replaces.data) if self.replaces.data else None


def _named(known: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, one.name) for key, one in known.items()]


def _cost(one: CostRow) -> str:
    return f"{one.choir or _('Gemensamt')}: {one.what or COST_NAMES[one.category]}"
