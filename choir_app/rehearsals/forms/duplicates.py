"""Whether two singers are one person."""

from collections.abc import Sequence
from uuid import UUID

from choir_app.choirs.queries import AlikePair
from choir_app.foundation.forms import Choice, Hidden, HouseForm
from choir_app.foundation.language import _, lazy_
from choir_app.foundation.refusal import Refusal


class PairForm(HouseForm):
    """The answer about a pair: the same person, and who of them stays, or two people."""

    one = Hidden()
    other = Hidden()
    stays = Hidden()
    go = Hidden()

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The two whom it is about; raises Refusal when what came back is no pair."""
        try:
            return UUID(self.one.data), UUID(self.other.data)
        except (ValueError, TypeError, AttributeError):
            raise Refusal(_("Sidan har ändrats. Välj igen.")) from None

    def who_stays(self, pair: AlikePair) -> UUID:
        """The one who was picked; raises Refusal when it is neither."""
        for side in (pair.first, pair.other):
            if str(side.id) == self.stays.data:
                return side.id
        raise Refusal(_("Välj vem som ska stå kvar."))


class PickForm(HouseForm):
    """Two singers of a choir to put side by side; only looks, and changes nothing."""

    ena = Choice(lazy_("Den ena"))
    andra = Choice(lazy_("Den andra"))

    def __init__(self, singers: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(formdata=None, meta={"csrf": False})
        choices = [("", _("Välj sångare")), *((str(singer_id), name) for singer_id, name in singers)]
        self.ena.choices = self.andra.choices = choices
