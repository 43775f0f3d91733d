"""What a draft and an application have in common: an owner, and fields that are sealed at rest."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.people import Applicant, Clerk, CodeHolder, Person
from authorities.models import Authority
from catalogue.models import Offering
from forms_engine.models import FormVersion
from foundation import vault
from foundation.ids import TEST_PREFIX, new_id


class OwnedQuerySet(models.QuerySet):
    """The first wall: rows are fetched through the person who asks (architecture, law 4)."""

    def visible_to(self, person: Person) -> Self:
        match person:
            case Applicant(party_id=party_id):
                return self.filter(party_id=party_id)
            case CodeHolder(digest=digest):
                return self.filter(access_digest=digest)
            case Clerk():
                return self.of_departments(person)
        raise TypeError(person)

    def real(self) -> Self:
        """Without test applications: for whatever counts, sums up, or goes on into other work."""
        return self.filter(is_test=False)

    def of_departments(self, clerk: Clerk) -> Self:
        """Drafts belong to people alone; applications say more."""
        return self.none()


class Owned(models.Model):
    """Belongs to a party, or to whoever holds the access code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    reference = models.CharField(max_length=24, unique=True)
    party_id = models.UUIDField(null=True)
    access_digest = models.BinaryField(null=True)
    acting_user_id = models.UUIDField(null=True)
    answers = models.BinaryField()
    is_test = models.BooleanField(
        default=False, db_default=False, help_text="Testantrag: zählt nirgends mit und verlässt das Portal nicht"
    )

    class Meta:
        abstract = True

    def seal(self, field: str, value: Any) -> bytes:
        """The sealed form of a value of one of this row's fields."""
        return vault.seal_json(self.authority.keyset, value, owner=self.authority_id, row=self.id, field=field)

    def unseal(self, field: str, sealed: bytes | memoryview) -> Any:
        return vault.open_json(self.authority.keyset, bytes(sealed), owner=self.authority_id, row=self.id, field=field)

    def read_answers(self) -> dict[str, Any]:
        return self.unseal("answers", self.answers)


def is_marked(name: str) -> models.CheckConstraint:
    """A test application is known by its reference, and only a test application by this one."""
    marked = Q(reference__startswith=f"{TEST_PREFIX}-")
    return models.CheckConstraint(condition=Q(marked, is_test=True) | Q(~marked, is_test=False), name=name)


def has_owner(name: str) -> models.CheckConstraint:
    """Every row is somebody's."""
    return models.CheckConstraint(condition=Q(party_id__isnull=False) | Q(access_digest__isnull=False), name=name)
