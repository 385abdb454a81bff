"""Rules of the market that two services apply: prices, discounts, offers and which of them wins, kinds, models."""
