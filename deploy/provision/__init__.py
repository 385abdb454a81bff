"""What new servers lack before the services can stand on them: a replica set with a primary, and a bucket."""
