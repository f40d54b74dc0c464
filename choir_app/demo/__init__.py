"""The demo network: five choirs with a term behind them, made by one seeded function, moved to the present by whole weeks."""
