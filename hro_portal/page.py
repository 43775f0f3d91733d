"""What stands on every page: authority, navigation, theme, and until when the sitting lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts import people
from authorities.models import Authority
from hro_portal.places import crumbs_of
from postbox.counting import unopened

THEMES = {"light": _("Hell"), "dark": _("Dunkel"), "": _("Wie mein Gerät")}
#: Pages whose own search stands where people look first; a second one above it would only be in the way.
WITH_OWN_SEARCH = {"start", "catalogue:services"}


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    is_current: bool
    icon: str = ""
    #: How much waits there; asked only when the navigation is shown.
    count: int | SimpleLazyObject = 0


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. A view that knows the authority of its page passes `authority` and wins."""
    return {
        "authority": SimpleLazyObject(home_authority),
        "nav": navigation(request),
        "header_search": not (request.resolver_match and request.resolver_match.view_name in WITH_OWN_SEARCH),
        "crumbs": crumbs_of(request),
        "is_demo": settings.DEMO,
        "theme": chosen_theme(request),
        "theme_choices": [{"value": value, "label": label} for value, label in THEMES.items()],
        "other_language": other_language(),
        "sitting_ends": sitting_ends(request),
        "sitting_seconds": settings.SITTING_SECONDS,
    }


def home_authority() -> Authority:
    """The authority whose name stands on pages that belong to no other one."""
    return Authority.objects.get(slug=settings.HOME_AUTHORITY)


def chosen_theme(request: HttpRequest) -> str:
    """`light` or `dark` if the person chose so, else empty: the device decides."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else ""


def other_language() -> dict[str, Any]:
    """The language that the switch in the header offers."""
    return get_language_info("de" if translation.get_language() == "en" else "en")


def sitting_ends(request: HttpRequest) -> datetime | None:
    """When a person who does nothing is signed out; None for somebody who has nothing to lose."""
    if not people.has_sitting(request):
        return None
    return timezone.localtime() + timedelta(seconds=settings.SITTING_SECONDS)


def navigation(request: HttpRequest) -> list[NavItem]:
    def item(label: str, url: str, icon: str = "", count: int | SimpleLazyObject = 0) -> NavItem:
        return NavItem(label, url, is_current=request.path.startswith(url), icon=icon, count=count)

    items = [item(gettext("Leistungen"), reverse("catalogue:services"))]
    if not request.user.is_authenticated:
        return [*items, item(gettext("Anmelden"), reverse("account_login"), "account-circle")]
    items += [
        item(gettext("Meine Anträge"), reverse("following:running")),
        item(gettext("Postfach"), reverse("postbox:list"), count=SimpleLazyObject(lambda: _unopened(request))),
    ]
    if request.session.get(people.STAFF):
        items.append(item(gettext("Backoffice"), reverse("backoffice:inbox")))
    return [*items, item(gettext("Konto"), reverse("profile"), "account-circle")]


def _unopened(request: HttpRequest) -> int:
    """How many documents wait in the postbox of whom the person acts for."""
    person = people.shown_for(request)
    return unopened(person.party_id) if person else 0
