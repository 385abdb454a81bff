"""Which routing keys a binding hears."""

import pytest

from shared.messaging.routing import matches


@pytest.mark.parametrize(
    ("pattern", "key", "heard"),
    [
        ("music.job.created", "music.job.created", True),
        ("music.job.created", "music.job.createdx", False),
        ("music.job.created", "music.job", False),
        ("*.job.created", "music.job.created", True),
        ("*.job.created", "job.created", False),
        ("music.*", "music.job.created", False),
        ("music.#", "music.job.created", True),
        ("music.#", "music", True),
        ("#.created", "created", True),
        ("#.created", "music.job.created", True),
        ("#.job.#", "music.job.created.again", True),
        ("#.job.#", "music.artifact.stored", False),
        ("#", "", True),
        ("*", "", True),  # the empty key is one empty word
    ],
)
def test_a_star_is_one_word_and_a_hash_is_any_number(pattern: str, key: str, heard: bool) -> None:
    assert matches(pattern, key) is heard
