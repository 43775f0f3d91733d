"""Somebody without an account who fills in *Wünsche und Ideen* with a photo, through the pages, and sends it.

The same person speaks to the real web server, or to the WSGI application inside this process.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import httpx
from lxml import html
from PIL import Image

Files = Mapping[str, tuple[str, bytes, str]]
SERVICE = "/leistungen/rostock/wuensche-und-ideen/"
IDEA = {"thema": "gruen", "text": "Bitte stellen Sie mehr Bänke am Stadthafen auf."}
CONTACT = {"antwort": "true", "person-vorname": "Lena", "person-familienname": "Łącka-Müller", "datenschutz": "true"}


@dataclass(frozen=True)
class Letter:
    """A case whose next button is before somebody: what the browser sends when it is pressed, however often."""

    path: str
    email: str
    draft_id: UUID  # and the id of the application, once it was sent
    values: Mapping[str, str] = field(repr=False)
    cookies: Mapping[str, str] = field(repr=False)
    files: Files = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the browser got: the reference where the application was accepted."""

    status: int
    location: str
    retry_after: str
    page: str = field(repr=False)

    @property
    def reference(self) -> str | None:
        """Of an answer that leads to the page that says: arrived."""
        return self.location.split("/")[2] if self.location.endswith("/abgesendet/") else None


def in_process(base_url: str) -> httpx.Client:
    """A browser in front of the WSGI application of this process."""
    from hro_portal.wsgi import application

    return httpx.Client(base_url=base_url, transport=httpx.WSGITransport(app=application))


def over_http(base_url: str) -> httpx.Client:
    """A browser in front of the real web server."""
    return httpx.Client(base_url=base_url, timeout=60)


def write(
    browser: httpx.Client, email: str, *, photo: bool = True, before_photo: Callable[[], None] = lambda: None
) -> Letter:
    """From the service page to the last page of the draft; `before_photo` is called right before the photo is sent.

    Raises `httpx.HTTPStatusError` where a page is refused, and `httpx.TransportError` where none comes.
    """
    begun = _post(browser, f"{SERVICE}beginnen/", _boxes(browser, SERVICE, action="beginnen"))
    files = a_photo() if photo else {}
    step = f"{begun}schritt/idee/"
    idea = _boxes(browser, step) | IDEA
    before_photo()
    contact = _post(browser, step, idea, files)
    answers = _boxes(browser, contact) | CONTACT | {"person-email": email}
    # Without this box the page counts as one that showed all questions, also those that the first answer brings.
    answers.pop("shown", None)
    path = _post(browser, contact, answers)
    values = _boxes(browser, path) | {"confirmed": "on"}
    return Letter(path, email, UUID(path.split("/")[2]), values, dict(browser.cookies))


def send(browser: httpx.Client, letter: Letter) -> Answer:
    """Presses the button; the answer, not followed."""
    answer = browser.post(letter.path, data=letter.values, files=letter.files or None, headers=_cookies(letter))
    headers = answer.headers
    return Answer(answer.status_code, headers.get("Location", ""), headers.get("Retry-After", ""), answer.text)


def shown_again(letter: Letter, answer: Answer) -> Letter:
    """The same step as the portal shows it again, with all that was typed; files are chosen once more."""
    return replace(letter, values=_form_values(answer.page, letter.path, "@enctype or .//input[@name='version']"))


def look(browser: httpx.Client, letter: Letter, path: str) -> httpx.Response:
    """Another page, seen by the person who wrote the letter."""
    return browser.get(path, headers=_cookies(letter))


def _cookies(letter: Letter) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in letter.cookies.items())}


def _boxes(browser: httpx.Client, path: str, *, action: str = "") -> dict[str, str]:
    """What the page's form would send as it stands; with an action, the form that leads there."""
    page = browser.get(path)
    page.raise_for_status()
    has = f"contains(@action, '{action}')" if action else "@enctype or .//input[@name='version']"
    return _form_values(page.text, path, has)


def _form_values(page: str, path: str, has: str) -> dict[str, str]:
    forms = html.fromstring(page).xpath(f"//main//form[{has}]")
    assert forms, f"{path} shows no form"
    form = forms[0]
    # A line break right behind <textarea> belongs to the markup, not to the text (HTML 4.10.11).
    return {name: value.removeprefix("\n") for name, value in form.form_values() if isinstance(value, str)}


def _post(
    browser: httpx.Client,
    path: str,
    values: Mapping[str, str],
    files: Files | None = None,
) -> str:
    answer = browser.post(path, data=dict(values), files=files or None)
    if answer.status_code != httpx.codes.FOUND:
        answer.raise_for_status()
        raise AssertionError(f"POST {path} did not lead on")
    return answer.headers["Location"]


def a_photo() -> Files:
    """What the browser sends with the step about the idea."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "seagreen").save(content, "PNG")
    return {"foto": ("stadthafen.png", content.getvalue(), "image/png")}
