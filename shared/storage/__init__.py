"""MongoDB and S3, opened and closed.  Nothing here knows what is kept in them."""
