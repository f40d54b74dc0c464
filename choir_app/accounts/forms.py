"""What may be typed at the door and on one's own pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from choir_app.accounts import rules
from choir_app.foundation.forms import EmailLine, Hidden, HouseForm, PasswordLine, TextLine
from choir_app.foundation.language import lazy_


class LimitedForm(HouseForm):
    """A form whose answer may be that it has been tried too often: then it says how long to wait, with a 429."""

    seconds_to_wait = 0

    @property
    def status(self) -> int:
        """429 while one has to wait, else as every form."""
        return 429 if self.seconds_to_wait else super().status

    @property
    def headers(self) -> dict[str, str]:
        """How long to wait, for programs."""
        return {"Retry-After": str(self.seconds_to_wait)} if self.seconds_to_wait else {}

    @contextmanager
    def hearing_refusals(self) -> Iterator[None]:
        """Hear the domain's no, and how long to wait if it says so."""
        with super().hearing_refusals():
            try:
                yield
            except rules.TooManyTries as no:
                self.seconds_to_wait = no.seconds
                raise


class SignInForm(LimitedForm):
    """E-mail address and password."""

    email = EmailLine(
        lazy_("Mejladress"),
        missing=lazy_("Skriv din mejladress."),
        render_kw={"autocomplete": "username", "enterkeyhint": "next"},
    )
    password = PasswordLine(
        lazy_("Lösenord"),
        missing=lazy_("Skriv ditt lösenord."),
        render_kw={"autocomplete": "current-password", "enterkeyhint": "go"},
    )
    next = Hidden()


class ForgottenForm(LimitedForm):
    """The address that a link for a new password goes to."""

    email = EmailLine(
        lazy_("Mejladress"),
        missing=lazy_("Skriv din mejladress."),
        render_kw={"autocomplete": "username", "enterkeyhint": "send"},
    )


_LONG_ENOUGH = lazy_(
    "Minst %(number)s tecken. Tre ord efter varandra går bra och är lätta att minnas.",
    number=rules.SHORTEST_PASSWORD,
)


class NewPasswordForm(HouseForm):
    """A new password, for somebody who came by a one-time link."""

    password = PasswordLine(
        lazy_("Nytt lösenord"),
        missing=lazy_("Skriv ett nytt lösenord."),
        description=_LONG_ENOUGH,
        render_kw={"autocomplete": "new-password", "enterkeyhint": "go"},
    )


class NameForm(HouseForm):
    """What somebody wants to be called."""

    name = TextLine(
        lazy_("Namn"),
        missing=lazy_("Skriv ditt namn."),
        description=lazy_("Så här visas du för andra. Du väljer själv vad du vill kallas."),
        render_kw={"autocomplete": "name", "spellcheck": "false"},
    )


class JoinForm(NameForm):
    """Name and password, for somebody who takes up an invitation."""

    password = PasswordLine(
        lazy_("Lösenord"),
        missing=lazy_("Välj ett lösenord."),
        description=_LONG_ENOUGH,
        render_kw={"autocomplete": "new-password", "enterkeyhint": "go"},
    )


class PasswordForm(LimitedForm):
    """The present password and a new one."""

    present = PasswordLine(
        lazy_("Lösenordet du har nu"),
        missing=lazy_("Skriv lösenordet som du har nu."),
        render_kw={"autocomplete": "current-password", "enterkeyhint": "next"},
    )
    new = PasswordLine(
        lazy_("Nytt lösenord"),
        missing=lazy_("Skriv ett nytt lösenord."),
        description=_LONG_ENOUGH,
        render_kw={"autocomplete": "new-password", "enterkeyhint": "go"},
    )
