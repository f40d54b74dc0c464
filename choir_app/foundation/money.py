"""Money: whole öre, split without losing any, written and read as people write kronor."""

import re
from collections.abc import Sequence

NO_BREAK_SPACE = "\u00a0"
LARGEST_ORE = 10**12

_UNITS = {
    100: ("",),
    100_000: ("tkr", "tsek", "tusen", "tusenlappar"),
    100_000_000: ("mkr", "mnkr", "msek", "milj", "milj.", "miljon", "miljoner"),
}
"""Öre of one, by the words that people write after a number."""
_ORE_OF = {word: ore for ore, words in _UNITS.items() for word in words}
_WORDS = "|".join(re.escape(word) for word in sorted(_ORE_OF, key=len, reverse=True) if word)
_SUM = re.compile(
    r"(?P<sign>[+-]?) ?(?:(?:kr|sek) ?)?(?P<number>[0-9](?:[0-9 .,:]*[0-9])?)"
    rf"(?: ?(?P<unit>{_WORDS}))?(?: ?(?:kronor|krona|kr|sek|[:,.]-))?\.?"
)
_NUMBER = re.compile(
    r"(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,11})(?:[,.][0-9]{1,8}|:[0-9]{2})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,8}|:[0-9]{2})?"
)
_EITHER = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
"""«1.250»: a thousand and more, or one and a part."""


class TwoReadingsError(ValueError):
    """That a sum such as «1.250» can be read in two ways, here in öre."""

    def __init__(self, larger: int, smaller: int | None) -> None:
        super().__init__("a sum with two readings")
        self.larger = larger
        self.smaller = smaller
        """None when it would be parts of an öre, as with «1.234»."""


def split(ore: int, parts: int) -> list[int]:
    """Öre divided equally on so many parts; what is left over goes one öre each to the first ones.

    Raises ValueError when there is nobody to divide on.
    """
    return split_by_weight(ore, [1] * parts)


def split_by_weight(ore: int, weights: Sequence[int]) -> list[int]:
    """Öre divided in proportion to whole weights, by largest remainder, so that the parts add up to the sum.

    A negative sum is divided like the positive one. Raises ValueError when there is nobody to divide on.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("there is nobody to divide on")
    sign, whole = (-1, -ore) if ore < 0 else (1, ore)
    shares = [whole * weight // total for weight in weights]
    remainders = [(-(whole * weight % total), place) for place, weight in enumerate(weights)]
    for _, place in sorted(remainders)[: whole - sum(shares)]:
        shares[place] += 1
    return [sign * share for share in shares]


def kronor_text(ore: int) -> str:
    """«68 000 kr», or «2 500,50 kr» when there are öre, with no-break spaces."""
    whole, rest = divmod(abs(ore), 100)
    thousands = f"{whole:,}".replace(",", NO_BREAK_SPACE)
    decimals = f",{rest:02d}" if rest else ""
    return f"{'−' if ore < 0 else ''}{thousands}{decimals}{NO_BREAK_SPACE}kr"


def parse_kronor(text: str) -> int:
    """The öre that somebody means by «68 000», «2 500,50», «2.500,50», «12500:-», «250 tkr», «1,7 mkr» or «-40 kr».

    Raises TwoReadingsError, a ValueError, for what could mean two sums, as «1.250»; ValueError when it is no sum
    of whole öre or larger than 10 billion kronor.
    """
    bare = re.sub(r"[\s\u00a0\u2007\u2009\u202f]+", " ", text).strip().lower()
    found = _SUM.fullmatch(re.sub("[−–—]", "-", bare))
    if not found:
        raise ValueError("not a sum")
    ore_of_one = _ORE_OF[found["unit"] or ""]
    sign = -1 if found["sign"] == "-" else 1
    if either := _EITHER.fullmatch(found["number"]):
        whole, part = either.groups()
        smaller = _ore(whole, part.rstrip("0"), ore_of_one)
        raise TwoReadingsError(
            sign * int(whole + part) * ore_of_one, None if smaller is None else sign * smaller
        )
    if not _NUMBER.fullmatch(found["number"]):
        raise ValueError("not a sum")
    whole, part = _whole_and_part(found["number"])
    ore = _ore(whole, part, ore_of_one)
    if ore is None or ore > LARGEST_ORE:
        raise ValueError("not whole öre" if ore is None else "too large a sum")
    return sign * ore


def _whole_and_part(number: str) -> tuple[str, str]:
    """The digits before and after the decimal sign of a number that is sound."""
    if found := re.fullmatch(r"(.+)[,:]([0-9]+)", number):
        whole, part = found.groups()
    elif number.count(".") == 1:
        whole, part = number.split(".")
    else:
        whole, part = number, ""
    return re.sub(r"[ .]", "", whole), part


def _ore(whole: str, part: str, ore_of_one: int) -> int | None:
    """Öre of so many and a part, when one is so many öre; None when it would be parts of an öre."""
    return None if 10 ** len(part) > ore_of_one else int(whole + part) * ore_of_one // 10 ** len(part)
