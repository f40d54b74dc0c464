"""How long the money lasts: pure values and arithmetic, knowing neither database nor today."""

from choir_app.funding.rules.matching import match
from choir_app.funding.rules.values import Demand, Match, Supply

__all__ = ["Demand", "Match", "Supply", "match"]
