"""What may be typed when somebody is invited or given roles."""

from collections.abc import Sequence
from typing import Any

from choir_app.accounts.models import ROLES
from choir_app.accounts.permissions import may_invite
from choir_app.choirs.models import Choir
from choir_app.foundation.forms import Buttons, Choice, Choices, EmailLine, HouseForm, TextLine
from choir_app.foundation.language import _, lazy_

TASKS: dict[str, tuple[Any, Any]] = {
    "member": (lazy_("Sjunga i en kör"), lazy_("Ser sina tider och sin egen närvaro.")),
    "leader": (lazy_("Leda en kör"), lazy_("Tar närvaro. Ser namnen i sin kör.")),
    "editor": (lazy_("Skriva nyheter"), lazy_("Ser inga namn på sångare.")),
    "manager": (lazy_("Leda projektet"), lazy_("Ser pengar, partner och alla körer.")),
    "administrator": (lazy_("Sköta konton"), lazy_("Ser allt. Ger roller och stänger av konton.")),
}
"""Each task with what it lets one do and see, in the order in which it is offered."""


class InviteForm(HouseForm):
    """Who is invited, and to what."""

    name = TextLine(
        lazy_("Namn"),
        missing=lazy_("Skriv ett namn."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "next"},
    )
    email = EmailLine(
        lazy_("Mejladress"),
        missing=lazy_("Skriv en mejladress."),
        description=lazy_("Dit skickar vi en länk. Den fungerar i 14 dagar."),
        render_kw={"autocomplete": "off", "enterkeyhint": "next"},
    )
    task = Buttons(lazy_("Vad ska personen göra?"), missing=lazy_("Välj vad personen ska göra."))
    choir = Choice(lazy_("Vilken kör?"), description=lazy_("Den kör som personen ska leda."))

    def __init__(self, choirs: Sequence[Choir], *, by: Any, **more: Any) -> None:
        self._choirs = {str(choir.id): choir for choir in choirs}
        super().__init__(**more)
        self.task.choices = [
            (task, label, {"hint": hint}) for task, (label, hint) in TASKS.items() if may_invite(by, task)
        ]
        self.choir.choices = [
            ("", lazy_("Välj en kör")),
            *((key, choir.name) for key, choir in self._choirs.items()),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be read, and a choir is named where one is to be led."""
        sound = super().validate(extra_validators)
        if self.task.data == "leader" and self.chosen_choir is None and not self.choir.errors:
            self.choir.errors = [_("Välj en kör.")]
            return False
        return sound

    @property
    def chosen_choir(self) -> Choir | None:
        """The choir that the person is to lead, if that is what they are to do."""
        return self._choirs.get(self.choir.data or "") if self.task.data == "leader" else None


class RolesForm(HouseForm):
    """What somebody does for the whole network."""

    roles = Choices(
        lazy_("Roller i hela nätverket"),
        choices=[(role, TASKS[role][0], {"hint": TASKS[role][1]}) for role in ROLES],
    )


class LeadForm(HouseForm):
    """A choir more for somebody to lead."""

    choir = Choice(lazy_("Kör att leda"), missing=lazy_("Välj en kör."))

    def __init__(self, choirs: Sequence[Choir], **more: Any) -> None:
        self._choirs = {str(choir.id): choir for choir in choirs}
        super().__init__(**more)
        self.choir.choices = [
            ("", lazy_("Välj en kör")),
            *((key, choir.name) for key, choir in self._choirs.items()),
        ]

    @property
    def chosen(self) -> Choir:
        """The chosen choir."""
        return self._choirs[self.choir.data]
