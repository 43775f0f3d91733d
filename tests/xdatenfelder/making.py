"""Answers made from the limits of a form: valid ones by chance, wrong ones for each limit; and what a page sends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from forms_engine import api
from forms_engine.sheet import Block, Node, Repetition
from forms_engine.structure import CompiledForm, Field, Group, Item

WORDS = ("18055", "ada@example.org", "1", "12345678", "1234567890123", "276000000000001", "A1", "HRB 1", "0381 1234")
LETTERS = "aäbcdefßghijklmnoöpqrstuüvwxyzÄÖÜABCXYZ"


def valid(field: Field, chance: random.Random) -> Any:
    """An answer that keeps the limits of the question."""
    limits = field.limits
    match field.type.name:
        case "text" | "multiline":
            return _words(field, chance)
        case "number":
            least = limits.get("min", limits.get("max", 1000) - 1000)
            return chance.randint(least, limits.get("max", least + 1000))
        case "decimal" | "currency":
            least = float(limits.get("min", float(limits.get("max", 1000)) - 1000))
            return f"{chance.uniform(least, float(limits.get('max', least + 1000))):.2f}"
        case "choice":
            return chance.choice(field.options).value
        case "choices":
            least, most = max(limits.get("min", 1), 1), min(limits.get("max", 50), len(field.options))
            chosen = set(chance.sample([option.value for option in field.options], chance.randint(least, most)))
            return [option.value for option in field.options if option.value in chosen]
        case "date":
            return chance.choice([limits.get("min", "2020-02-29"), limits.get("max", "2026-01-02")])
        case "partial_date":
            return chance.choice(["1960", "1960-05", "1960-05-03"])
        case kind:
            return {
                "yes_no": chance.choice([True, False]),
                "email": f"{chance.choice('abc')}@example.org",
                "phone": chance.choice(["0381 1234", "+49 381 5678"]),
                "postal_code": chance.choice(["18055", "01067"]),
            }[kind]


def _words(field: Field, chance: random.Random) -> str:
    least, most = max(field.limits.get("min_length", 1), 1), field.limits["max_length"]
    length = chance.randint(least, min(most, least + 20))
    made = "".join(chance.choice(LETTERS) for _ in range(length))
    fitting = [made] if field.pattern is None else [word for word in (*WORDS, made) if _fits(field, word)]
    assert fitting, f"{field.path}: {dict(field.limits)} {field.pattern and field.pattern.pattern}"
    return chance.choice(fitting)


def _fits(field: Field, word: str) -> bool:
    least, most = field.limits.get("min_length", 0), field.limits["max_length"]
    return least <= len(word) <= most and (field.pattern is None or field.pattern.fullmatch(word) is not None)


def broken(field: Field) -> Iterator[tuple[Any, bool]]:
    """Wrong answers, one for each limit of the question; and whether JSON Schema has words for that limit."""
    limits = field.limits
    match field.type.name:
        case "text" | "multiline":
            if limits.get("min_length", 0) > 1:
                yield "A" * (limits["min_length"] - 1), True
            yield "A" * (limits["max_length"] + 1), True
            yield "\u4eba" * max(limits.get("min_length", 1), 1), True
            if field.pattern is not None:
                # Some patterns mean other things to other readers (\p{L}); the schema leaves those out.
                yield "§" * max(limits.get("min_length", 1), 1), "\\p" not in field.pattern.pattern
        case "number":
            yield from ((limits[key] + step, True) for key, step in (("min", -1), ("max", 1)) if key in limits)
            yield "drei", True
        case "decimal" | "currency":
            bounds = ((key, step) for key, step in (("min", -1), ("max", 1)) if key in limits)
            yield from ((f"{float(limits[key]) + step:.2f}", False) for key, step in bounds)
            yield "drei", True
        case "choice":
            yield "_gibt_es_nicht", True
        case "choices":
            yield ["_gibt_es_nicht"], True
            if limits.get("min", 1) > 1:
                yield [field.options[0].value], True
        case "date":
            yield "2026-02-30", True
        case "partial_date":
            yield "1960-05-03-01", True
            yield "1960-02-30", False
        case "email" | "phone" | "postal_code":
            yield "§", True


class Filled:
    """A form with a valid answer to each question."""

    def __init__(self, form: CompiledForm, seed: int = 0) -> None:
        self.form, self.chance = form, random.Random(seed)
        self.uploads: dict[str, list[api.Upload]] = {}
        # Question, HTML name, the answers around it, in a voluntary group?
        self.places: list[tuple[Field, str, dict[str, Any], bool]] = []
        self.answers: dict[str, Any] = {}
        self._fill(form.tree(), self.answers, "", alone=False)

    def _fill(self, items: tuple[Item, ...], into: dict[str, Any], prefix: str, *, alone: bool) -> None:
        for item in items:
            if isinstance(item, Field) and item.fim is None:
                continue  # what people lack, they say; these lack nothing (test_life.py has the others)
            if isinstance(item, Field):
                self._answer(item, into, f"{prefix}{item.key}", alone)
            elif isinstance(item, Group):
                optional = alone or item.optional
                if item.repeat:
                    count = self.chance.randint(max(item.repeat.min, 1), min(item.repeat.max, item.repeat.min + 2))
                    names = [f"i{number}" for number in range(1, count + 1)]
                    into[item.key] = [{"_id": name} for name in names]
                    for name, entry in zip(names, into[item.key], strict=True):
                        self._fill(item.items, entry, f"{prefix}{item.key}-{name}-", alone=alone)
                else:
                    below = into.setdefault(item.key, {})
                    self._fill(item.items, below, f"{prefix}{item.key}-", alone=optional)

    def _answer(self, field: Field, into: dict[str, Any], name: str, alone: bool) -> None:
        if field.type.name == "file":
            self.uploads[name] = [api.Upload(id="u1", name="a.pdf", size=1000)]
            into[field.key] = {"_files": ["u1"]}
        else:
            into[field.key] = valid(field, self.chance)
        self.places.append((field, name, into, alone))

    def problems(self, field: Field) -> list[str]:
        """Where something is wrong in the step of a question."""
        step = next(step for step in self.form.steps if any(known.path == field.path for known in step.fields))
        form = api.step_form(
            self.form, step.key, self.answers, language="de", data=QueryDict("shown="), uploads=self.uploads
        )
        return [place for place, _, _ in form.error_list]

    def filed(self) -> dict[str, Any]:
        """What is submitted when each step is sent as its page would send it."""
        answers: dict[str, Any] = {}
        for step in self.form.steps:
            shown = api.step_form(self.form, step.key, self.answers, language="de", uploads=self.uploads)
            sent = api.step_form(self.form, step.key, answers, language="de", data=_post(shown), uploads=self.uploads)
            assert sent.is_valid(), (step.key, sent.error_list)
            answers = api.merge(answers, sent.cleaned_answers)
        assert api.check(self.form, answers, self.uploads) == []
        return api.effective(self.form, answers)


def _post(shown: api.StepForm) -> QueryDict:
    data = QueryDict(mutable=True)
    data["shown"] = shown.shown
    for name, ids in _instances(shown.sheet.nodes):
        data.setlist(name, ids)
    for slot in shown.slots:
        if isinstance(slot.raw, dict):
            for part, typed in slot.raw.items():
                data[f"{slot.name}_{part}"] = typed
        elif isinstance(slot.raw, list):
            data.setlist(slot.name, slot.raw)
        else:
            data[slot.name] = slot.raw
    return data


def _instances(nodes: list[Node]) -> Iterator[tuple[str, list[str]]]:
    for node in nodes:
        if isinstance(node, Repetition):
            yield node.name, [str(block.instance) for block in node.blocks]
            yield from _instances(list(node.blocks))
        elif isinstance(node, Block):
            yield from _instances(node.nodes)
