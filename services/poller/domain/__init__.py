"""Rules of watching: when to look, and what a look means."""
