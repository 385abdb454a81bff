"""As much of PromQL as it takes to see which metrics and labels an expression asks for."""

import re

WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring"}
MATCHERS = re.compile(r"(\w+)\{([^}]*)\}")
MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
GROUPS = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
NAME = re.compile(r"\b[a-z_:][a-z0-9_:]*\b(?!\s*\()")


def metrics(expression: str) -> set[str]:
    """The names of the series that an expression reads."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", GROUPS.sub("", expression))
    return set(NAME.findall(bare)) - WORDS


def matchers(expression: str) -> list[tuple[str, str, str]]:
    """Every (metric, label, value or pattern) by which an expression chooses series."""
    return [
        (metric, label, value)
        for metric, inside in MATCHERS.findall(expression)
        for label, _, value in MATCHER.findall(inside)
    ]


def grouping(expression: str) -> set[str]:
    """The labels by which an expression groups."""
    return {label.strip() for inside in GROUPS.findall(expression) for label in inside.split(",")}
