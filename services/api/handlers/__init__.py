"""Use cases of api: one file each."""
