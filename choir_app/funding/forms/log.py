"""What may be typed in the log of a partner: what was said, and what comes then."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.forms import Buttons, Choice, Day, Hidden, HouseForm, TextArea, TextLine
from choir_app.foundation.language import _, lazy_
from choir_app.partners.models import Contact
from choir_app.partners.rules import NEXT_DAY_NAMES, TOUCHPOINT_NAMES, next_day


class LogForm(HouseForm):
    """What was said with a partner and what comes then; the box is always open and little of it must be touched."""

    note = TextArea(
        lazy_("Vad hände?"), missing=lazy_("Skriv vad som hände."), longest=4000, render_kw={"rows": 3}
    )
    kind = Buttons(
        lazy_("Hur pratade ni?"),
        missing=lazy_("Välj hur ni pratade."),
        choices=list(TOUCHPOINT_NAMES.items()),
        default="call",
    )
    contact = Choice(lazy_("Med vem?"))
    next_what = TextLine(
        lazy_("Vad är nästa steg?"), longest=200, render_kw={"autocomplete": "off", "enterkeyhint": "done"}
    )
    next_when = Buttons(lazy_("När?"), choices=list(NEXT_DAY_NAMES.items()), default="week")
    happened_on = Day(lazy_("Dagen ni pratade"), missing=lazy_("Välj vilken dag det var."))
    next_due_on = Day(lazy_("En annan dag för nästa steg"))
    next_owner = Choice(lazy_("Vem gör nästa steg?"))
    receipt = Hidden(default=lambda: str(uuid4()))

    def __init__(
        self, contacts: Sequence[Contact], owners: Sequence[Account], *, me: UUID, has_step: bool
    ) -> None:
        self.known = {str(one.id): one for one in contacts}
        self.known_owners = {str(one.id): one for one in owners}
        super().__init__(
            data={
                "happened_on": clock.today(),
                "kind": "call",
                "next_when": "week",
                "next_owner": str(me) if str(me) in self.known_owners else "",
            }
        )
        self.contact.choices = [
            ("", _("Någon annan")),
            *((key, one.person) for key, one in self.known.items()),
        ]
        self.next_owner.choices = [
            ("", _("Ingen än")),
            *((key, one.name) for key, one in self.known_owners.items()),
        ]
        self.next_what.description = (
            _("Skriver du något här räknas det förra steget som klart.")
            if has_step
            else _("Lämna tomt om inget mer ska göras nu.")
        )

    @property
    def seldom_needed(self) -> list[Choice | Day]:
        """What stands folded away, since it is mostly right as it is."""
        return [self.happened_on, self.next_due_on, self.next_owner]

    @property
    def chosen_contact(self) -> Contact | None:
        """Whom one talked with, if it was said."""
        return self.known.get(self.contact.data or "")

    @property
    def next_day(self) -> date | None:
        """By when the next step is to be done: the day that was written, else what the chosen word means."""
        if self.next_due_on.data or not self.next_what.data:
            return self.next_due_on.data
        return next_day(self.next_when.data or "week", clock.today())

    @property
    def chosen_owner(self) -> Account | None:
        """Who does the next step, if it was said."""
        return self.known_owners.get(self.next_owner.data or "")

    @property
    def receipt_id(self) -> UUID:
        """The id made when the box was drawn."""
        try:
            return UUID(self.receipt.data or "")
        except ValueError:
            return uuid4()
