"""Router picks an offer, hands the job to its provider, and alone decides whether there is another try.

Owns: attempts, standings.
Hears: job.created, job.running (a sign of life), attempt.failed, artifact.rejected, job.succeeded, job.failed,
    job.canceled, job.expired.
Listens: offer.changed, offer.standing_changed (keeps its order book).
Says: job.routed, job.unroutable, offer.standing_changed.
"""
