"""Each of the two walls by itself: with the other one taken away on purpose, nothing foreign is seen.

The first is `visible_to`, the second PostgreSQL's row-level security (docs/architecture.md).
"""

import pytest
from django.core import mail

from applications.models.application import ApplicationQuerySet
from applications.models.owned import OwnedQuerySet
from authorities.models import Authority
from foundation import outbox, scope
from foundation.outbox import working
from foundation.outbox.models import OutboxRow
from postbox.models import PostboxItemQuerySet
from tests.house.test_consistency import BUILT, ROOT
from tests.walls.asking import ADDRESSES, Tried, state_of_the_rows
from tests.walls.expected import TABLE
from tests.walls.world import World

#: Everything that people own is behind these, and the lists that show some of it.
OWNED = [
    address
    for address in ADDRESSES
    if address.name.startswith(("filling:", "following:", "submitting:", "postbox:", "backoffice:"))
    and address.name in TABLE
]


@pytest.fixture
def without_the_first_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every queryset of owned rows lets everything through."""
    monkeypatch.setattr(OwnedQuerySet, "visible_to", lambda rows, person: rows.all())
    monkeypatch.setattr(ApplicationQuerySet, "of_departments", lambda rows, clerk: rows.all())
    monkeypatch.setattr(PostboxItemQuerySet, "of_party", lambda rows, party_id: rows.filter(regime="retrieval"))


@pytest.fixture
def without_the_second_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scope sees every row, as the owner of the tables does in a migration."""
    narrow = scope._scope
    monkeypatch.setattr(scope, "_scope", lambda **given: narrow(**given | {"system": "a test takes the wall away"}))


#: One of each kind that the walls keep from others of the same kind: by account, by organisation, by authority.
KINDS = [
    *("other citizen", "member", "holder of a code"),
    *("clerk in Schwerin", "head at the ministry", "data protection officer in Schwerin"),
]


def problems(world: World, who: str) -> list[str]:
    """At the doors that are open to this person; what is behind the others, no wall is asked for."""
    person = world.people[who]
    tries = [Tried(world, person, address) for address in OWNED]
    return [problem for tried in tries if tried.opens for problem in tried.problems()]


@pytest.mark.asvs("V8.2.2", "V8.4.1")
@pytest.mark.parametrize("who", KINDS)
@pytest.mark.usefixtures("without_the_first_wall")
def test_the_second_wall_alone_shows_nothing_foreign(world: World, who: str) -> None:
    assert problems(world, who) == []


@pytest.mark.asvs("V8.2.2", "V8.4.1")
@pytest.mark.parametrize("who", KINDS)
@pytest.mark.usefixtures("without_the_second_wall")
def test_the_first_wall_alone_shows_nothing_foreign(world: World, who: str) -> None:
    assert problems(world, who) == []


@pytest.mark.usefixtures("without_the_first_wall", "without_the_second_wall")
@pytest.mark.parametrize("who", [who for who in KINDS if who != "holder of a code"])
def test_without_both_walls_foreign_things_are_seen(world: World, who: str) -> None:
    """Shows that what is tried above would succeed if there were no wall. A code opens one case, by a third one."""
    assert any("leaks" in problem for problem in problems(world, who))


def wishes(world: World, authority: str) -> list[OutboxRow]:
    """For each kind of effect one about every thing of a case in Rostock, in the name of an authority."""
    with scope.system("a test looks for an authority", read_only=True):
        authority_id = Authority.objects.get(slug=authority).pk
    things = world.things["citizen"]
    return [
        OutboxRow(kind=kind, authority_id=authority_id, subject_id=subject_id)
        for kind in outbox.handlers
        for subject_id in (things.application_id, things.decision_id, things.attachment_id)
    ]


def changed_by(rows: list[OutboxRow]) -> set[str]:
    """The tables of people's cases in which something is otherwise once all of that was tried."""
    OutboxRow.objects.bulk_create(rows)
    before = state_of_the_rows()
    try:
        for row in rows:
            working.work(row.pk)
        after = state_of_the_rows()
    finally:
        OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return {table for table in after if after[table] != before[table]} - {"outbox_outboxrow"}


@pytest.mark.asvs("V8.4.1")
def test_an_effect_reaches_nothing_outside_of_its_own_authority(world: World) -> None:
    asked_before = OutboxRow.objects.count()
    assert changed_by(wishes(world, "schwerin")) == set()
    assert OutboxRow.objects.count() == asked_before
    assert mail.outbox == []


def test_the_same_effects_of_their_own_authority_are_done(world: World) -> None:
    """Shows that the wall held them off above, and not that there was nothing to do."""
    assert "applications_routing" in changed_by(wishes(world, "rostock"))


def test_no_page_opens_a_scope_that_sees_everything() -> None:
    """Only operators' pages, whose rows hold no answers; whatever else needs it is a use case with a name."""
    views = [*ROOT.rglob("views.py"), *ROOT.glob("*/views/*.py"), *ROOT.rglob("wizard.py"), *ROOT.rglob("door.py")]
    own = [file for file in views if not BUILT.intersection(file.relative_to(ROOT).parts)]
    assert len(own) > 20
    assert [str(file.relative_to(ROOT)) for file in own if "scope.system(" in file.read_text()] == []
