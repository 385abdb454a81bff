"""The one guarded way out: every URL that a stranger chose is checked, dialled and read through here."""
