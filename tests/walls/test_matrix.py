"""Every address × every person × every object, reading and doing (ASVS V8.2.1, V8.2.2, V8.4.1).

Nobody is asked which addresses there are: the URLconf is walked. What each person may, `expected.TABLE` says.
"""

import pytest
from django.test import Client

from tests.walls.asking import ADDRESSES, Address, Tried, state_of_the_rows, told, undone
from tests.walls.expected import TABLE
from tests.walls.world import PEOPLE, UNKNOWN, Person, Things, World


def test_every_address_stands_in_the_table_and_nothing_else_does() -> None:
    walked = {address.name for address in ADDRESSES}
    assert walked - TABLE.keys() == set(), "addresses that nobody has said of who may enter"
    assert TABLE.keys() - walked == set()


@pytest.mark.asvs("V8.2.1", "V8.2.2", "V8.4.1", "V3.5.3")
@pytest.mark.parametrize("who", [person.name for person in PEOPLE])
def test_nobody_sees_or_does_what_the_table_does_not_give_them(world: World, who: str) -> None:
    before = state_of_the_rows()
    person = world.people[who]
    wrong = [problem for address in ADDRESSES for problem in Tried(world, person, address).problems()]
    assert not wrong, "\n".join(wrong)
    assert state_of_the_rows() == before


#: Django's own views and allauth's refuse in their own ways; `*` marks them.
OURS = [address for address in ADDRESSES if address.name in TABLE and not address.name.startswith("admin:")]


def rightful(world: World, address: Address) -> tuple[Person, Things]:
    """Somebody who may do this, and their thing."""
    for person in world.people.values():
        for things in world.things.values():
            if address.names_a_thing_of(things) and TABLE[address.name].may(person, things):
                return person, things
    return world.people["citizen"], world.things["citizen"]


@pytest.mark.asvs("V3.5.1", "V3.5.3")
def test_pages_refuse_post_and_deeds_refuse_get(world: World) -> None:
    before, wrong = state_of_the_rows(), []
    for address in OURS:
        methods = TABLE[address.name].methods
        person, things = rightful(world, address)
        person.client.cookies.load(person.cookies)
        if methods == "G" and person.client.post(address.of(things)).status_code not in (405, 404):
            wrong.append(f"POST {address.name}")
        if methods == "P" and person.client.get(address.of(things)).status_code != 405 and address.name not in LEAD_ON:
            wrong.append(f"GET {address.name}")
    assert wrong == []
    assert state_of_the_rows() == before


#: After a sign-in people come back by GET to where they posted; it shows the page of the case and does nothing.
LEAD_ON = {"following:answer", "admin:logout"}


@pytest.mark.asvs("V3.5.1")
def test_every_deed_refuses_a_post_without_the_forms_token(world: World) -> None:
    before, wrong = state_of_the_rows(), []
    for address in ADDRESSES:
        row = TABLE.get(address.name)
        if row is None or row.methods == "G":
            continue
        person, things = rightful(world, address)
        client = Client(enforce_csrf_checks=True)
        client.cookies.load(person.cookies)
        fields = vars(things)
        sends = {key.format(**fields): value.format(**fields) for key, value in row.sends.items()}
        answer = client.post(address.of(things), sends)
        if answer.status_code != 403:
            wrong.append(f"{address.name}: {answer.status_code}")
    assert wrong == []
    assert state_of_the_rows() == before


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize("who", ["citizen", "member", "clerk"])
def test_what_belongs_to_another_case_is_unknown_below_ones_own(world: World, who: str) -> None:
    """An own reference opens no foreign file, document, payment or member."""
    person, wrong = world.people[who], []
    for address in ADDRESSES:
        row = TABLE.get(address.name)
        if row is None or len(address.objects) < 2 or address.name.startswith("admin:"):
            continue
        outer, *inner = address.objects
        theirs = [own for own in world.things.values() if address.names_a_thing_of(own) and row.may(person, own)]
        for own in theirs[:1]:
            for other in world.things.values():
                if other is own or not address.names_a_thing_of(other):
                    continue
                answers = []
                for strange in (other, UNKNOWN):
                    path = address.of(own, **{name: getattr(strange, name) for name in inner})
                    ask = person.client.post if row.methods == "P" else person.client.get
                    person.client.cookies.load(person.cookies)
                    with undone():
                        answers.append(told(ask(path, row.query if row.methods != "P" else row.sends), strange))
                if answers[0] != answers[1] or answers[0][0] == 200:
                    wrong.append(f"{who} {address.name}: {outer} of {own.owner}, {inner} of {other.owner}: {answers}")
    assert not wrong, "\n".join(wrong)
