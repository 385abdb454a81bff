"""Misbehavior on demand: a small language that says which calls go wrong, how, and how often."""
