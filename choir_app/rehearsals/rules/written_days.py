"""Days as people write them over the columns of a sheet."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "januari", "january"),
            ("feb", "februari", "february"),
            ("mar", "mars", "march"),
            ("apr", "april"),
            ("maj", "may"),
            ("jun", "juni", "june"),
            ("jul", "juli", "july"),
            ("aug", "augusti", "august"),
            ("sep", "sept", "september"),
            ("okt", "oktober", "oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAY = re.compile(
    r"^(?:(?:mån|tis|ons|tors|tor|fre|lör|sön)(?:dag|dagen)?|den|mon|tue|wed|thu|fri|sat|sun|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[.,]?\s*"
)
_EXCEL_ZERO = date(1899, 12, 30)
"""The day before Excel's first, with the leap day that 1900 never had reckoned in."""
_EXCEL_DAYS = range(32_874, 73_416)
"""Excel's numbers for the days from 1990 to 2100."""

MonthAndDay = tuple[int, int]
"""A day without its year: (month, day)."""


def read_day(written: str, *, month_first: bool = False) -> date | MonthAndDay | None:
    """The day that somebody wrote, without its year when there is none; None when it is no day.

    `month_first` reads 9/2/2025 as Americans do: the second of September.
    """
    plain = written.strip().casefold()
    if len(plain) > 40:
        return None
    plain = re.sub(r"[\s,]*(?:kl\.?\s*)?\d{1,2}[:.]\d{2}(?::\d{2})?$", "", plain) if ":" in plain else plain
    while plain != (shorter := _WEEKDAY.sub("", plain)):
        plain = shorter
    return (
        _with_year_first(plain)
        or _with_slashes(plain, month_first=month_first)
        or _with_month_name(plain)
        or _excel_day(plain)
    )


def _with_year_first(plain: str) -> date | None:
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t.*)?", plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{4}|\d{2})(\d{2})(\d{2})", plain):
        return _day(_century(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{2})-(\d{2})-(\d{2})", plain):
        return _day(_century(found[1]), int(found[2]), int(found[3]))
    return None


def _with_slashes(plain: str, *, month_first: bool) -> date | MonthAndDay | None:
    found = re.fullmatch(r"(\d{1,2})\s?[/.]\s?(\d{1,2})\.?(?:\s?[-/.\s]\s?(\d{4}|\d{2}))?", plain)
    found = found or re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", plain)
    if not found:
        return None
    day, month = int(found[1]), int(found[2])
    if month_first or (month > 12 >= day):
        day, month = month, day
    return _maybe_with_year(found[3], month, day)


def _with_month_name(plain: str) -> date | MonthAndDay | None:
    found = re.fullmatch(r"(\d{1,2})(?:[:.]?[ae])?[\s.\-]*([a-zåäö]+)\.?[\s,\-]*(\d{4}|\d{2})?", plain)
    if found and found[2] in _MONTHS:
        return _maybe_with_year(found[3], _MONTHS[found[2]], int(found[1]))
    found = re.fullmatch(r"([a-zåäö]+)\.?[\s\-]*(\d{1,2})(?:st|nd|rd|th)?(?:[\s,\-]+(\d{4}))?", plain)
    if found and found[1] in _MONTHS:
        return _maybe_with_year(found[3], _MONTHS[found[1]], int(found[2]))
    return None


def _excel_day(plain: str) -> date | None:
    if re.fullmatch(r"\d{5}(?:\.0)?", plain) and int(float(plain)) in _EXCEL_DAYS:
        return _EXCEL_ZERO + timedelta(days=int(float(plain)))
    return None


def _maybe_with_year(year: str | None, month: int, day: int) -> date | MonthAndDay | None:
    if year:
        return _day(_century(year), month, day)
    return (month, day) if _day(2024, month, day) else None


def _century(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1990 <= year <= 2100 else None
    except ValueError:
        return None


def is_month_first(written: Sequence[str]) -> bool:
    """Whether these days are written as in America: 9/16/2025 is among them, and no 16/9/2025."""
    pairs = [found for one in written if (found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{2,4}", one.strip()))]
    return any(int(found[2]) > 12 for found in pairs) and not any(int(found[1]) > 12 for found in pairs)


def days_of(
    written: Mapping[int, str], *, today: date, first_year: int | None = None
) -> dict[int, date | None]:
    """The days over the columns, by the columns' places; None for what is no day.

    Days without a year follow on each other from left to right, over the turn of the year too. The first one is in
    `first_year`; when nobody said, it is the latest year in which none of them lies ahead of today.
    """
    american = is_month_first(list(written.values()))
    read = {place: read_day(words, month_first=american) for place, words in sorted(written.items())}
    bare = [one for one in read.values() if isinstance(one, tuple)]
    years = _years_of(bare)
    if bare and first_year is None:
        first_year = today.year + 1
        while first_year > 1990 and any(
            (first_year + step, *one) > (today.year, today.month, today.day)
            for step, one in zip(years, bare, strict=True)
        ):
            first_year -= 1
    steps = iter(years)
    return {
        place: _day((first_year or today.year) + next(steps), *one) if isinstance(one, tuple) else one
        for place, one in read.items()
    }


def _days_between(pair: Sequence[MonthAndDay]) -> int:
    """Days from the first to the next time that the second comes."""
    before, after = (date(2024, *one) for one in pair)
    return (after - before).days % 366


def _years_of(bare: Sequence[MonthAndDay]) -> list[int]:
    """How many years each day is after the first one's year; before, when the newest stands first."""
    pairs = list(pairwise(bare))
    backwards = sum(map(_days_between, pairs)) > sum(_days_between(pair[::-1]) for pair in pairs)
    years, year = [0] if bare else [], 0
    for before, after in pairs:
        if backwards and after > before:
            year -= 1
        elif not backwards and after < before:
            year += 1
        years.append(year)
    return years
