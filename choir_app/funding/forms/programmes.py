"""What may be typed about programmes, and about who could pay next."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from choir_app.choirs.models import Town
from choir_app.foundation.forms import (
    Choice,
    Choices,
    Day,
    Decimal,
    Hidden,
    HouseForm,
    Kronor,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
)
from choir_app.foundation.language import _, full_day, kronor, lazy_, listed, number
from choir_app.funding.actions.programmes import ProgrammeSaid
from choir_app.funding.forms.books import MoneyForm
from choir_app.funding.models import Programme
from choir_app.partners.models import Partner


class ProgrammeForm(MoneyForm):
    """A programme that can be applied to: whose, when, how much and on what terms."""

    partner = Choice(lazy_("Vem betalar?"), missing=lazy_("Välj vem som betalar."))
    name = TextLine(
        lazy_("Vad heter programmet?"),
        missing=lazy_("Skriv vad programmet heter."),
        longest=160,
        render_kw={"autocomplete": "off"},
    )
    website = TextLine(
        lazy_("Webbsida med reglerna"),
        longest=300,
        may_hold_numbers=True,
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    opens_on = Day(lazy_("Öppnar"), description=lazy_("Lämna tomt om det redan är öppet."))
    closes_on = Day(lazy_("Sista dag att söka"), description=lazy_("Lämna tomt om det alltid är öppet."))
    decision_lead_days = WholeNumber(
        lazy_("Dagar till beskedet"),
        least=0,
        most=1000,
        missing=lazy_("Skriv hur många dagar det tar till beskedet. En gissning räcker."),
        description=lazy_("Från sista dagen. Är det alltid öppet: från dagen ni söker."),
    )
    payout_lag_days = WholeNumber(
        lazy_("Dagar från besked till pengar"),
        least=0,
        most=1000,
        missing=lazy_("Skriv hur många dagar det tar till pengarna kommer. En gissning räcker."),
    )
    min_sum = Kronor(lazy_("De ger minst, i kronor"))
    max_sum = Kronor(lazy_("De ger högst, i kronor"))
    own_share = Decimal(
        lazy_("Andra måste betala, i procent av allt"),
        least=0,
        most=99,
        description=lazy_("Till exempel 25 om de betalar högst tre fjärdedelar."),
    )
    success = Decimal(
        lazy_("Hur många av hundra som söker får pengar?"),
        least=0,
        most=100,
        description=lazy_("Ofta står det i deras årsredovisning. Lämna tomt om ni inte vet."),
    )
    towns = Choices(lazy_("Orter"), description=lazy_("Välj ingen om det gäller hela Sverige."))
    wants_new = Tick(lazy_("De betalar bara för det som är nytt"))
    wants_no_other = Tick(lazy_("De ger inget till den som redan har ett avtal med dem"))
    rules = TextArea(
        lazy_("Andra regler"),
        longest=4000,
        description=lazy_("Med egna ord: vad de vill se, och vad de inte betalar för."),
        render_kw={"rows": 4},
    )
    is_checked = Tick(lazy_("Jag har läst deras regler i dag och allt här stämmer"))
    version = Hidden()

    def __init__(
        self,
        partners: Sequence[Partner],
        towns: Sequence[Town],
        *,
        chosen: str | None = None,
        programme: Programme | None = None,
    ) -> None:
        self.known_partners = {str(one.id): one for one in partners}
        self.known_towns = {str(one.id): one for one in towns}
        first = next((str(one.id) for one in partners if one.slug == chosen), "")
        data: dict[str, Any] = {"partner": first, "payout_lag_days": 30}
        if programme is not None:
            data = _written(programme)
        super().__init__(data=data)
        if programme is None:
            self.partner.choices = [
                ("", _("Välj partner")),
                *((key, one.name) for key, one in self.known_partners.items()),
            ]
        else:
            del self.partner  # a programme stays with whose it is
        self.towns.choices = [(key, one.name) for key, one in self.known_towns.items()]

    @property
    def chosen_partner(self) -> Partner:
        """Whose programme it is."""
        return self.known_partners[self.partner.data]

    @property
    def seen(self) -> int:
        """The version that the form was opened with."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    @property
    def said(self) -> ProgrammeSaid:
        """What was said."""
        return ProgrammeSaid(
            name=self.name.data,
            decision_lead_days=self.decision_lead_days.data,
            payout_lag_days=self.payout_lag_days.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            min_ore=self.min_sum.data,
            max_ore=self.max_sum.data,
            own_share_bp=_bp(self.own_share.data) or 0,
            success_bp=_bp(self.success.data),
            wants_new=self.wants_new.data,
            wants_no_other=self.wants_no_other.data,
            website=self.website.data or None,
            rules=self.rules.data or None,
            towns=tuple(self.known_towns[key] for key in self.towns.data or ()),
        )

    def theirs(self, programme: Programme) -> list[tuple[str, str, str]]:
        """What is written now and was typed otherwise: the question, what stands, what was typed."""
        found = []
        for name, stands in _written(programme).items():
            if name == "version":
                continue
            typed = self[name].data
            if (stands or None) != (typed or None):
                found.append((str(self[name].label.text), self._told(name, stands), self._told(name, typed)))
        return found

    def _told(self, name: str, value: Any) -> str:
        if name == "towns":
            names = [self.known_towns[key].name for key in value or () if key in self.known_towns]
            return listed(names) if names else _("Hela Sverige")
        if isinstance(value, bool):
            return _("Ja") if value else _("Nej")
        if value is None or value == "":
            return "–"
        if isinstance(value, date):
            return full_day(value)
        if name in ("min_sum", "max_sum"):
            return kronor(value)
        return number(value) if isinstance(value, int | float) else str(value)


def _written(programme: Programme) -> dict[str, Any]:
    """What is written down about a programme, as the form holds it."""
    return {
        "name": programme.name,
        "website": programme.website,
        "opens_on": programme.opens_on,
        "closes_on": programme.closes_on,
        "decision_lead_days": programme.decision_lead_days,
        "payout_lag_days": programme.payout_lag_days,
        "min_sum": programme.min_ore,
        "max_sum": programme.max_ore,
        "own_share": _share(programme.own_share_bp) if programme.own_share_bp else None,
        "success": _share(programme.success_bp),
        "towns": sorted(str(row.town_id) for row in programme.in_towns),
        "wants_new": programme.wants_new,
        "wants_no_other": programme.wants_no_other,
        "rules": programme.rules,
        "version": str(programme.version),
    }


def _share(basis_points: int | None) -> float | int | None:
    if basis_points is None:
        return None
    whole, rest = divmod(basis_points, 100)
    return basis_points / 100 if rest else whole


def _bp(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


class WhoForm(HouseForm):
    """Who could pay next: for which town, and for how much. It is asked in the address, so that it can be linked."""

    ort = Choice(lazy_("Ort"))
    summa = Kronor(lazy_("Vi behöver, i kronor"))
    andra = Kronor(lazy_("Andra betalar, i kronor"))

    def __init__(self, towns: Sequence[Town], asked: Any) -> None:
        self.known_towns = {one.slug: one for one in towns}
        super().__init__(formdata=asked, meta={"csrf": False})
        self.ort.choices = [("", _("Alla")), *((one.slug, one.name) for one in towns)]

    @property
    def chosen_town(self) -> Town | None:
        """The town that was asked about; none means all."""
        return self.known_towns.get(self.ort.data or "")
