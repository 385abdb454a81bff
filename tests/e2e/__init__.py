"""The whole market: five processes, a provider and three servers, used through HTTP alone."""
