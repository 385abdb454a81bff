"""The vault's keys are rotated while jobs go on."""
