"""Artifacts fetches what jobs produced, checks that it is the audio it claims to be, keeps it, and forgets it in time.

Owns: artifacts.
Hears: job.generated, job.succeeded, job.failed, job.canceled, job.expired.
Listens: nothing.
Says: artifact.stored, artifact.rejected, artifact.expired.
"""
