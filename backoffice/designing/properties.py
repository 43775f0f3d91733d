"""What a step, group or field says of itself, as a form. Which boxes there are depends on its type."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from backoffice.designing import boxes
from backoffice.designing.limits import FormulaField, LimitField
from backoffice.designing.queries import KnownList
from forms_engine import api as engine
from forms_engine.editing import api as editing
from forms_engine.errors import DefinitionError
from foundation.forms import ListsErrors

#: Where a fault belongs whose key in the definition is no box of its own.
_BOX_OF_KEY = {
    "repeat": "repeat_min",
    "pattern": "pattern_re",
    "error": "error_missing_de",
    "options": "options_de",
    "code_list": "list_uri",
}


class NodeForm(ListsErrors, forms.Form):
    """The properties of a step or item; `kind` is `form`, `step` or its type."""

    def __init__(
        self,
        node: Mapping[str, Any],
        kind: str,
        data: Any,
        *,
        lists: Sequence[KnownList],
        operands: editing.Operands,
    ) -> None:
        super().__init__(data, auto_id="Eig-%s")
        self.node, self.kind = node, kind
        self._lists = {each.uri: each for each in lists}
        self.fields = boxes.boxes_of(kind, self._list_choices())
        self._keep_unknown("autocomplete")
        for field in self.fields.values():
            if isinstance(field, FormulaField):
                field.operands = operands
        self.initial = dict(self._initial())
        for name in self.fields:
            self._describe(name)
            self.fields[name].error_messages["required"] = _("Füllen Sie dieses Feld aus.")

    def _describe(self, name: str) -> None:
        """English stands beside German and is told apart by the language of its box."""
        if name.endswith("_en"):
            self.fields[name].widget.attrs["lang"] = "en"

    def _list_choices(self) -> Iterator[tuple[str, str]]:
        """The lists to choose from, also one that the question names and the portal does not have."""
        stored = self.node.get("code_list", {}).get("uri")
        if stored and stored not in self._lists:
            yield stored, _("in der Codeliste %(uri)s, die hier fehlt") % {"uri": stored}
        yield from ((each.uri, each.words) for each in self._lists.values())

    def _keep_unknown(self, name: str) -> None:
        """What the definition says stays a choice, even if no author could choose it."""
        field, stored = self.fields.get(name), self.node.get(name)
        if isinstance(field, forms.ChoiceField) and stored and not field.valid_value(stored):
            field.choices = [*list(field.choices), (stored, stored)]  # type: ignore[arg-type]  # the stubs take what is read from it for more than what is set

    # from the definition ---------------------------------------------------------------------------------------------

    def _initial(self) -> Iterator[tuple[str, Any]]:
        for name, field in self.fields.items():
            yield name, self._stored(name, field)

    def _stored(self, name: str, field: forms.Field) -> Any:
        node = self.node
        if name.startswith("options_"):
            text, language = ("hint" if "hint" in name else "label"), name[-2:]
            told = (option.get(text, {}).get(language, "") for option in node.get("options", ()))
            return "\n".join(" ".join(each.split()) for each in told).rstrip()
        if name in ("list_uri", "list_follow"):
            return node.get("code_list", {}).get(name.removeprefix("list_"), "")
        if name == "occurs":
            return "many" if "repeat" in node else "maybe" if node.get("optional") else "once"
        if name == "required":
            return "yes" if node.get("required", True) else "no"
        if name == "special":
            return node.get("privacy", {}).get("special", False)
        if isinstance(field, LimitField | FormulaField):
            return field.words(node.get(name))
        return boxes.at_place(node, boxes.place_of(name))

    # to the definition -----------------------------------------------------------------------------------------------

    def changes(self) -> dict[str, Any]:
        """What the boxes say, for `editing.change`. The form is valid."""
        told: dict[str, Any] = {}
        for name in self.fields:
            value = self.cleaned_data[name]
            if name == "occurs" or name.startswith(("options_", "repeat_", "list_")):
                continue
            if name == "required":
                told["required"] = None if value == "yes" else False
            elif name == "special":
                told["privacy"] = {"special": True} if value else None
            else:
                boxes.put(told, boxes.place_of(name), None if _is_empty(value) else value)
        if "options_de" in self.fields:
            told |= self._answers()
        if "occurs" in self.fields:
            told |= self._repetition()
        return {key: _pruned(value) for key, value in told.items()}

    def _answers(self) -> dict[str, Any]:
        """Options of its own, or a code list: followed, or as it is today."""
        told, stored = self.cleaned_data, self.node.get("code_list", {})
        uri, follows = told.get("list_uri"), told.get("list_follow", False)
        if "list_uri" not in self.fields:
            return {"options": self._options() or None}
        if uri and follows:
            return {"code_list": {"uri": uri, "follow": True}, "options": None}
        if uri and (uri != stored.get("uri") or stored.get("follow")):
            version, options = engine.list_today(uri) or ("", [])
            return {"code_list": {"uri": uri, "version": version}, "options": options or None}
        if not uri and stored.get("follow") and not told["options_de"]:  # what it showed until now, to be changed
            return {"code_list": None, "options": self._lists_today(stored["uri"])}
        return {"code_list": stored if uri else None, "options": self._options() or None}

    def _lists_today(self, uri: str) -> list[dict[str, Any]] | None:
        held = engine.list_today(uri)
        return held[1] if held else None

    def _options(self) -> list[dict[str, Any]]:
        told = self.cleaned_data
        hints = (told["options_hint_de"], told["options_hint_en"])
        return editing.changed_options(self.node.get("options", ()), told["options_de"], told["options_en"], hints)

    def _repetition(self) -> dict[str, Any]:
        occurs = self.cleaned_data["occurs"]
        if occurs != "many":
            return {"repeat": None, "optional": True if occurs == "maybe" else None}
        repeat: dict[str, Any] = {}
        for name in self.fields:
            if name.startswith("repeat_"):
                boxes.put(repeat, boxes.place_of(name)[1:], self.cleaned_data[name] or None)
        title = self.cleaned_data["title_de"]
        made = {"min": 0, "max": 5, "instance": {"de": title}, "add": {"de": f"{title} hinzufügen"}}
        return {"repeat": made | dict(_texts_of(repeat)), "optional": None}

    # faults ----------------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        german = cleaned.get("options_de")
        if german is not None and "" in german:
            self.add_error("options_de", _("Löschen Sie leere Zeilen. Jede Zeile ist eine Antwort."))
        self._check_list(cleaned)
        if cleaned.get("locked") and not cleaned.get("prefill"):
            self.add_error("locked", _("Wählen Sie aus, womit das Konto die Angabe ausfüllt."))
        if german and not cleaned.get("list_uri") and (twice := self._new_twins(german)):
            self.add_error(
                "options_de", _("„%(label)s“ steht mehrmals da. Löschen Sie eine der Zeilen.") % {"label": twice}
            )
        if german is not None:
            self._check_lines(german, cleaned)
        if cleaned.get("pattern_re") and not cleaned.get("pattern_message_de"):
            self.add_error("pattern_message_de", _("Sagen Sie, wie die Angabe aussieht, zum Beispiel: 15 Ziffern."))
        for name in self.fields:
            twin = name.removesuffix("_en") + "_de"
            if name.endswith("_en") and cleaned.get(name) and twin in cleaned and not cleaned[twin]:
                self.add_error(twin, _("Schreiben Sie den Text auch auf Deutsch."))
        return cleaned

    def _check_lines(self, german: Sequence[str], cleaned: Mapping[str, Any]) -> None:
        """Each line of the other boxes belongs to an answer, and English help to German."""
        english, hints, translated = (cleaned[f"options_{name}"] for name in ("en", "hint_de", "hint_en"))
        if len(english) > len(german):
            self.add_error("options_en", _("Schreiben Sie nicht mehr Zeilen als auf Deutsch."))
        if hints and not german:
            self.add_error("options_hint_de", _("Hier steht noch keine Antwort, zu der die Hilfe gehört."))
        elif len(hints) > len(german):
            self.add_error("options_hint_de", _("Schreiben Sie nicht mehr Zeilen, als es Antworten gibt."))
        elif any(line and not "".join(hints[place : place + 1]) for place, line in enumerate(translated)):
            self.add_error("options_hint_de", _("Schreiben Sie den Text auch auf Deutsch."))

    def _new_twins(self, labels: Sequence[str]) -> str:
        """An answer that says the same as one above it; what the form held before may stay until it is published."""
        held = Counter(option["label"]["de"].casefold() for option in self.node.get("options", ()))
        seen: Counter[str] = Counter()
        for label in labels:
            seen[label.casefold()] += 1
            if label and seen[label.casefold()] > max(1, held[label.casefold()]):
                return label
        return ""

    def _check_list(self, cleaned: Mapping[str, Any]) -> None:
        uri, stored = cleaned.get("list_uri"), self.node.get("code_list", {})
        known = self._lists.get(uri or "")
        if not uri or known is None:
            return
        if known.count is not None and known.count > engine.MOST_OPTIONS:
            self.add_error("list_uri", engine.too_long(uri, known.count))
        elif known.count is None and not cleaned.get("list_follow") and uri != stored.get("uri"):
            self.add_error("list_uri", _("Von dieser Liste gilt heute keine Fassung. Übernehmen Sie neue Fassungen."))

    def take(self, error: DefinitionError, definition: Mapping[str, Any], at: editing.Address) -> None:
        """Shows what the engine refused, at the box that it belongs to as far as there is one."""
        self.errors  # noqa: B018 - checks the form before something is added
        for fault in editing.faults(error, definition):
            name = next((name for name in _boxes_for(fault.key) if name in self.fields), None)
            if fault.at == at and name:
                self.add_error(name, fault.sentence)
            elif fault.at is None or fault.at == at:
                self.add_error(None, fault.sentence)
            else:
                place = editing.name_of(editing.find(definition, fault.at))
                self.add_error(None, f"„{place}“: {fault.sentence}")

    def hush(self) -> None:
        """Shows what was typed without complaining about it yet."""
        self._errors = ErrorDict()

    # the page --------------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> Iterator[list[forms.BoundField]]:
        """The boxes as they stand on the page: German and English beside each other, and what belongs together."""
        for names in boxes.lines_of(self.fields):
            yield [self[name] for name in names]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Label and value of every box that is filled, as it stands in the form."""
        pairs = [(str(box.label), box.value()) for box in self]
        return [(label, ", ".join(value) if isinstance(value, list) else str(value)) for label, value in pairs if value]


def _is_empty(value: Any) -> bool:
    """Nothing was typed, chosen or ticked; 0 is something."""
    return value is None or value is False or value in ("", [])


def _boxes_for(key: str) -> tuple[str, ...]:
    """The boxes that a key of the definition may mean, the nearest first: `repeat.max`, else `repeat`."""
    whole, first = key.replace(".", "_"), key.partition(".")[0]
    return (whole, f"{whole}_de", first, f"{first}_de", _BOX_OF_KEY.get(first, ""))


def _texts_of(repeat: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in repeat.items():
        pruned = _pruned(value)
        if pruned is not None:
            yield key, pruned


def _pruned(value: Any) -> Any:
    """Without what is empty; None if nothing stays."""
    if not isinstance(value, dict) or not value.keys() & {"de", "en", "re", "message", "missing", "wrong"}:
        return value
    kept = {key: _pruned(below) for key, below in value.items()}
    return {key: below for key, below in kept.items() if below is not None} or None
