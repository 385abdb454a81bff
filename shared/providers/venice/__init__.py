"""Venice, and whatever speaks like it: the queue endpoints of its published API, exactly."""
