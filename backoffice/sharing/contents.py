"""What comes along with a service or a form, counted and named for its author."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from catalogue import fees
from catalogue.models import in_language


def told(content: dict[str, Any]) -> dict[str, Any]:
    """What comes along, counted and named."""
    definition, part = content["definition"], content.get("service")
    said: dict[str, Any] = {
        "provenance": content["provenance"],
        "title": definition["title"]["de"],
        "steps": [step["title"]["de"] for step in definition["steps"]],
        "rules": len(definition.get("rules", [])),
        "lists": [_list_in_words(each) for each in content["code_lists"]],
    }
    if part:
        said |= {
            "service": in_language(part["texts"].get("title", {})),
            "modules": len(part["texts"]),
            "fee": fees.summary(part["fee"]),
            "retention": part.get("retention_months"),
            "weeks": part.get("deadline_weeks"),
            "has_notice": bool(part["privacy"]),
            "routes": len([each for each in part.get("routes", []) if each]),
        }
    return said


def _list_in_words(each: dict[str, Any]) -> str:
    day = each.get("valid_from")
    since = ", " + _("gilt ab %(day)s") % {"day": f"{date.fromisoformat(day):%d.%m.%Y}"} if day else ""
    return f"{each['uri']} ({each['version']}{since})"
