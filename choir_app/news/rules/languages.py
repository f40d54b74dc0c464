"""The languages that a text may be written in: Swedish, easy Swedish as a kind of its own, and what is turned on."""

from dataclasses import dataclass
from typing import Any

from choir_app.foundation.language import lazy_

SOURCE = "sv"
EASY = "sv-simple"
"""Easy Swedish. Source: IANA's language subtag registry, variant «simple»."""


@dataclass(frozen=True)
class TextLanguage:
    """A language of texts: its code on pages (BCP 47), its own name, and how Swedish says «på …»."""

    code: str
    autonym: str
    in_swedish: Any
    direction: str = "ltr"

    @property
    def part_of_address(self) -> str:
        """How an address calls it: `latt`, else the code."""
        return "latt" if self.code == EASY else self.code


TEXT_LANGUAGES: dict[str, TextLanguage] = {
    one.code: one
    for one in (
        TextLanguage(SOURCE, "Svenska", lazy_("svenska")),
        TextLanguage(EASY, "Lätt svenska", lazy_("lätt svenska")),
        TextLanguage("en", "English", lazy_("engelska")),
        TextLanguage("ar", "العربية", lazy_("arabiska"), "rtl"),
        TextLanguage("so", "Soomaali", lazy_("somaliska")),
        TextLanguage("fa", "دری / فارسی", lazy_("dari och persiska"), "rtl"),
        TextLanguage("ti", "ትግርኛ", lazy_("tigrinska")),
        TextLanguage("uk", "Українська", lazy_("ukrainska")),
        TextLanguage("am", "አማርኛ", lazy_("amhariska")),
        TextLanguage("ckb", "کوردیی ناوەندی", lazy_("sorani"), "rtl"),
        TextLanguage("kmr", "Kurmancî", lazy_("kurmanji")),
        TextLanguage("ps", "پښتو", lazy_("pashto"), "rtl"),
        TextLanguage("ur", "اردو", lazy_("urdu"), "rtl"),
        TextLanguage("tr", "Türkçe", lazy_("turkiska")),
        TextLanguage("ru", "Русский", lazy_("ryska")),
        TextLanguage("pl", "Polski", lazy_("polska")),
        TextLanguage("bs", "Bosanski", lazy_("bosniska")),
        TextLanguage("sq", "Shqip", lazy_("albanska")),
        TextLanguage("es", "Español", lazy_("spanska")),
        TextLanguage("fr", "Français", lazy_("franska")),
        TextLanguage("th", "ไทย", lazy_("thailändska")),
        TextLanguage("fi", "Suomi", lazy_("finska")),
        TextLanguage("se", "Davvisámegiella", lazy_("nordsamiska")),
    )
}
"""Every language that can be turned on, in the order in which pages name them."""

ALWAYS_ON: tuple[str, ...] = (SOURCE, EASY, "en")


def language_called(part_of_address: str) -> TextLanguage | None:
    """The language that an address means by `latt`, `ar` and so on."""
    return next((one for one in TEXT_LANGUAGES.values() if one.part_of_address == part_of_address), None)
