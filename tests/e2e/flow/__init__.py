"""What becomes of a job, from its order to its webhook, on one stack."""
