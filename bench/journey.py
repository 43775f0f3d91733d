"""The standard journey: begin, three steps, check, submit. Without an account, as most people come."""

from bench.browser import Browser
from bench.form import STEPS, answers

SERVICE = "/leistungen/rostock/messung/"


def file_application(person: Browser) -> str:
    """One application from the service page to the reference; the address of its last page."""
    page = person.get("service page", SERVICE)
    draft = person.post("begin", f"{SERVICE}beginnen/", person.form(page, "beginnen"))
    for step in range(STEPS):
        url = f"{draft}schritt/schritt{step}/"
        boxes = person.form(person.get("show a step", url))
        person.post("save a step", url, boxes | answers(step))
    check = person.form(person.get("check page", f"{draft}pruefen/"))
    return person.post("submit", f"{draft}pruefen/", check | {"confirmed": "on"})
