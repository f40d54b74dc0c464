"""Words that come in by any door, form or phone: cleaned, measured, and never an identity number."""

from choir_app.foundation import text
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal


def said(words: str | None, *, field: str, longest: int, missing: str) -> str:
    """The words as the house keeps them; refuses nothing at all, too much, and identity numbers."""
    kept = voluntary(words, field=field, longest=longest)
    if kept is None:
        raise Refusal(missing, field=field)
    return kept


def voluntary(words: str | None, *, field: str, longest: int, lines: bool = False) -> str | None:
    """The same for what may be left out; nothing but spaces is nothing."""
    try:
        kept = text.clean(words or "")
    except ValueError:
        raise Refusal(
            _("Texten innehåller tecken som vi inte kan spara. Ta bort dem."), field=field
        ) from None
    kept = kept.strip() if lines else " ".join(kept.split())
    if len(kept) > longest:
        raise Refusal(_("Texten är för lång. Skriv högst %(number)s tecken.", number=longest), field=field)
    if text.has_identity_number(kept):
        raise Refusal(
            _("Det ser ut som ett personnummer. Vi sparar aldrig personnummer. Ta bort det."), field=field
        )
    return kept or None


def plain(words: str | None) -> str | None:
    """A telephone number or an address as it was typed, without spaces at its ends; the form has read it."""
    return (words or "").strip() or None
