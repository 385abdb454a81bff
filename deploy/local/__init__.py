"""The whole stack on one machine without Docker: three servers, the provider simulator and the five services.

Everything listens on loopback only, runs detached in a session of its own, and is known by a record under
``.local/``, so that any later command finds it again.  Nothing is supervised: what dies stays dead until the
next ``up``.  Linux only, because a process is told from its pid's next owner through ``/proc``.
"""
