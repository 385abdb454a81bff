"""How the project runs: images, manifests, the stack without Docker, and the simulated provider."""
