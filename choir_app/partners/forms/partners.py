"""What may be typed about partners."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from choir_app.accounts.models import Account
from choir_app.choirs.models import Town
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Choices,
    Day,
    EmailLine,
    Hidden,
    HouseForm,
    PhoneLine,
    TextArea,
    TextLine,
    Tick,
)
from choir_app.foundation.language import _, lazy_
from choir_app.foundation.refusal import Refusal
from choir_app.partners.models import Contact, NextStep, Partner
from choir_app.partners.rules import (
    CONTACT_TASK_NAMES,
    KIND_NAMES,
    NEXT_DAY_NAMES,
    TOUCHPOINT_NAMES,
    next_day,
)


def receipt_of(form: Any) -> UUID:
    """The id made when the form was opened, so that sending it twice has the effect of once."""
    try:
        return UUID(form.receipt.data or "")
    except ValueError:
        return uuid4()


class PartnerForm(HouseForm):
    """Who a partner is."""

    name = TextLine(lazy_("Namn"), missing=lazy_("Skriv namnet."), render_kw={"autocomplete": "off"})
    is_another = Tick(lazy_("Det är en annan partner"))
    kind = Buttons(
        lazy_("Vilken sorts partner?"),
        missing=lazy_("Välj vilken sorts partner det är."),
        choices=list(KIND_NAMES.items()),
    )
    towns = Choices(lazy_("Orter"), description=lazy_("Välj ingen om partnern finns i hela Sverige."))
    about = TextArea(lazy_("Om partnern"), longest=1000, render_kw={"rows": 3})
    website = TextLine(
        lazy_("Webbplats"),
        longest=300,
        may_hold_numbers=True,
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    parent = Choice(
        lazy_("Hör till"), description=lazy_("Till exempel koncernen som ett bostadsföretag är en del av.")
    )
    is_thanked = Tick(
        lazy_("Tacka på våra sidor"), description=lazy_("Namnet visas för alla på körens sida.")
    )

    def __init__(
        self, towns: Sequence[Town], partner: Partner | None = None, *, parents: Sequence[Partner] = ()
    ) -> None:
        self.known = {str(town.id): town for town in towns}
        self.known_parents = {str(one.id): one for one in parents}
        data = {}
        if partner is not None:
            data = {
                "name": partner.name,
                "kind": partner.kind,
                "towns": [str(row.town_id) for row in partner.in_towns],
                "about": partner.about,
                "website": partner.website,
                "is_thanked": partner.is_thanked,
                "parent": str(partner.parent_id or ""),
            }
        super().__init__(data=data)
        self.towns.choices = [(key, town.name) for key, town in self.known.items()]
        self.parent.choices = [
            ("", _("Ingen")),
            *((key, one.name) for key, one in self.known_parents.items()),
        ]

    @property
    def chosen_parent(self) -> Partner | None:
        """The organisation that it belongs to, if it was said."""
        return self.known_parents.get(self.parent.data or "")

    @property
    def chosen_towns(self) -> list[Town]:
        """The towns that were ticked."""
        return [self.known[key] for key in self.towns.data or ()]


class ContactForm(HouseForm):
    """Whom one talks to at a partner."""

    person = TextLine(
        lazy_("Namn"),
        missing=lazy_("Skriv namnet."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    role = TextLine(
        lazy_("Roll"), description=lazy_("Till exempel hyreschef."), render_kw={"autocomplete": "off"}
    )
    phone = PhoneLine(lazy_("Telefonnummer"), render_kw={"autocomplete": "off"})
    email = EmailLine(lazy_("Mejladress"), render_kw={"autocomplete": "off"})
    tasks = Choices(lazy_("Vad gör personen?"), choices=list(CONTACT_TASK_NAMES.items()))
    receipt = Hidden(default=lambda: str(uuid4()))

    def __init__(self, contact: Contact | None = None) -> None:
        super().__init__(obj=contact)


class _WithOwner(HouseForm):
    """A form that asks who does it."""

    known_owners: dict[str, Account]

    def offer(self, field: Any, owners: Sequence[Account], first: UUID | None) -> None:
        """Let the form choose between these people, this one first chosen."""
        self.known_owners = {str(one.id): one for one in owners}
        field.choices = [("", _("Ingen än")), *((key, one.name) for key, one in self.known_owners.items())]
        if field.raw_data is None and not field.data and first:
            field.data = str(first)


class StepForm(_WithOwner):
    """What is to be done next, by when and by whom."""

    what = TextLine(lazy_("Vad ska vi göra?"), missing=lazy_("Skriv vad nästa steg är."), longest=200)
    due_on = Day(lazy_("Senast"), missing=lazy_("Välj en dag för nästa steg."))
    owner = Choice(lazy_("Vem gör det?"))

    def __init__(self, owners: Sequence[Account], *, me: UUID | None, step: NextStep | None = None) -> None:
        data = {"what": step.what, "due_on": step.due_on} if step else {}
        super().__init__(data=data)
        self.offer(self.owner, owners, step.owner_id if step else me)

    @property
    def chosen_owner(self) -> Account | None:
        """Who does it, if it was said."""
        return self.known_owners.get(self.owner.data or "")


class LaterForm(HouseForm):
    """To put a step off by one press."""

    step = Hidden()
    to = Hidden()

    def put_off(self, step: NextStep | None) -> tuple[NextStep, date]:
        """Which step, and to which day; raises Refusal for a step that is done and for an unknown word."""
        if step is None or self.step.data != str(step.id):
            raise Refusal(_("Det steget är redan klart."))
        if self.to.data not in NEXT_DAY_NAMES:
            raise Refusal(_("Välj en dag för nästa steg."))
        return step, next_day(self.to.data, clock.today())


class DoneForm(_WithOwner):
    """What happened, and what comes then."""

    kind = Buttons(
        lazy_("Hur pratade ni?"),
        missing=lazy_("Välj hur ni pratade."),
        choices=list(TOUCHPOINT_NAMES.items()),
        default="call",
    )
    note = TextArea(
        lazy_("Vad hände?"), missing=lazy_("Skriv vad som hände."), longest=4000, render_kw={"rows": 4}
    )
    contact = Choice(lazy_("Med vem?"))
    next_what = TextLine(
        lazy_("Vad är nästa steg?"),
        longest=200,
        description=lazy_("Lämna tomt om inget mer ska göras nu."),
    )
    next_due_on = Day(lazy_("Senast"))
    next_owner = Choice(lazy_("Vem gör det?"))
    step = Hidden()
    receipt = Hidden(default=lambda: str(uuid4()))

    def __init__(
        self, owners: Sequence[Account], *, me: UUID | None, step: NextStep, contacts: Sequence[Contact] = ()
    ) -> None:
        self.known_contacts = {str(one.id): one for one in contacts}
        super().__init__(data={"step": str(step.id), "kind": "call"})
        self.offer(self.next_owner, owners, me)
        self.contact.choices = [
            ("", _("Någon annan")),
            *((key, one.person) for key, one in self.known_contacts.items()),
        ]

    def ask_about_other_step(self, step: NextStep) -> None:
        """Refuse once when somebody else has finished the step of this page and another one stands open now."""
        if self.step.data != str(step.id):
            self.step.data = str(step.id)
            raise Refusal(
                _(
                    "Nästa steg är ett annat nu: %(what)s. Tryck igen om det är det som är klart.",
                    what=step.what,
                )
            )

    @property
    def chosen_contact(self) -> Contact | None:
        """Whom one talked with, if it was said."""
        return self.known_contacts.get(self.contact.data or "")

    @property
    def chosen_owner(self) -> Account | None:
        """Who does the next step, if it was said."""
        return self.known_owners.get(self.next_owner.data or "")
