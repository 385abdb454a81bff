"""The operator's command on the catalogue of models: what a provider's own list would change, and changing it."""
