"""What travels between services, and what one may read of another's data."""
