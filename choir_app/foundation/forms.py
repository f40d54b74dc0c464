"""Forms: what may be typed. Every message is ours, in the reader's language, and nothing typed is ever lost.

A field is told what to say when it is left empty (`missing`); a field that is not told is voluntary.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    BooleanField,
    Field,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation

from choir_app.foundation import money, text
from choir_app.foundation.database import db
from choir_app.foundation.language import _, lazy_
from choir_app.foundation.refusal import Refusal

Words = Any
"""A text to people: a string or a lazily translated one."""


class HouseForm(FlaskForm):
    """A form of this house: sent with a token, heard by the domain, drawn again with all that was typed."""

    form_errors: list[str]

    class Meta(FlaskForm.Meta):
        """How a form is read: words from a form and nothing else, so that no field meets a type it does not know."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent: no JSON, and a file only where a file is asked for."""
            if formdata is not _Auto or request.method != "POST":
                return None if formdata is _Auto else formdata
            sent: MultiDict[str, Any] = MultiDict(request.form)
            for name, file in request.files.items(multi=True):
                if isinstance(form._fields.get(name), FileField):
                    sent.add(name, file)
            return sent

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_errors = []

    @property
    def is_sent_and_sound(self) -> bool:
        """Whether it was posted and every field could be read."""
        if request.method != "POST":
            return False
        sound = self.validate()
        if "csrf_token" in self.errors or g.get("token_is_old", False):
            self.form_errors = [_("Sidan var öppen för länge. Tryck på knappen igen.")]
            return False
        return sound

    @property
    def has_errors(self) -> bool:
        """Whether something must be put right."""
        return bool(self.errors or self.form_errors)

    @property
    def status(self) -> int:
        """200 for a form just opened, 422 for one with something to put right."""
        return 422 if request.method == "POST" and self.has_errors else 200

    @contextmanager
    def hearing_refusals(self) -> Iterator[None]:
        """Undo what was begun and put the domain's no beside the field that it is about."""
        try:
            with db.session.begin_nested():
                yield
        except Refusal as no:
            self.hear(no)

    def hear(self, no: Refusal) -> None:
        """Put the domain's no beside the field that it is about."""
        if no.field and no.field in self:
            field = self[no.field]
            field.errors = [*field.errors, no.message]
        else:
            self.form_errors = [*self.form_errors, no.message]


class Plain(HouseForm):
    """A form with nothing but a button."""


def _given(missing: Words | None) -> Callable[[Any, Field], None]:
    def check(_form: Any, field: Field) -> None:
        if field.data is None or field.data == "" or field.data == []:
            if field.errors:  # it was typed, and said to be wrong already
                raise StopValidation
            if missing is not None:
                raise StopValidation(str(missing))
            raise StopValidation

    if missing is None:
        check.field_flags = {"optional": True}  # type: ignore[attr-defined]  # WTForms reads it from validators
    return check


def _not_longer(longest: int) -> Callable[[Any, Field], None]:
    def check(_form: Any, field: Field) -> None:
        if len(field.data or "") > longest:
            raise StopValidation(
                _("Texten är för lång. Skriv högst %(number)s tecken.", number=longest),
            )

    return check


def _no_identity_number(_form: Any, field: Field) -> None:
    if text.has_identity_number(field.data or ""):
        raise StopValidation(
            _("Det ser ut som ett personnummer. Vi sparar aldrig personnummer. Ta bort det."),
        )


class _Clean:
    """Reads text as the house stores it: composed letters, no characters that cannot be kept."""

    data: Any
    errors: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        given = valuelist[0] if valuelist else ""
        try:
            self.data = text.clean(given)
        except ValueError:
            self.data = text.that_can_be_shown(given)
            raise ValueError(_("Texten innehåller tecken som vi inte kan spara. Ta bort dem.")) from None

    def pre_validate(self, form: Any) -> None:
        if self.errors:  # what cannot be kept is not looked at any further
            raise StopValidation


class TextLine(_Clean, StringField):
    """One line of text; spaces at the ends are dropped."""

    def __init__(
        self,
        label: Words,
        *,
        missing: Words | None = None,
        longest: int = 120,
        may_hold_numbers: bool = False,
        checks: Sequence[Callable[[Any, Field], None]] = (),
        **more: Any,
    ) -> None:
        guards = [] if may_hold_numbers else [_no_identity_number]
        super().__init__(label, [_given(missing), _not_longer(longest), *guards, *checks], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = re.sub(r"\s+", " ", self.data).strip()


class TextArea(_Clean, TextAreaField):
    """Several lines of text."""

    def __init__(
        self, label: Words, *, missing: Words | None = None, longest: int = 20_000, **more: Any
    ) -> None:
        super().__init__(label, [_given(missing), _not_longer(longest), _no_identity_number], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data.strip()


class PastedTable(_Clean, TextAreaField):
    """A table as it was pasted, with its first empty cells; who reads it looks for identity numbers in it."""

    def __init__(self, label: Words, *, missing: Words | None = None, longest: int, **more: Any) -> None:
        super().__init__(label, [_given(missing), _not_longer(longest)], **more)


class KeptTable(_Clean, HiddenField):
    """The same, read already and travelling with the form until it is taken in."""

    def __init__(self, *, longest: int, **more: Any) -> None:
        super().__init__("", [_not_longer(longest)], **more)


def _an_address(_form: Any, field: Field) -> None:
    if not text.is_email(field.data):
        raise StopValidation(_("Skriv mejladressen så här: namn@exempel.se"))


class EmailLine(TextLine):
    """An e-mail address; capitals do not matter."""

    widget = widgets.EmailInput()

    def __init__(self, label: Words, **more: Any) -> None:
        keywords = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        more["render_kw"] = {**keywords, **more.get("render_kw", {})}
        super().__init__(label, longest=254, may_hold_numbers=True, checks=[_an_address], **more)


def _a_number(_form: Any, field: Field) -> None:
    digits = re.sub(r"[\s\-()./]", "", field.data)
    if not re.fullmatch(r"\+?[0-9]{6,15}", digits):
        raise StopValidation(_("Skriv telefonnumret med siffror. Så här: 070-174 06 05."))
    if not digits.startswith(("0", "+")):  # numbers with an area code begin so, and may look like anything
        _no_identity_number(_form, field)


class PhoneLine(TextLine):
    """A telephone number as people write it."""

    widget = widgets.TelInput()

    def __init__(self, label: Words, **more: Any) -> None:
        keywords = {"autocomplete": "tel", "inputmode": "tel"}
        more["render_kw"] = {**keywords, **more.get("render_kw", {})}
        super().__init__(label, longest=40, may_hold_numbers=True, checks=[_a_number], **more)


class PasswordLine(PasswordField):
    """A password: kept as typed, never drawn again."""

    def __init__(self, label: Words, *, missing: Words, **more: Any) -> None:
        super().__init__(label, [_given(missing), _not_longer(200)], **more)


class _Read(StringField):
    """A field that is typed freely and read as something else; what cannot be read stays as it was typed."""

    data: Any
    wrong: Words = ""
    longest = 60
    """Signs; no sum, day or hour is longer, and nothing longer is read."""

    def __init__(
        self, label: Words, *, missing: Words | None = None, wrong: Words | None = None, **more: Any
    ) -> None:
        self.wrong = wrong or type(self).wrong
        super().__init__(label, [_given(missing), *more.pop("checks", ())], **more)

    def _value(self) -> str:
        if self.raw_data:
            return text.that_can_be_shown(str(self.raw_data[0]))
        return "" if self.data is None else self.written(self.data)

    def written(self, value: Any) -> str:
        """How a value stands in the field."""
        return str(value)

    def read(self, typed: str) -> Any:
        """The value that the person means; raises ValueError."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            if len(typed) > self.longest:
                raise ValueError
            self.data = self.read(typed)
        except (ValueError, OverflowError) as error:
            raise ValueError(self.why_not(typed, error)) from None

    def why_not(self, _typed: str, _error: Exception) -> str:
        """What to do instead, when what was typed cannot be read."""
        return str(self.wrong)


class Kronor(_Read):
    """A sum typed in kronor and read as öre."""

    wrong = lazy_("Skriv beloppet med siffror, till exempel 12 500,50 eller 250 tkr.")

    def __init__(self, label: Words, *, least_ore: int = 0, **more: Any) -> None:
        self.least_ore = least_ore
        keys = "text" if least_ore < 0 else "decimal"  # a phone's keys for numbers may have no minus
        more.setdefault("render_kw", {"inputmode": keys, "autocomplete": "off"})
        super().__init__(label, **more)

    def written(self, value: int) -> str:
        return money.kronor_text(value).removesuffix("kr").strip()

    def why_not(self, typed: str, error: Exception) -> str:
        if not isinstance(error, money.TwoReadingsError):
            return super().why_not(typed, error)
        larger = money.kronor_text(error.larger)
        if error.smaller is None:
            return _("Menar du %(sum)s? Skriv det utan punkt och komma.", sum=larger)
        return _(
            "%(typed)s kan betyda %(larger)s eller %(smaller)s. Skriv på ett av de sätten.",
            typed=typed,
            larger=larger,
            smaller=money.kronor_text(error.smaller),
        )

    def read(self, typed: str) -> int:
        ore = money.parse_kronor(typed)
        if ore < self.least_ore or abs(ore) > 10**14:
            raise ValueError
        return ore


class Day(_Read):
    """A day, from the phone's own picker or typed."""

    widget = widgets.DateInput()
    wrong = lazy_("Skriv datumet så här: 2026-06-16.")

    def written(self, value: date) -> str:
        return value.isoformat()

    def read(self, typed: str) -> date:
        day = date.fromisoformat(typed)
        if not 1990 <= day.year <= 2100:
            raise ValueError
        return day


class Hour(_Read):
    """A time of day on the clock in Sweden: 18.00, 18:00 or 1800."""

    widget = widgets.TimeInput()
    wrong = lazy_("Skriv klockslaget så här: 18.00.")

    def written(self, value: time) -> str:
        return value.strftime("%H:%M")

    def read(self, typed: str) -> time:
        found = re.fullmatch(r"([0-9]{1,2})[:. ]?([0-9]{2})(?:[:.][0-9]{2})?", typed)
        if not found:
            raise ValueError
        return time(int(found[1]), int(found[2]))


class WholeNumber(_Read):
    """A whole number between two bounds."""

    widget = widgets.NumberInput()

    def __init__(self, label: Words, *, least: int, most: int, **more: Any) -> None:
        self.least, self.most = least, most
        more.setdefault("render_kw", {"inputmode": "numeric"})
        super().__init__(label, **more)
        self.wrong = lazy_("Skriv ett helt tal mellan %(least)s och %(most)s.", least=least, most=most)

    def read(self, typed: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", typed) or not self.least <= int(typed) <= self.most:
            raise ValueError
        return int(typed)


class Decimal(_Read):
    """A number with decimals between two bounds, with a comma or a point."""

    def __init__(self, label: Words, *, least: float, most: float, **more: Any) -> None:
        self.least, self.most = least, most
        more.setdefault("render_kw", {"inputmode": "decimal"})
        super().__init__(label, **more)
        self.wrong = lazy_("Skriv ett tal mellan %(least)s och %(most)s.", least=least, most=most)

    def written(self, value: float) -> str:
        return str(value).replace(".", ",")

    def read(self, typed: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,6}([.,][0-9]{1,8})?", typed):
            raise ValueError
        value = float(typed.replace(",", "."))
        if not self.least <= value <= self.most:
            raise ValueError
        return value


def _with_choices(more: dict[str, Any]) -> dict[str, Any]:
    """Choices may be written as (value, words) or (value, words, {"hint": …}); WTForms wants its own kind."""
    if more.get("choices"):
        more["choices"] = [
            one if isinstance(one, SelectChoice) else SelectChoice(*one) for one in more["choices"]
        ]
    return more


class _OneOf:
    missing: Words | None = None
    choices: Any
    data: Any
    errors: Any

    def pre_validate(self, form: Any) -> None:
        if self.data in ("", None):
            return
        if str(self.data) not in {str(value) for value, *_rest in self.iter_choices()}:  # type: ignore[attr-defined]  # WTForms has it
            raise StopValidation(_("Välj något i listan."))


class Choice(_OneOf, SelectField):
    """One of a list; `missing` says what to do when nothing was chosen."""

    def __init__(self, label: Words, *, missing: Words | None = None, **more: Any) -> None:
        super().__init__(label, [_given(missing)], **_with_choices(more))


class Choices(SelectMultipleField):
    """Any number of a list, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: Words, *, missing: Words | None = None, **more: Any) -> None:
        super().__init__(label, [_given(missing)], **_with_choices(more))

    def pre_validate(self, form: Any) -> None:
        known = {str(value) for value, *_rest in self.iter_choices()}
        if any(str(value) not in known for value in self.data or ()):
            raise StopValidation(_("Välj något i listan."))


class Buttons(_OneOf, RadioField):
    """One of a few, all shown."""

    def __init__(self, label: Words, *, missing: Words | None = None, **more: Any) -> None:
        super().__init__(label, [_given(missing)], **_with_choices(more))


class Tick(BooleanField):
    """A box to tick."""

    def __init__(self, label: Words, **more: Any) -> None:
        super().__init__(label, **more)

    def _value(self) -> str:
        return "y"


class Hidden(_Clean, HiddenField):
    """A value that travels with the form."""

    def __init__(self, **more: Any) -> None:
        super().__init__("", [_not_longer(2000)], **more)


class Upload(FileField):
    """A file; None when none was chosen."""

    def __init__(self, label: Words, *, missing: Words | None = None, **more: Any) -> None:
        super().__init__(label, [_given(missing)], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        files = [file for file in valuelist if isinstance(file, FileStorage) and file.filename]
        self.data = files[0] if files else None
