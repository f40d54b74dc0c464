"""What is asked when a roll is lent."""

from collections.abc import Sequence
from uuid import UUID

from choir_app.foundation.forms import Choice, EmailLine, TextLine
from choir_app.foundation.language import _, lazy_
from choir_app.rehearsals import rules
from choir_app.rehearsals.forms.roll import WithReceipt
from choir_app.rehearsals.queries import KnownPerson


class LendForm(WithReceipt):
    """Who takes the roll: somebody with an account whom the leader knows, or the holder of a link."""

    to = Choice(lazy_("Vem tar listan?"))
    name = TextLine(
        lazy_("Vad heter vikarien?"),
        longest=rules.LONGEST_TAKER,
        description=lazy_("Behövs för en länk. Ett förnamn räcker, så ser du sedan vem som markerade."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailLine(
        lazy_("Mejla länken"),
        description=lazy_("Lämna tomt om du visar koden eller skickar länken själv."),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, known: Sequence[KnownPerson]) -> None:
        super().__init__()
        self.known = known
        self.to.choices = [("", _("Någon annan, med en länk"))] + [
            (str(person.account_id), self._told(person)) for person in known
        ]

    def _told(self, person: KnownPerson) -> str:
        if person.sings_here:
            return _("%(name)s, sjunger i kören", name=person.name)
        return _("%(name)s, körledare i orten", name=person.name)

    @property
    def account_id(self) -> UUID | None:
        """The account that was chosen; None for a link."""
        return UUID(self.to.data) if self.to.data else None
