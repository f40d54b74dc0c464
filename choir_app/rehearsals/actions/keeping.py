"""What time alone asks of the rehearsals room; done by the caretaker at night."""

from choir_app.foundation.caretaker import chore
from choir_app.rehearsals import queries
from choir_app.rehearsals.actions.plan import plan_choir_ahead


@chore("plans a year long")
def keep_plans_a_year_long() -> None:
    """Make the rehearsals of every series that goes on, as far ahead as plans reach."""
    for choir in {series.choir for series in queries.all_series()}:
        plan_choir_ahead(choir)
