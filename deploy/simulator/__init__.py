"""A provider that speaks Venice's audio API, renders audio one can listen to, and misbehaves on request.

It stands in for Venice in development, tests and fault drills.  Nothing is stored on disk: jobs, keys and
the record of calls live as long as the process.  Run it with ``python -m deploy.simulator --port 8091``.

Paths under ``/api/v1`` follow the published schemas; ``/control`` is the simulator's own and asks for no key,
so it belongs on a loopback address.
"""
