"""The rules of taking jobs and of the money behind them: facts in, decisions out."""
