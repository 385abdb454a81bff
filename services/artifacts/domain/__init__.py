"""The rules of keeping what providers rendered."""
