"""What may be typed about an agreement: its parts, what pays them, what is no money, its papers, our promises."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from choir_app.accounts.models import Account
from choir_app.foundation import filing
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Day,
    Kronor,
    TextArea,
    TextLine,
    Upload,
    WholeNumber,
)
from choir_app.foundation.language import _, full_day, lazy_
from choir_app.foundation.merging import MergingForm
from choir_app.foundation.money import kronor_text
from choir_app.funding.forms.books import AboutMoneyForm, MoneyForm
from choir_app.funding.models import Agreement, Deadline
from choir_app.funding.queries.instalments import InstalmentRow
from choir_app.funding.rules.names import CONDITION_NAMES, DEADLINE_NAMES, PROMISE_NAMES


class InstalmentForm(AboutMoneyForm):
    """A part of an agreement: how much, when, and what they wait for."""

    sum = Kronor(lazy_("Belopp i kronor"), missing=lazy_("Skriv hur mycket som ska komma, i kronor."))
    due_on = Day(lazy_("Dag som pengarna ska komma"), missing=lazy_("Välj dagen som pengarna ska komma."))
    condition = Buttons(
        lazy_("Vad väntar de på?"),
        missing=lazy_("Välj vad de väntar på."),
        choices=list(CONDITION_NAMES.items()),
        default="date",
    )
    deadline = Choice(lazy_("Vilken rapport eller rekvisition?"))
    deadline_on = Day(
        lazy_("Sista dag för den nya"),
        description=lazy_("Bara om du valde en ny. För en faktura kan du lämna tomt."),
    )
    lag_days = WholeNumber(
        lazy_("Hur många dagar tar de på sig att betala?"),
        least=0,
        most=365,
        description=lazy_("Räknat från dagen, fakturan eller godkännandet."),
    )
    note = TextLine(lazy_("Anteckning"), longest=400)

    def __init__(self, deadlines: Sequence[Deadline], *, seen: int) -> None:
        self.known = {str(one.id): one for one in deadlines}
        super().__init__(seen=seen, data={"condition": "date", "lag_days": 0})
        self.deadline.choices = [
            ("", _("En ny")),
            *(
                (key, f"{DEADLINE_NAMES[one.kind]}, {full_day(one.due_on)}")
                for key, one in self.known.items()
            ),
        ]

    @property
    def chosen_deadline(self) -> Deadline | None:
        """The report or requisition that they wait for, when it is there already."""
        return self.known.get(self.deadline.data or "")


class MatchForm(MoneyForm):
    """How much of a payment pays which part: one field for each part that is not wholly paid."""

    rows: Sequence[InstalmentRow] = ()

    @classmethod
    def made_for(cls, rows: Sequence[InstalmentRow], suggested: dict[UUID, int]) -> "MatchForm":
        """The form for these parts, filled in with what would pay the first ones wholly."""
        fields = {
            f"share_{row.id}": Kronor(
                _(
                    "Utbetalning %(day)s, %(sum)s kvar",
                    day=full_day(row.due_on),
                    sum=kronor_text(row.unpaid_ore),
                )
            )
            for row in rows
        }
        made = type("MatchForm", (cls,), {**fields, "rows": rows})
        return made(data={f"share_{key}": ore for key, ore in suggested.items()})

    @property
    def fields_of_parts(self) -> list[Any]:
        """The fields, in the order of the parts."""
        return [self[f"share_{row.id}"] for row in self.rows]

    @property
    def shares(self) -> dict[UUID, int]:
        """What was typed, in öre."""
        return {row.id: self[f"share_{row.id}"].data or 0 for row in self.rows}


class FactsForm(MergingForm):
    """What of an agreement is not money."""

    name = TextLine(lazy_("Vad gäller avtalet?"), missing=lazy_("Skriv vad avtalet gäller."), longest=160)
    grantee = TextLine(
        lazy_("Vem tar emot pengarna?"), longest=160, description=lazy_("Föreningen som står i avtalet.")
    )
    reference = TextLine(
        lazy_("Diarienummer"),
        longest=80,
        description=lazy_("Partnerns eget nummer på ärendet."),
        may_hold_numbers=True,
        render_kw={"autocomplete": "off"},
    )
    owner = Choice(lazy_("Vem håller i avtalet?"))
    note = TextArea(lazy_("Bra att veta"), longest=2000, render_kw={"rows": 4})

    def __init__(self, agreement: Agreement, owners: Sequence[Account]) -> None:
        self.known_owners = {str(one.id): one for one in owners}
        values = self.values_of(agreement)
        super().__init__(data=values)
        self.owner.choices = _owners(self.known_owners)
        self.open_at(agreement.version, values)

    @staticmethod
    def values_of(agreement: Agreement) -> dict[str, Any]:
        """What stands in each field."""
        return {
            "name": agreement.name,
            "grantee": agreement.grantee or "",
            "reference": agreement.reference or "",
            "owner": str(agreement.owner_id or ""),
            "note": agreement.note or "",
        }

    @property
    def chosen_owner(self) -> Account | None:
        """Who looks after it, if it was said."""
        return self.known_owners.get(self.owner.data or "")


class ChangeDeadlineForm(MergingForm):
    """A deadline that is put right."""

    kind = Buttons(
        lazy_("Vad vill de ha?"), missing=lazy_("Välj vad de vill ha."), choices=list(DEADLINE_NAMES.items())
    )
    due_on = Day(lazy_("Senast"), missing=lazy_("Välj sista dagen."))
    owner = Choice(lazy_("Vem gör det?"))
    note = TextLine(lazy_("Anteckning"), longest=400)

    def __init__(self, deadline: Deadline, owners: Sequence[Account]) -> None:
        self.known_owners = {str(one.id): one for one in owners}
        values = self.values_of(deadline)
        super().__init__(data=values)
        self.owner.choices = _owners(self.known_owners)
        self.open_at(deadline.version, values)

    @staticmethod
    def values_of(deadline: Deadline) -> dict[str, Any]:
        """What stands in each field."""
        return {
            "kind": deadline.kind,
            "due_on": deadline.due_on,
            "owner": str(deadline.owner_id or ""),
            "note": deadline.note or "",
        }

    @property
    def chosen_owner(self) -> Account | None:
        """Who does it, if it was said."""
        return self.known_owners.get(self.owner.data or "")


class DocumentForm(MoneyForm):
    """A paper of an agreement."""

    file = Upload(
        lazy_("Fil"),
        missing=lazy_("Välj en fil."),
        description=lazy_(
            "PDF, bild eller en fil från Word, Excel, PowerPoint eller LibreOffice. Högst 15 MB."
        ),
        render_kw={"accept": filing.ACCEPT},
    )
    name = TextLine(
        lazy_("Vad är det?"),
        longest=150,
        description=lazy_("Lämna tomt om filens namn säger det, till exempel: Avtal 2026."),
        render_kw={"autocomplete": "off"},
    )
    deadline = Choice(lazy_("Hör den till en rapport?"))

    def __init__(self, deadlines: Sequence[Deadline]) -> None:
        self.known = {str(one.id): one for one in deadlines}
        super().__init__()
        self.deadline.choices = [
            ("", _("Nej")),
            *(
                (key, f"{DEADLINE_NAMES[one.kind]}, {full_day(one.due_on)}")
                for key, one in self.known.items()
            ),
        ]

    @property
    def chosen_deadline(self) -> Deadline | None:
        """The report that it is, if it is one."""
        return self.known.get(self.deadline.data or "")


class PromiseForm(MoneyForm):
    """What a partner gets in return."""

    kind = Buttons(
        lazy_("Vad får de?"), missing=lazy_("Välj vad de får."), choices=list(PROMISE_NAMES.items())
    )
    what = TextLine(
        lazy_("Med egna ord"),
        missing=lazy_("Skriv vad vi har lovat."),
        longest=200,
        description=lazy_("Till exempel: Kören sjunger på gårdsfesten."),
        render_kw={"autocomplete": "off"},
    )
    due_on = Day(lazy_("Senast"))
    owner = Choice(lazy_("Vem ser till att det blir av?"))

    def __init__(self, owners: Sequence[Account], *, me: UUID) -> None:
        self.known_owners = {str(one.id): one for one in owners}
        super().__init__(data={"owner": str(me)})
        self.owner.choices = _owners(self.known_owners)

    @property
    def chosen_owner(self) -> Account | None:
        """Who sees to it, if it was said."""
        return self.known_owners.get(self.owner.data or "")


def _owners(known: dict[str, Account]) -> list[tuple[str, str]]:
    return [("", _("Ingen än")), *((key, one.name) for key, one in known.items())]
