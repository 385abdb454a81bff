"""Rules of delivery: the ladder, what an answer means, and how a body is signed."""
