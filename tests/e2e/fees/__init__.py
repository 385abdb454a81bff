"""A market that takes a fee."""
