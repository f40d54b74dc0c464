"""The two ways in which the domain says no."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a programming error
    """A rule says no, and the person can do something about it.

    `message` is a sentence in the reader's language; `field` names the form field that it is about.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(Exception):  # noqa: N818 - likewise
    """A permission says no: this person may not do this thing."""


def require(allowed: bool) -> None:
    """Stop with NotAllowed unless the permission says yes."""
    if not allowed:
        raise NotAllowed
