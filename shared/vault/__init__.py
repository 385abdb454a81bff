"""Sealing of what belongs to others: provider keys and webhook secrets, at rest and bound to their owner."""
