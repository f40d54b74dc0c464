"""What a proposal says in figures: what is asked for, what a sum pays for, and how few may be told of."""

from collections.abc import Sequence
from datetime import timedelta

from choir_app.foundation.figures import FEWEST_PEOPLE
from choir_app.foundation.language import lazy_

SIZE_NAMES = {"small": lazy_("Liten"), "middle": lazy_("Mellan"), "large": lazy_("Stor")}
SIZES = tuple(SIZE_NAMES)
PACKAGE_KINDS = ("housing_company", "business", "community_hall", "municipality")
"""The kinds of partners that have packages: those that are asked without a call of their own."""

PICK_NAMES = {"one": lazy_("En av delarna"), "several": lazy_("En eller flera delar")}
PICKS = tuple(PICK_NAMES)
MOST_PARTS = 4

USUALLY_OPEN = timedelta(days=30)
LONGEST_OPEN = timedelta(days=180)
MOST_CALLS = 3
"""How often somebody with the link may ask us to call, so that nobody is flooded."""

ANSWER_NAMES = {"yes": lazy_("Ja"), "no": lazy_("Nej"), "call": lazy_("Ring mig")}
ANSWER_KINDS = tuple(ANSWER_NAMES)


def asked_ore(sums: Sequence[int], pick: str) -> int:
    """What the forecast counts as asked for, in öre: all parts, or of parts to choose between the middle one.

    Of an even number the lower of the two in the middle, so that nobody hopes for too much.
    """
    if not sums:
        return 0
    return sum(sums) if pick == "several" else sorted(sums)[(len(sums) - 1) // 2]


def rehearsals_paid(ore: int, *, cost_ore: int, rehearsals: int) -> int:
    """How many whole rehearsals a sum pays for, when so many cost so much in all; never more than there are."""
    if cost_ore <= 0 or rehearsals <= 0:
        return 0
    return min(rehearsals, ore * rehearsals // cost_ore)


def people_told(count: int) -> int | None:
    """A number of people as it may be told outside: down to the nearest five, and nothing of fewer than five.

    Rounded, so that not even the difference between two proposals says anything about fewer than five.
    """
    return count - count % FEWEST_PEOPLE if count >= FEWEST_PEOPLE else None


def mean_told(heads: int, evenings: int) -> int | None:
    """How many come on average, halves upwards; nothing when they are fewer than five."""
    mean = (2 * heads + evenings) // (2 * evenings) if evenings else 0
    return mean if mean >= FEWEST_PEOPLE else None
