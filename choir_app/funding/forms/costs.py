"""What may be typed when a term's costs are copied to another."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from choir_app.foundation.forms import Choice, Choices, Decimal, Hidden, HouseForm
from choir_app.foundation.language import _, lazy_, sentence
from choir_app.funding.forms.books import MoneyForm
from choir_app.funding.queries.cost_plans import PlanRow, digest_of
from choir_app.funding.rules.cost_plans import Term

LEAST_PERCENT, MOST_PERCENT = -90, 400


class TermsForm(HouseForm):
    """From which term to which, and how the sums change. It is asked in the address, so that it can be linked."""

    fran = Choice(lazy_("Från"))
    till = Choice(lazy_("Till"))
    procent = Decimal(
        lazy_("Ändra beloppen, i procent"),
        least=LEAST_PERCENT,
        most=MOST_PERCENT,
        description=lazy_("Till exempel 3 om allt blir tre procent dyrare."),
    )

    def __init__(self, sources: Sequence[Term], targets: Sequence[Term], asked: Any, *, today: Term) -> None:
        usual = {"fran": today.key, "till": today.after(1).key}
        super().__init__(formdata=asked or None, data=usual, meta={"csrf": False})
        self.fran.choices = [(term.key, sentence(term.words)) for term in sources]
        self.till.choices = [(term.key, sentence(term.words)) for term in targets]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything could be read and the one term comes after the other."""
        if not super().validate(extra_validators):
            return False
        if not self.source < self.target:
            self.till.errors = [_("Välj en termin som kommer efter den du kopierar från.")]
            return False
        return True

    @property
    def source(self) -> Term:
        """The term whose costs are copied."""
        return Term.read(self.fran.data)

    @property
    def target(self) -> Term:
        """The term that they are copied to."""
        return Term.read(self.till.data)

    @property
    def change_bp(self) -> int:
        """How the sums change, in basis points."""
        return round((self.procent.data or 0) * 100)


class CopyCostsForm(MoneyForm):
    """Which costs are copied."""

    lines = Choices(lazy_("Kostnader"), missing=lazy_("Välj minst en kostnad."))
    seen = Hidden()

    def __init__(self, rows: Sequence[PlanRow]) -> None:
        new = [str(row.cost.id) for row in rows if row.is_new]
        super().__init__(data={"lines": new, "seen": digest_of(rows)})
        self.lines.choices = [(str(row.cost.id), row.cost.category) for row in rows if row.may_be_chosen]

    @property
    def chosen(self) -> list[UUID]:
        """The ids of the costs that were ticked."""
        return [UUID(one) for one in self.lines.data or ()]
