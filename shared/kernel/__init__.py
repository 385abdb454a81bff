"""The language of the market, pure: money, identifiers, time, waiting and the ways to fail."""
