"""Poller watches each handed-over job until its provider is done.

Owns: nothing; the unacknowledged message is its lease on a job.
Hears: job.routed.
Listens: job.succeeded, job.failed, job.canceled, job.expired (drops the watch).
Says: job.running, job.generated, attempt.failed.
"""
