"""Ports on their technologies."""
