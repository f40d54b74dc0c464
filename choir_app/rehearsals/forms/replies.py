"""What somebody says beforehand: of one date, or of days away."""

from uuid import UUID, uuid4

from choir_app.foundation.forms import Day, Hidden, HouseForm
from choir_app.foundation.language import _, lazy_
from choir_app.foundation.refusal import Refusal


class ReplyForm(HouseForm):
    """A press on one of the buttons beside a date, or beside days away."""

    say = Hidden()
    rehearsal_id = Hidden()
    away_id = Hidden()

    @property
    def about(self) -> UUID:
        """The date or the days away that it is about; raises Refusal when what came back is none."""
        try:
            return UUID(self.rehearsal_id.data or self.away_id.data)
        except (ValueError, TypeError, AttributeError):
            raise Refusal(_("Sidan har ändrats. Välj igen.")) from None


class LinkForm(HouseForm):
    """A new link for replies. Its id is made with the page, so that pressing twice makes one link."""

    link_id = Hidden()

    def __init__(self) -> None:
        super().__init__(data={"link_id": str(uuid4())})

    @property
    def made_id(self) -> UUID:
        """The id that was made with the page; another one when what came back is none."""
        try:
            return UUID(self.link_id.data)
        except (ValueError, TypeError, AttributeError):
            return uuid4()


class AwayForm(HouseForm):
    """The first and the last day that somebody is away."""

    first_on = Day(lazy_("Första dagen du är borta"), missing=lazy_("Skriv den första dagen du är borta."))
    last_on = Day(lazy_("Sista dagen du är borta"), missing=lazy_("Skriv den sista dagen du är borta."))
