"""Who somebody is, by what their browser brings."""

from choir_app.accounts.models import Account


def account_behind(token: str) -> Account | None:
    """The account that a sign-in's random id belongs to, if the sign-in still holds."""
    raise NotImplementedError
