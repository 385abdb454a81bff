"""Api over HTTP: the one surface that strangers reach.  Begin with ``routes.py``, then ``app.py``."""
