"""What time does to a job, on a stack where it has little of it."""
