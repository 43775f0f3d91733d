"""How many SQL statements each kind of request costs, counted inside one process on the same database."""

from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from bench.form import STEPS, answers
from bench.journey import SERVICE

#: What frames a request and does not read or write rows of it.
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ", "SELECT set_config")


def count() -> dict[str, int]:
    """Statements by kind of request, of the second application in this process: the first one fills its caches."""
    counted: dict[str, int] = {}
    for _ in range(2):
        _file_application(counted)
    return counted


def _file_application(counted: dict[str, int]) -> None:
    client = Client(HTTP_HOST="localhost")
    draft = client.post(f"{SERVICE}beginnen/")["Location"]
    get, post = partial(_count, counted, client.get), partial(_count, counted, client.post)
    for step in range(STEPS):
        url = f"{draft}schritt/schritt{step}/"
        boxes = _boxes(get("show a step", url))
        post("save a step", url, boxes | answers(step))
    boxes = _boxes(get("check page", f"{draft}pruefen/"))
    post("submit", f"{draft}pruefen/", boxes | {"confirmed": "on"})


def _count(counted: dict[str, int], ask: Any, kind: str, url: str, sent: dict[str, str] | None = None) -> Any:
    with CaptureQueriesContext(connection) as queries:
        answer = ask(url, sent)
    counted[kind] = sum(not query["sql"].startswith(FRAME) for query in queries)
    return answer


def _boxes(answer: Any) -> dict[str, str]:
    [form, *_] = html.fromstring(answer.content).xpath("//main//form")
    return {name: value.removeprefix("\n") for name, value in form.form_values()}
