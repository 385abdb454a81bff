"""The ports of api on MongoDB, in memory, and inside the process."""
