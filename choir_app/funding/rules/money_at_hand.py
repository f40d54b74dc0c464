"""What there is to pay with: free money and what is left of agreements."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from choir_app.funding.rules.values import Supply


@dataclass(frozen=True, slots=True)
class Pledged:
    """A signed agreement in öre: what it is worth with its amendments, what has come in, what has been spent."""

    id: Hashable
    effective_ore: int
    """Less what has been paid back for good; see returned_ore."""
    received_ore: int
    spent_ore: int
    usable_from: date
    usable_to: date | None
    choirs: frozenset[Hashable]

    @property
    def left_ore(self) -> int:
        """What may still be spent of it; never less than nothing."""
        return max(0, self.effective_ore - self.spent_ore)

    @property
    def kept_ore(self) -> int:
        """What lies in the bank because of it, and may be used for nothing else."""
        return max(0, self.received_ore - self.spent_ore)

    def as_supply(self) -> Supply:
        """The agreement as money for the match."""
        return Supply(self.id, self.left_ore, self.usable_from, self.usable_to, self.choirs)


def returned_ore(effective_ore: int, came_ore: int, back_ore: int) -> int:
    """What of an agreement has gone back to the partner for good, in öre: it is neither left nor to come again.

    `came_ore` is all that ever came, `back_ore` what was paid back of it. What came beyond the agreement, as when it
    was paid twice or has been made smaller by an amendment, is given back without making it any smaller.
    """
    return max(0, back_ore - max(0, came_ore - effective_ore))


def free_ore(balance_ore: int, agreements: Iterable[Pledged]) -> int:
    """The bank balance less what is received but not spent of restricted agreements.

    Less than nothing means that restricted money has been borrowed for other things.
    """
    return balance_ore - sum(agreement.kept_ore for agreement in agreements)


def free_supply(ore: int, *, since: date, choirs: Iterable[Hashable]) -> Supply:
    """The free money as one supply without an end; below nothing it pays for nothing, and keeps its minus."""
    return Supply("free", ore, since, None, frozenset(choirs))
