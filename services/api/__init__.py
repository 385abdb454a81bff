"""Api takes jobs, holds the money for them and settles it; the only service that strangers reach.

Owns: accounts, api_keys, requests, jobs, ledger, offers (buyers' own providers among them), webhook_secrets.
Hears: job.routed, job.running, job.unroutable, artifact.stored, artifact.expired.
Listens: job.running, job.succeeded, job.failed, job.canceled, job.expired (for its streams), offer.changed,
    offer.standing_changed (for its order book), key.revoked (for the keys it remembers).
Says: job.created, job.cancel_requested, job.succeeded, job.failed, job.canceled, job.expired, offer.changed,
    key.revoked, delivery.retry_requested, delivery.test_requested.
"""
