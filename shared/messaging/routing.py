"""Topic patterns: which routing keys a binding hears."""


def matches(pattern: str, routing_key: str) -> bool:
    """Whether a topic exchange routes ``routing_key`` to ``pattern``: ``*`` is one word, ``#`` any number."""
    return _matches(pattern.split("."), routing_key.split("."))


def _matches(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    head, rest = pattern[0], pattern[1:]
    if head == "#":
        return any(_matches(rest, words[taken:]) for taken in range(len(words) + 1))
    return bool(words) and head in {"*", words[0]} and _matches(rest, words[1:])
