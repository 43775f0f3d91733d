"""Every address that the portal answers, made from its URLconf, so that no new page can be forgotten."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

#: What stands in the place of a converter; nothing is found there, and the answer is a page all the same.
SAMPLES = {
    "UUIDConverter": "01980000-0000-7000-8000-00000000ffff",
    "IntConverter": "1",
    "SlugConverter": "rostock",
    "StringConverter": "rostock",
    "PathConverter": "unbekannt",
}

GROUP = re.compile(r"\(\?P<\w+>(?:\[[^\]]*\]|[^()])*\)|\(\?:?[^()]*\)")


def addresses() -> list[str]:
    """One address for each pattern; those of regular expressions get a token that fits all of ours."""
    return sorted(set(_below(get_resolver(), "/")))


def _below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = prefix + _filled(entry)
        if isinstance(entry, URLResolver):
            yield from _below(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def _filled(entry: URLPattern | URLResolver) -> str:
    pattern = entry.pattern
    if isinstance(pattern, RegexPattern):
        return GROUP.sub("abc", str(pattern)).strip("^$").replace("\\", "")
    route = str(pattern)
    for name, converter in pattern.converters.items():
        sample = SAMPLES.get(type(converter).__name__, "unbekannt")
        route = re.sub(rf"<(?:\w+:)?{name}>", sample, route)
    return route
