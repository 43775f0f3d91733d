"""A first layout: each group at the top is a step, a long one becomes several, single questions share one.

A group that is divided goes on in the next step under the same key: the paths of the answers stay what the schema says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any, TypeAlias

from forms_engine.xdatenfelder.fields import Item, text

Step: TypeAlias = dict[str, Any]

ENOUGH = 12  # so many questions make a step
LONG = 15  # a step that has more is divided, where its groups allow it
MOST_STEPS = 50


def steps(items: list[Item], title: str) -> list[Step]:
    """One step for each group at the top of a form, one for single questions beside each other."""
    made = []
    for is_group, together in groupby(items, key=lambda item: item["type"] == "group"):
        if is_group:
            made += [{"key": group["key"], "title": group["title"], "items": [group]} for group in together]
        else:
            questions = list(together)
            asked = [item for item in questions if item["type"] != "static"]
            own = asked[0]["label"]["de"].rstrip(" .?:*") if len(asked) == 1 else title
            made.append({"key": questions[0]["key"], "title": text(own), "items": questions})
    return made


def divide(made: list[Step]) -> list[Step]:
    """The steps with the long ones divided; as many as a form may have."""
    for enough in (ENOUGH, 2 * ENOUGH, 4 * ENOUGH):
        divided = [part for step in made for part in _parts(step, enough)]
        if len(divided) <= MOST_STEPS:
            return divided
    return _fewer(made)


def long_steps(definition: dict[str, Any]) -> Iterator[str]:
    """A sentence for each step that is too long for one page."""
    for step in definition["steps"]:
        if (count := _count(step["items"])) <= LONG:
            continue
        told = f"Der Schritt „{step['title']['de']}“ hat {count} Fragen. "
        if whole := next(_long_repeated(step["items"]), None):
            name = whole["title"]["de"]
            told += f"„{name}“ wiederholt sich und bleibt deshalb auf einer Seite. Löschen Sie Fragen, die "
            yield told + "Sie nicht brauchen, oder zeigen Sie sie unter einer Bedingung."
        else:
            yield told + "Teilen Sie ihn."


def steps_of_one_name(definition: dict[str, Any]) -> Iterator[str]:
    """A sentence for each title that several steps have."""
    for title, count in Counter(step["title"]["de"] for step in definition["steps"]).items():
        if count > 1:
            yield f"{count} Schritte heißen „{title}“. Geben Sie ihnen Titel, die man unterscheiden kann."


def _long_repeated(items: list[Item]) -> Iterator[Item]:
    for item in items:
        if item["type"] == "group":
            yield from [item] if "repeat" in item and _count([item]) > LONG else _long_repeated(item["items"])


def _count(items: list[Item]) -> int:
    """How many questions of the schema a page with these items asks; a repeated group counts once."""
    return sum(
        _count(item["items"]) if item["type"] == "group" else item["type"] != "static" and "fim" in item
        for item in items
    )


def _parts(step: Step, enough: int) -> Iterator[Step]:
    if _count(step["items"]) <= max(LONG, enough):
        yield step
        return
    chunks = list(_chunks(step["items"], enough))
    titles = [_title(chunk, step["title"]["de"]) for chunk in chunks]
    for number, (chunk, title) in enumerate(zip(chunks, titles, strict=True), start=1):
        same = [other for other, told in enumerate(titles, start=1) if told == title]
        if len(same) > 1:
            title = f"{title} (Teil {same.index(number) + 1} von {len(same)})"
        key = step["key"] if number == 1 else f"{step['key'][:36]}_t{number}"
        yield step | {"key": key, "title": text(title), "items": chunk}


def _chunks(items: list[Item], enough: int) -> Iterator[list[Item]]:
    """The items in an order of pages: a group stays whole where it can, a text stays with what follows it."""
    page: list[Item] = []
    for piece in (piece for item in items for piece in _pieces(item, enough)):
        asks_too = any(item["key"] == piece["key"] for item in page)
        if asks_too or (_count(page) and _count([*page, piece]) > enough):
            texts = _texts_at_the_end(page)
            yield page[: len(page) - len(texts)]
            page = texts
        page.append(piece)
    if page:
        yield page


def _pieces(item: Item, enough: int) -> Iterator[Item]:
    """A group in parts that have at most so many questions. One that repeats, or that checks itself, stays whole."""
    if item["type"] != "group" or _count([item]) <= enough or {"repeat", "rules"} & item.keys():
        yield item
        return
    for number, chunk in enumerate(_chunks(item["items"], enough)):
        yield {key: value for key, value in item.items() if key != "hint" or number == 0} | {"items": chunk}


def _texts_at_the_end(page: list[Item]) -> list[Item]:
    texts = 0
    while texts < len(page) - 1 and page[-1 - texts]["type"] == "static":
        texts += 1
    return page[len(page) - texts :]


def _title(page: list[Item], title: str) -> str:
    """What a page is about: the step, and the one group that is all of it."""
    if len(page) != 1 or page[0]["type"] != "group":
        return title
    own = page[0]["title"]["de"]
    return _title(page[0]["items"], own if own == title else f"{title}: {own}" if len(title) < 60 else own)


def _fewer(made: list[Step]) -> list[Step]:
    """No more steps than a form may have: the shortest neighbours share one."""
    joined = list(made)
    while len(joined) > MOST_STEPS:
        sizes = [_count(one["items"]) + _count(other["items"]) for one, other in pairwise(joined)]
        at = sizes.index(min(sizes))
        joined[at : at + 2] = [joined[at] | {"items": [*joined[at]["items"], *joined[at + 1]["items"]]}]
    return joined
