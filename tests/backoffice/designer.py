"""An author's desk for tests without a browser: what stands on the page is posted as a browser would."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

from accounts import profile
from forms_engine.models import FormVersion
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.factories import make_clerk
from tests.frame.pages import Page

LIST = "/backoffice/formulare/"


def author_of(email: str, name: str, authority: str = "schwerin") -> Client:
    """An author of forms, signed in."""
    user, _clerk = make_clerk(email, role="form_author", authority=authority, department=None)
    profile.write(user, {"given_name": name, "family_name": "Probe"})
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


class DeskPage:
    """The designer of one form, as one author sees it."""

    def __init__(self, author: Client, form_id: Any) -> None:
        self.author, self.form_id = author, form_id
        self.base = f"{LIST}{form_id}/"
        self.address = f"{self.base}bearbeiten/"
        self.page: Page

    def begin(self) -> "DeskPage":
        self._keep(self.author.post(f"{self.base}bearbeiten/beginnen/", follow=True))
        return self

    def open(self, at: str = "", **query: str) -> "DeskPage":
        self._keep(self.author.get(self.address, ({"ort": at} if at else {}) | query))
        return self

    def _keep(self, response: HttpResponse) -> HttpResponse:
        self.response, self.page = response, Page(response)
        assert self.page.faults() == []
        return response

    def fields(self, form_id: str = "Eig") -> dict[str, list[str]]:
        """All that a browser would send with this form, but for its buttons."""
        (form,) = self.page.tree.xpath("//form[@id=$id]", id=form_id)
        outside = self.page.tree.xpath("//*[@form=$id]", id=form_id)
        return _values([*form.iter(), *outside])

    def press(self, button: str, status: int = 200, **typed: Any) -> "DeskPage":
        """Posts the properties as they stand, changed by what is typed; follows where it leads."""
        (form,) = self.page.tree.xpath("//form[@id='Eig']")
        data = self.fields() | typed | {"tun": button}
        response = self._keep(self.author.post(form.get("action"), data, follow=True))
        assert response.status_code == status, self.text
        return self

    def try_out(self, button: str = "", at: str = "", **typed: Any) -> "DeskPage":
        """Posts the preview with trial values."""
        (form,) = self.page.tree.xpath("//form[contains(@action, '/vorschau/')]")
        data = _values(list(form.iter())) | typed | ({button: "1"} if button else {})
        target = form.get("action").split("?")[0] + f"?ort={at}" if at else form.get("action")
        assert self._keep(self.author.post(target, data)).status_code == 200
        return self

    @property
    def text(self) -> str:
        return " ".join(self.page.tree.text_content().split())

    @property
    def chosen(self) -> str:
        """The address that the page stands at."""
        (link,) = self.page.tree.xpath("//ul[@class='portal-tree']//a[@aria-current]")
        return link.get("href").rpartition("ort=")[2].replace("%3A", ":")

    @property
    def tree(self) -> list[str]:
        links = self.page.tree.xpath("//ul[@class='portal-tree']//a")
        return [" ".join(link.text_content().split()) for link in links]

    @property
    def focused(self) -> str:
        """The control or place that gets the focus: its value, id or words."""
        (element,) = self.page.tree.xpath("//*[@autofocus]")
        return element.get("value") or element.get("id")

    @property
    def preview(self) -> str:
        (section,) = self.page.tree.xpath("//section[@aria-labelledby='vorschau']")
        return " ".join(section.text_content().split())


def _values(elements: list[html.HtmlElement]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        name = element.get("name") if isinstance(element.tag, str) else None
        if not name or element.tag not in ("input", "select", "textarea"):
            continue
        if element.get("type") in ("radio", "checkbox") and element.get("checked") is None:
            continue
        value = element.value
        found.setdefault(name, []).append(value.removeprefix("\n") if isinstance(value, str) else "")
    return found


def stored(desk: DeskPage) -> dict[str, Any]:
    """The working version as it is kept."""
    with scope.system("a test looks at a form"):
        return FormVersion.objects.get(form=desk.form_id, published_at=None).definition


def item(desk: DeskPage, step: int = 0, number: int = 0) -> dict[str, Any]:
    return stored(desk)["steps"][step]["items"][number]


def actions(desk: DeskPage) -> list[str]:
    """What the trail holds of this form."""
    with scope.system("a test reads the trail"):
        return list(AuditEvent.objects.filter(object_id=desk.form_id).order_by("id").values_list("action", flat=True))
