"""Telling us of something good."""

from uuid import UUID, uuid4

from choir_app.foundation import clock
from choir_app.foundation.forms import EmailLine, Hidden, HouseForm, TextArea, TextLine
from choir_app.foundation.language import _, lazy_
from choir_app.news import queries
from choir_app.news.actions import TipWords
from choir_app.news.rules import tips as rules


class TipForm(HouseForm):
    """What happened, where, and who tells; only the first is needed."""

    what = TextArea(
        lazy_("Vad har hänt?"),
        missing=lazy_("Skriv vad som har hänt. En mening räcker."),
        longest=4000,
        description=lazy_("Berätta med dina egna ord. En mening räcker."),
        render_kw={"rows": 6},
    )
    where = TextLine(lazy_("Ort eller partner"), description=lazy_("Till exempel: Boden, eller Bodenbo."))
    name = TextLine(lazy_("Ditt namn"), render_kw={"autocomplete": "name"})
    email = EmailLine(lazy_("Din mejladress"), description=lazy_("Om vi får fråga mer."))
    homepage = TextLine(
        lazy_("Skriv inget här"), render_kw={"autocomplete": "off", "tabindex": "-1"}, may_hold_numbers=True
    )
    receipt = Hidden()
    opened = Hidden()

    def __init__(self) -> None:
        super().__init__(data={"receipt": str(uuid4()), "opened": queries.mark_of_form()})

    @property
    def is_sent_and_sound(self) -> bool:
        """Whether it was posted, every field could be read, and it took the time that a person takes."""
        if not super().is_sent_and_sound:
            return False
        if self.homepage.data:
            self.homepage.data = ""
            self.form_errors = [_("Ett fält som ska vara tomt var ifyllt. Vi har tömt det. Skicka igen.")]
            return False
        by_hand = rules.was_filled_in_by_hand(queries.form_opened_at(self.opened.data or ""), clock.now())
        if by_hand is None:
            self.opened.data = queries.mark_of_form()
            self.form_errors = [_("Sidan var öppen för länge. Vänta en stund och skicka igen.")]
        elif not by_hand:
            self.form_errors = [_("Det gick väldigt fort. Vänta tre sekunder och skicka igen.")]
        return bool(by_hand)

    @property
    def words(self) -> TipWords:
        """What was told."""
        return TipWords(
            what=self.what.data or "",
            where=self.where.data or None,
            name=self.name.data or None,
            email=self.email.data or None,
        )

    @property
    def receipt_id(self) -> UUID:
        """What makes the same form sent twice one tip."""
        try:
            return UUID(self.receipt.data or "")
        except ValueError:
            return uuid4()
