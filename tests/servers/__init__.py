"""The real servers of the tests: which kind is used, how each is started, and that both kinds serve."""
