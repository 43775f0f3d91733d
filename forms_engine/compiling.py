"""From a checked definition to a compiled form; once per published version and process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import re2

from forms_engine.conditions import Condition, Surroundings, compile_condition
from forms_engine.field_types import FIELD_TYPES
from forms_engine.field_types.uploads import DEFAULT_ACCEPT, DEFAULT_FILES, DEFAULT_SIZE_MB
from forms_engine.formulas import compile_formula
from forms_engine.structure import (
    Calculated,
    CompiledForm,
    Declared,
    Field,
    FimSchema,
    Group,
    Item,
    Option,
    Path,
    Repeat,
    Rule,
    Static,
    Step,
)
from forms_engine.texts import Text

if TYPE_CHECKING:
    from forms_engine.models import FormVersion

#: By code list: its options as they would stand in a definition.
Lists: TypeAlias = Mapping[str, list[dict[str, Any]]]
_NO_LISTS: Lists = MappingProxyType({})

_DEFAULT_LIMITS: dict[str, dict[str, Any]] = {
    "text": {"max_length": 255},
    "multiline": {"max_length": 5000},
    "file": {"accept": list(DEFAULT_ACCEPT), "max_size_mb": DEFAULT_SIZE_MB, "max_files": DEFAULT_FILES},
}
_LIMITS = (
    *("min", "max", "min_length", "max_length", "unit", "decimals"),
    *("accept", "max_size_mb", "max_files"),
    *("care_of", "no_fixed_abode"),
)
_AUTOCOMPLETE = {  # what a prefilled field is to the browser (WCAG 1.3.5)
    "given_name": "given-name",
    "family_name": "family-name",
    "birth_date": "bday",
    "birth_day": "bday-day",
    "birth_month": "bday-month",
    "birth_year": "bday-year",
    "email": "email",
    "phone": "tel",
    "postal_code": "postal-code",
    "street": "address-line1",
    "city": "address-level2",
    "organisation_name": "organization",
}


def declare(definition: Mapping[str, Any]) -> dict[Path, Declared]:
    """What each path of a definition means."""
    return {
        declared.path: declared for step in definition["steps"] for declared in _declared_below(step["items"], (), ())
    }


def surroundings(definition: Mapping[str, Any]) -> Surroundings:
    """What conditions of a form may name besides its questions: the areas that it brings along."""
    return Surroundings(areas=definition.get("areas", {}))


def _declared_below(items: list[Any], path: Path, repeated: tuple[bool, ...]) -> Iterator[Declared]:
    for item in items:
        here = (*path, item["key"])
        if item["type"] == "group":
            flags = (*repeated, "repeat" in item)
            yield Declared(here, flags, None)
            yield from _declared_below(item["items"], here, flags)
        elif item["type"] not in ("static", "calculated"):
            options = tuple(option["value"] for option in item.get("options", ()))
            yield Declared(here, (*repeated, False), FIELD_TYPES[item["type"]], options)


def followed(raw: Mapping[str, Any]) -> str | None:
    """The list that a question follows; None if its options stand in the definition."""
    code_list = raw.get("code_list", {})
    return code_list["uri"] if code_list.get("follow") else None


def followed_in(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lists that questions in these steps, groups or questions follow; one may come twice."""
    for item in items:
        if uri := followed(item):
            yield uri
        yield from followed_in(item.get("items", []))


def named_in(items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """(URI, version) of the lists whose options stand in these questions."""
    for item in items:
        if "version" in item.get("code_list", {}):
            yield item["code_list"]["uri"], item["code_list"]["version"]
        yield from named_in(item.get("items", []))


def compile_definition(definition: Mapping[str, Any], lists: Lists = _NO_LISTS) -> CompiledForm:
    """Compile a definition that `load` has accepted; `lists` are the options of the code lists that it follows."""
    compiler = _Compiler(declare(definition), surroundings(definition), lists)
    steps = tuple(compiler.step(step) for step in definition["steps"])
    rules = tuple(compiler.rule(rule, ()) for rule in definition.get("rules", ()))
    nodes = dict(_nodes(step.items for step in steps))
    return CompiledForm(
        key=definition["key"],
        title=Text(definition["title"]),
        steps=steps,
        rules=rules,
        declared=MappingProxyType(compiler.declared),
        nodes=MappingProxyType(nodes),
        continued=MappingProxyType(_continued(steps)),
        fim=FimSchema(**definition["fim"]) if "fim" in definition else None,
        follows=frozenset(node.follows for node in nodes.values() if isinstance(node, Field) and node.follows),
    )


def _nodes(levels: Any) -> Iterator[tuple[Path, Field | Group]]:
    for items in levels:
        for item in items:
            if not isinstance(item, Static):
                yield item.path, item
            if isinstance(item, Group):
                yield from _nodes([item.items])


def _continued(steps: tuple[Step, ...]) -> dict[Path, tuple[Group, ...]]:
    parts: dict[Path, tuple[Group, ...]] = {}
    for path, node in _nodes(step.items for step in steps):
        if isinstance(node, Group):
            parts[path] = (*parts.get(path, ()), node)
    return {path: groups for path, groups in parts.items() if len(groups) > 1}


class _Compiler:
    def __init__(self, declared: dict[Path, Declared], around: Surroundings, lists: Lists) -> None:
        self.declared = declared
        self.around = around
        self.lists = lists

    def condition(self, raw: Any, inside: Path) -> Condition:
        return compile_condition(raw, self.declared, inside, self.around)

    def conditions(self, part: Mapping[str, Any], above: tuple[Condition, ...], inside: Path) -> tuple[Condition, ...]:
        return (*above, self.condition(part["when"], inside)) if "when" in part else above

    def step(self, raw: Mapping[str, Any]) -> Step:
        conditions = self.conditions(raw, (), ())
        items = self.items(raw["items"], (), (), conditions)
        return Step(
            key=raw["key"],
            title=Text(raw["title"]),
            intro=_text(raw, "intro"),
            items=items,
            conditions=conditions,
            controlling=frozenset(_controlling(items, conditions)),
        )

    def items(self, raw: list[Any], path: Path, inside: Path, above: tuple[Condition, ...]) -> tuple[Item, ...]:
        return tuple(self.item(item, (*path, item["key"]), inside, above) for item in raw)

    def item(self, raw: Mapping[str, Any], path: Path, inside: Path, above: tuple[Condition, ...]) -> Item:
        conditions = self.conditions(raw, above, inside)
        if raw["type"] == "group":
            return self.group(raw, path, path if "repeat" in raw else inside, conditions)
        if raw["type"] == "static":
            return Static(path, Text(raw["text"]), conditions)
        if raw["type"] == "calculated":
            formula = compile_formula(raw["value"], self.declared, inside)
            return Calculated(path, Text(raw["label"]), conditions, formula, raw.get("decimals", 2), raw.get("unit"))
        return self.field(raw, path, inside, conditions)

    def group(self, raw: Mapping[str, Any], path: Path, inside: Path, conditions: tuple[Condition, ...]) -> Group:
        repeat = raw.get("repeat")
        return Group(
            path=path,
            title=Text(raw["title"]),
            hint=_text(raw, "hint"),
            optional=raw.get("optional", False),
            repeat=repeat and Repeat(repeat["min"], repeat["max"], Text(repeat["instance"]), Text(repeat["add"])),
            items=self.items(raw["items"], path, inside, conditions),
            rules=tuple(self.rule(rule, inside) for rule in raw.get("rules", ())),
            conditions=conditions,
            fim=raw.get("fim"),
        )

    def rule(self, raw: Mapping[str, Any], inside: Path) -> Rule:
        at = raw["at"]
        path = (*(inside if at.startswith("./") else ()), *at.removeprefix("./").split("."))
        return Rule(self.condition(raw["require"], inside), path, Text(raw["message"]))

    def field(self, raw: Mapping[str, Any], path: Path, inside: Path, conditions: tuple[Condition, ...]) -> Field:
        field_type = FIELD_TYPES[raw["type"]]
        own = {key: raw[key] for key in _LIMITS if key in raw}
        error, pattern, follows = raw.get("error", {}), raw.get("pattern"), followed(raw)
        return Field(
            path=path,
            type=field_type,
            label=Text(raw["label"]),
            hint=_text(raw, "hint"),
            required=raw.get("required", True),
            conditions=conditions,
            options=tuple(
                Option(
                    option["value"],
                    Text(option["label"]),
                    _text(option, "hint"),
                    self.condition(option["when"], inside) if "when" in option else None,
                )
                for option in (self.lists.get(follows, ()) if follows else raw.get("options", ()))
            ),
            missing=_text(error, "missing"),
            wrong=_text(error, "wrong"),
            limits=MappingProxyType(_DEFAULT_LIMITS.get(raw["type"], {}) | own),
            pattern=re2.compile(pattern["re"]) if pattern else None,
            pattern_message=_text(pattern or {}, "message"),
            charset=raw.get("charset", "free" if raw["type"] == "multiline" else "B"),
            prefill=raw.get("prefill"),
            role=raw.get("role"),
            search=raw.get("search", False),
            special=raw.get("privacy", {}).get("special", False),
            autocomplete=raw.get("autocomplete") or _AUTOCOMPLETE.get(raw.get("prefill", "")),
            fim=raw.get("fim"),
            locked=raw.get("locked", False),
            follows=follows,
        )


def _text(raw: Mapping[str, Any], key: str) -> Text | None:
    return Text(raw[key]) if key in raw else None


def _controlling(items: tuple[Item, ...], of_step: tuple[Condition, ...]) -> Iterator[Path]:
    """The questions on which something in the same step depends."""
    for item in items:
        conditions = [condition for condition in item.conditions if condition not in of_step]
        if isinstance(item, Field):
            conditions += [option.when for option in item.options if option.when]
        for condition in conditions:
            yield from (declared.path for declared in condition.reads())
        if isinstance(item, Calculated):
            yield from (declared.path for declared in item.formula.reads())
        if isinstance(item, Group):
            yield from _controlling(item.items, of_step)


def compiled(version: FormVersion) -> CompiledForm:
    """The compiled form of a version; kept in this process if the version is published, for then it never changes."""
    return _compiled(version) if version.published_at else compile_definition(version.definition)


@lru_cache(maxsize=256)
def _compiled(version: FormVersion) -> CompiledForm:
    return compile_definition(version.definition)
