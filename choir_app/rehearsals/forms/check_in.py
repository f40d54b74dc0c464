"""What is asked at the door, and of the leader about who waits there."""

from collections.abc import Sequence
from uuid import UUID

from choir_app.foundation.forms import Choice, Hidden, HouseForm, TextLine
from choir_app.foundation.language import _, lazy_
from choir_app.rehearsals import rules
from choir_app.rehearsals.queries import RollSinger


class DoorForm(HouseForm):
    """A first name, and nothing else."""

    first_name = TextLine(
        lazy_("Vad heter du?"),
        longest=rules.LONGEST_NAME,
        description=lazy_("Förnamnet räcker."),
        render_kw={"autocomplete": "given-name", "enterkeyhint": "done", "spellcheck": "false"},
    )


class ArrivalForm(HouseForm):
    """Who it is that waits: somebody new, somebody on the roll, or nobody."""

    answer = Hidden()
    singer = Choice(lazy_("Finns personen i listan?"))

    def __init__(self, singers: Sequence[RollSinger]) -> None:
        super().__init__()
        self.singer.choices = [("", _("Välj"))] + [(str(each.id), each.name) for each in singers]

    @property
    def singer_id(self) -> UUID | None:
        """The singer that was chosen."""
        return UUID(self.singer.data) if self.singer.data else None
