"""Rules of routing: what a job asks, what its attempts say about the next step, and how an offer stands."""
