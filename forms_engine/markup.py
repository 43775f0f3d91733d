"""Attributes of controls as HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def html_attributes(attributes: dict[str, Any]) -> SafeString:
    """Attributes as HTML, values escaped. Names come from this room only; a page has many, so this one is quick."""
    return SafeString(  # nosec B703
        "".join(
            f" {name}" if value is True else f' {name}="{escape(str(value))}"'
            for name, value in attributes.items()
            if value is not False
        )
    )


def input_class(error: bool, width: str = "") -> str:
    return (
        "kern-form-input__input"
        + (f" kern-form-input__input--width-{width}" if width else "")
        + (" kern-form-input__input--error" if error else "")
    )
