"""Typed views of what a service keeps and others may read.  Only its owner writes it."""
