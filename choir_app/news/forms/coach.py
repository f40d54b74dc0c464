"""The editors' own words for the coach, and what they tell readers that was put right."""

from collections.abc import Sequence

from choir_app.foundation.forms import Buttons, HouseForm, TextArea, TextLine
from choir_app.foundation.language import lazy_
from choir_app.news.rules import TextLanguage


class ExplainedWordForm(HouseForm):
    """A word that needs to be explained."""

    word = TextLine(lazy_("Ord"), missing=lazy_("Skriv ordet."), longest=60)
    meaning = TextLine(
        lazy_("Förklaring"),
        missing=lazy_("Skriv vad ordet betyder."),
        longest=200,
        description=lazy_("Den sätts in inom parentes, till exempel: pengar som någon ger."),
    )


class CorrectionForm(HouseForm):
    """What was put right in a published text, for its readers."""

    words = TextArea(
        lazy_("Vad är rättat?"),
        missing=lazy_("Skriv vad som är rättat."),
        longest=600,
        description=lazy_(
            "Säg vad som stod förut och vad som gäller, till exempel: Konserten är den 4 juni."
        ),
        render_kw={"rows": 3},
    )
    language = Buttons(lazy_("I vilken text?"), missing=lazy_("Välj en text."))

    def __init__(self, languages: Sequence[TextLanguage]) -> None:
        super().__init__(data={"language": languages[0].code})
        self.language.choices = [(one.code, one.autonym) for one in languages]
