"""Sweep: bring letters to the broker that are still in their outbox."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.api.ports import Outbox, Post
from shared.kernel.clock import Clock

LEFT_FOR: Final = timedelta(seconds=5)
BATCH: Final = 200


async def relay_letters(*, outboxes: Sequence[Outbox], post: Post, clock: Clock) -> None:
    """One round, oldest first.  Raises ``Transient`` at the first letter that the broker does not take."""
    before = clock.now() - LEFT_FOR
    for outbox in outboxes:
        for unsent in await outbox.unsent(before, BATCH):
            for letter in unsent.letters:
                await post.deliver(outbox, unsent.document_id, letter)
