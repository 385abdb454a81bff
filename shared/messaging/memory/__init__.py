"""The bus in memory, for tests."""
