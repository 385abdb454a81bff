"""Orders as the simulator takes them, built through its own front door."""

from typing import Any

from deploy.simulator.bodies import QueueBody, read_body
from deploy.simulator.catalogue import load_catalogue
from deploy.simulator.orders import Order, find_model, take_order

_CATALOGUE = load_catalogue()


def order(model: str = "ace-step-15", prompt: str = "calm piano", **fields: Any) -> Order:
    """What a request of these fields becomes; raises the refusal it deserves."""
    body = read_body(QueueBody, {"model": model, "prompt": prompt} | fields)
    return take_order(find_model(_CATALOGUE, model), body)
