"""The ports on MongoDB, S3 and the vault."""
