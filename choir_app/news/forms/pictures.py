"""Pictures: taking them in, where the eye shall rest, who is in them and how they agreed."""

from uuid import UUID, uuid4

from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Day,
    Hidden,
    HouseForm,
    TextLine,
    Tick,
    Upload,
    WholeNumber,
)
from choir_app.foundation.language import lazy_
from choir_app.foundation.pictures import ACCEPT
from choir_app.news.actions import PersonWords
from choir_app.news.models import KeptPicture
from choir_app.news.rules import WAYS_TO_AGREE


class TakeInForm(HouseForm):
    """A picture to keep."""

    picture = Upload(
        lazy_("Bild"),
        missing=lazy_("Välj en bild."),
        description=lazy_("JPEG, PNG, WebP eller AVIF, högst 20 megabyte."),
        render_kw={"accept": ACCEPT},
    )


class RestForm(HouseForm):
    """Where the eye shall rest in a picture, so that what matters is left when it is cropped."""

    across = WholeNumber(
        lazy_("Från vänster, i procent"),
        missing=lazy_("Skriv ett tal från 0 till 100."),
        least=0,
        most=100,
    )
    down = WholeNumber(
        lazy_("Uppifrån, i procent"),
        missing=lazy_("Skriv ett tal från 0 till 100."),
        least=0,
        most=100,
    )

    def __init__(self, picture: KeptPicture) -> None:
        across, down = round(picture.focal_x_bp / 100), round(picture.focal_y_bp / 100)
        super().__init__(data={"across": across, "down": down})

    @property
    def rests_at(self) -> tuple[int, int]:
        """The point, in basis points from the left and from the top."""
        return self.across.data * 100, self.down.data * 100


class PersonForm(HouseForm):
    """Somebody in a picture who agreed to be shown."""

    called = TextLine(lazy_("Namn"), missing=lazy_("Skriv vad personen heter."))
    agreed_how = Buttons(
        lazy_("Hur sa personen ja?"),
        missing=lazy_("Välj hur personen sa ja."),
        choices=list(WAYS_TO_AGREE.items()),
    )
    agreed_on = Day(lazy_("Vilken dag?"), missing=lazy_("Skriv vilken dag personen sa ja."))
    is_under_18 = Tick(lazy_("Personen är under 18 år"))
    guardian = TextLine(
        lazy_("Vårdnadshavare som sa ja"),
        description=lazy_("Behövs när personen är under 18 år."),
    )
    receipt = Hidden()

    def __init__(self) -> None:
        super().__init__(data={"receipt": str(uuid4()), "agreed_on": clock.today()})

    @property
    def receipt_id(self) -> UUID:
        """What makes the same form sent twice one person."""
        try:
            return UUID(self.receipt.data or "")
        except ValueError:
            return uuid4()

    @property
    def words(self) -> PersonWords:
        """Who it is and how they agreed."""
        return PersonWords(
            called=self.called.data,
            agreed_how=self.agreed_how.data,
            agreed_on=self.agreed_on.data,
            is_under_18=bool(self.is_under_18.data),
            guardian=self.guardian.data or None,
        )
