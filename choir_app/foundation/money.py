"""Money: whole öre, split without losing any, written and read as people write kronor."""

import re
from collections.abc import Sequence

NO_BREAK_SPACE = "\u00a0"
LARGEST_ORE = 10**12

_SUM = re.compile(
    r"(?P<minus>-?) ?(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,11})"
    r"(?:[,.:](?P<ore>[0-9]{1,2}))?"
)


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
    """The öre that somebody means by «68 000», «68000 kr», «2 500,50», «2.500,50» or «12500:-».

    Raises ValueError when it is no sum, larger than 10 billion kronor, or could be read in two ways as «1.250».
    """
    bare = re.sub(r"[\s\u00a0\u2007\u2009\u202f]+", " ", text).strip().lower().replace("−", "-")
    bare = re.sub(r" ?(kronor|kr|sek|:-)\.?$", "", bare)
    found = _SUM.fullmatch(bare)
    if not found or re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{3}", bare):
        raise ValueError("not a sum")
    ore = int(re.sub(r"[ .]", "", found["whole"])) * 100 + int((found["ore"] or "0").ljust(2, "0"))
    if ore > LARGEST_ORE:
        raise ValueError("too large a sum")
    return -ore if found["minus"] else ore
