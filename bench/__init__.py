"""What the market costs, measured against a floor in the same run.

One measurement a file; ``python -m bench`` runs them all, ``--only`` some.  Every figure is counted or
timed while it runs.  Machines and neighbours make seconds noisy, so what can be is told as a ratio to
something raw that was measured a moment before or after, on the same servers.
"""
