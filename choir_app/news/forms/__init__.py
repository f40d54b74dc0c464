"""What may be written at the desk of the news."""

from choir_app.news.forms.coach import CorrectionForm, ExplainedWordForm
from choir_app.news.forms.letters import CONSENT, LettersForm, SubscribeForm, chosen_by
from choir_app.news.forms.pictures import PersonForm, RestForm, TakeInForm
from choir_app.news.forms.post import PostForm
from choir_app.news.forms.showing import LanguagesForm, PreviewForm, WhenForm
from choir_app.news.forms.text import TextForm
from choir_app.news.forms.tips import TipForm
from choir_app.news.forms.version import VersionForm

__all__ = [
    "CONSENT",
    "CorrectionForm",
    "ExplainedWordForm",
    "LanguagesForm",
    "LettersForm",
    "PersonForm",
    "PostForm",
    "PreviewForm",
    "RestForm",
    "SubscribeForm",
    "TakeInForm",
    "TextForm",
    "TipForm",
    "VersionForm",
    "WhenForm",
    "chosen_by",
]
