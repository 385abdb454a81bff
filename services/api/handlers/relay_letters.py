"""Sweep: bring letters to the broker that are still in their outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.api.domain.outbox import Unsent
from services.api.handlers.together import together
from services.api.ports import Outbox, Post
from shared.kernel.clock import Clock, in_millis

LEFT_FOR: Final = timedelta(seconds=5)
BATCH: Final = 100


async def relay_letters(*, outboxes: Sequence[Outbox], post: Post, clock: Clock) -> None:
    """Everything there is, oldest first; raises ``Transient`` when the broker does not take every letter.

    A letter is taken up by one sweep at a time, and one that cannot be brought goes
    behind the others.
    """
    at = in_millis(clock.now())

    async def empty(outbox: Outbox) -> None:
        async def relay(unsent: Unsent) -> None:
            for letter in unsent.letters:
                if letter.at < at - LEFT_FOR and await outbox.take_up(unsent.document_id, letter, at):
                    await post.deliver(outbox, unsent.document_id, letter)

        while unsent := await outbox.unsent(at - LEFT_FOR, BATCH):
            await together(relay, unsent)

    await together(empty, outboxes)
