"""How work arrives at api: over HTTP, on its queue, as broadcasts, and by the clock."""
