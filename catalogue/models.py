"""Which authority offers which service, with which form, level, fee and deadline, and who works on it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from authorities.models import Authority, Department
from forms_engine.models import Form
from foundation.ids import new_id


class Service(models.Model):
    """A Leistung, the same for every authority. `texts` holds the XZuFi modules as language maps.

    Modules (german-standards: XZuFi): title, teaser, description, requirements, documents, procedure,
    legal_basis, and keywords for the search.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=40, unique=True, help_text="LeiKa-Schlüssel oder eigener Schlüssel")
    slug = models.SlugField(max_length=80, unique=True)
    texts = models.JSONField(default=dict)

    def text(self, module: str) -> Any:
        """A module of the description in the language of the page, else in German; None if there is none."""
        by_language = self.texts.get(module, {})
        return by_language.get(get_language() or "de") or by_language.get("de")

    @property
    def title(self) -> str:
        return self.text("title") or self.slug

    @property
    def teaser(self) -> str:
        return self.text("teaser") or ""

    @property
    def documents(self) -> list[str]:
        return self.text("documents") or []

    @property
    def procedure(self) -> list[str]:
        return self.text("procedure") or []


class Offering(models.Model):
    """A service at one authority."""

    class Level(models.TextChoices):
        NONE = "none", "ohne Konto möglich"
        BASIS = "basis", "mit Konto"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="offerings")
    form = models.ForeignKey(Form, on_delete=models.PROTECT)
    level = models.CharField(max_length=6, choices=Level.choices)
    fee = models.JSONField(default=dict, help_text="Gebühr oder Abgabe, siehe catalogue/fees.py")
    deadline_weeks = models.PositiveSmallIntegerField()
    retention_months = models.PositiveSmallIntegerField()
    privacy = models.JSONField(default=dict, help_text="Zweck, Rechtsgrundlage, Empfänger je Sprache (DSGVO Art. 13)")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("authority", "service"), name="service_once_per_authority")]

    def get_absolute_url(self) -> str:
        return reverse("catalogue:service", args=[self.authority.slug, self.service.slug])


class RouteRule(models.Model):
    """Where an application goes: the first rule whose condition holds; the last one has none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="route_rules")
    position = models.PositiveSmallIntegerField()
    condition = models.JSONField(null=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("offering", "position"), name="route_position_once_per_offering"),
            models.UniqueConstraint(
                fields=("offering",), condition=Q(condition__isnull=True), name="one_unconditional_route"
            ),
        ]
