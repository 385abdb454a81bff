"""Webhooks tells buyers how their jobs ended, until they have heard.

Owns: deliveries.
Hears: job.succeeded, job.failed, job.canceled, job.expired, delivery.retry_requested,
    delivery.test_requested.
Listens: nothing.
Says: delivery.succeeded, delivery.exhausted.
"""
