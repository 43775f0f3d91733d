"""The addresses of the URLconf, and what one person is told at one of them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.db import connections, transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.walls.expected import TABLE, Row, everybody
from tests.walls.world import ROLES, UNKNOWN, Person, Things, World

#: Parts of an address that name nobody's thing.
FIXED = {
    "authority": "rostock",
    "service": "hundesteuer-anmelden",
    "slug": "tiere-halten",
    "kind": "json",
    "no": "1",
    "short": "hundesteuer",
    "form": "hundesteuer-anmelden",
    "key": "unknown",
    "uidb36": "1",
    "app_label": "applications",
    "content_type_id": "1",
    "url": "nowhere",
    "token": "AAAA-BBBB",
}
#: `make walls` tries every person with every verb for every object; `make test` a part of the doors that are shut.
EVERYTHING = os.environ.get("PORTAL_WALLS") == "all"
ALL_OF_THEM = {"citizen", "holder of a code", "author of forms", "operator"}
#: These try every third of the doors that are shut to them; somebody of their kind tries all.
LIKE_ANOTHER = {
    *("other citizen", "member", "former member", "head", "disabled clerk"),
    *(f"{role} {where}" for role in ROLES for where in ("in Schwerin", "at the ministry")),
}
#: They keep a sentence for the next page, which would then differ.
KEEP_A_SENTENCE = ("admin:", "send_confirmation_again")
#: Changes with every answer and tells nothing.
NOISE = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|data-sitting-ends="[^"]*"|\d\d:\d\d')


@dataclass(frozen=True)
class Address:
    """A pattern of the URLconf; `names` are its parts."""

    name: str
    template: str
    names: tuple[str, ...]

    @property
    def objects(self) -> list[str]:
        return [name for name in self.names if name in Things.__dataclass_fields__ or name == "object_id"]

    def names_a_thing_of(self, things: Things) -> bool:
        return all(getattr(things, name) for name in self.objects)

    def of(self, things: Things, **others: Any) -> str:
        values = {name: others.get(name) or FIXED.get(name) or getattr(things, name) for name in self.names}
        return self.template.format(**values)


def addresses() -> Iterator[Address]:
    yield from _walk(get_resolver(), "/", "")


def _walk(resolver: URLResolver, before: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        here = before + _template(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, here, inner)
        else:
            yield Address(_name(entry, namespace, here), here, tuple(re.findall(r"\{(\w+)\}", here)))


def _name(entry: URLPattern, namespace: str, here: str) -> str:
    """Django's admin leaves two kinds of addresses without a name."""
    if entry.name:
        return namespace + entry.name
    if "{url}" in here:
        return "admin:catch-all"
    return "{}{}_{}_old-change".format(namespace, *here.split("/")[2:4])


def _template(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", text))
    return text.strip("^$") if entry.pattern.__class__.__name__ == "RegexPattern" else text


ADDRESSES = list(addresses())


@dataclass
class Tried:
    """One person at one address, with every object there is."""

    world: World
    person: Person
    address: Address

    def problems(self) -> Iterator[str]:
        row = TABLE.get(self.address.name)
        if row is None or (not EVERYTHING and self._is_left_to_others(row)):
            return  # the completeness test names the first
        for method in self._methods(row):
            if not self.address.objects:
                yield from self._without_object(row, method)
            else:
                yield from self._with_objects(row, method)

    def _is_left_to_others(self, row: Row) -> bool:
        """What a city tells everybody, three listen to; doors that are shut to many alike, each tries a part."""
        if row.may is everybody:
            return self.person.name not in ("stranger", "citizen", "clerk")
        return self.person.name in LIKE_ANOTHER and not self.opens and self._turn % 3 > 0

    def _methods(self, row: Row) -> tuple[str, ...]:
        """Both, where there are two; at a door that is shut to this person whatever they ask for, one of them."""
        if row.methods in "GP" and len(row.methods) == 1:
            return ("get",) if row.methods == "G" else ("post",)
        return ("get", "post") if EVERYTHING or self.opens else (("get", "post")[self._turn % 2],)

    @property
    def opens(self) -> bool:
        """Whether this door opens to the person for anything."""
        row = TABLE[self.address.name]
        return row.may(self.person, None) or any(row.may(self.person, each) for each in self._things())

    def _without_object(self, row: Row, method: str) -> Iterator[str]:
        may = row.may(self.person, None)
        answer = self.ask(row, method, UNKNOWN, may=may)
        if answer.status_code >= 500 or may != _lets_in(answer):
            yield self._tell(method, "", answer)
        yield from self._leaks(method, answer, None)

    def _with_objects(self, row: Row, method: str) -> Iterator[str]:
        unknown = self.ask(row, method, UNKNOWN, may=False)
        if unknown.status_code >= 500 or unknown.status_code == 200:
            yield self._tell(method, "unknown", unknown)
        for things in self._worth_asking_for(row):
            may = row.may(self.person, things)
            answer = self.ask(row, method, things, may=may)
            same = told(answer, things) == told(unknown, UNKNOWN)
            if answer.status_code >= 500 or same == may:
                yield self._tell(method, things.owner, answer)
            if may and answer.status_code in (403, 404):
                yield self._tell(method, f"own {things.owner}", answer)
            yield from self._leaks(method, answer, things)

    def _worth_asking_for(self, row: Row) -> list[Things]:
        """All objects, for one person of each kind; for their like one of their own and another; at a door that is
        shut to the person whatever they ask for, one. Which ones, moves on with each address."""
        all_things = self._things()
        opened = [things for things in all_things if row.may(self.person, things)]
        if EVERYTHING or (opened and self.person.name in ALL_OF_THEM):
            return all_things
        if opened:
            shut = [things for things in all_things if things not in opened] or opened
            return [opened[self._turn % len(opened)], shut[self._turn % len(shut)]]
        return [all_things[self._turn // 2 % len(all_things)]]

    def _things(self) -> list[Things]:
        if not self.address.objects:
            return []
        return [things for things in self.world.things.values() if self.address.names_a_thing_of(things)]

    @property
    def _turn(self) -> int:
        return ADDRESSES.index(self.address) + list(self.world.people).index(self.person.name)

    def ask(self, row: Row, method: str, things: Things, *, may: bool) -> HttpResponse:
        path = self.address.of(things)
        self.person.client.cookies = SimpleCookie(self.person.cookies)
        fields = vars(things)
        sends = {key.format(**fields): value.format(**fields) for key, value in row.sends.items()}
        with undone() if may or self.address.name.startswith(KEEP_A_SENTENCE) else nullcontext():
            if method == "get":
                return self.person.client.get(path, row.query)
            return self.person.client.post(path, sends)

    def _leaks(self, method: str, answer: HttpResponse, asked: Things | None) -> Iterator[str]:
        body = body_of(answer)
        for things in self.world.things.values():
            if things is asked or _may_see_lines_of(self.person, things):
                continue
            for secret in things.secrets:
                if secret in body:
                    yield f"{self._tell(method, things.owner, answer)} leaks {secret}"

    def _tell(self, method: str, of: str, answer: HttpResponse) -> str:
        target = f" → {answer['Location']}" if answer.has_header("Location") else ""
        return f"{self.person.name} {method} {self.address.name} [{of}]: {answer.status_code}{target}"


def _may_see_lines_of(person: Person, things: Things) -> bool:
    """Whether lists may name this case to the person."""
    rules = ("following:case", "backoffice:case", "admin:applications_application_change", "organisation")
    return any(TABLE[name].may(person, things) for name in rules) or things.invited == person.name


def _lets_in(answer: HttpResponse) -> bool:
    if answer.status_code in (403, 404):
        return False
    return not (answer.has_header("Location") and answer["Location"].startswith(("/konto/anmelden/", "/admin/login/")))


def told(answer: HttpResponse, things: Things) -> tuple[int, str, str, str]:
    """What an answer says, but for the address that was asked for."""
    body, target = body_of(answer), unquote(answer.get("Location", ""))
    for value in [str(value) for value in vars(things).values() if isinstance(value, UUID)] + [
        things.reference,
        f"/{things.step}/",
    ]:
        body, target = body.replace(value, "…"), target.replace(value, "…")
    return answer.status_code, target, answer.get("Content-Type", ""), NOISE.sub("", body)


def body_of(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back, so that the next one finds the world as it was."""
    block = transaction.atomic()
    block._from_testcase = True  # scopes insist on being outermost, except in a test's own transaction
    with block:
        yield
        transaction.set_rollback(True)


#: Who has read what is written down by design; sittings, counted tries and kept posts are no rows of people's cases.
MOVING = {"audit_auditevent", "django_session", "portal_cache"}


def state_of_the_rows() -> dict[str, tuple[int, str]]:
    """A digest of every table's rows."""
    with connections["owner"].cursor() as cursor:
        names = sorted(set(connections["owner"].introspection.table_names(cursor)) - MOVING)
        digests = " UNION ALL ".join(
            f"SELECT '{name}', count(*), md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {name} t"
            for name in names
        )
        cursor.execute(digests)
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}
