"""Which authority offers which service, with which form, level, fee and deadline, and who works on it."""

from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from authorities import clock
from authorities.models import Authority, Department
from forms_engine.models import Form
from foundation.files.models import StoredFile
from foundation.ids import new_id

#: What the search looks into, and how much a word counts there (PostgreSQL's A to D).
WEIGHTS = {"title": "A", "keywords": "B", "teaser": "C", "description": "D"}
DICTIONARIES = {"de": "german", "en": "english"}


def _words() -> str:
    """SQL of all words of a service in both languages; it never changes, since a migration holds a copy."""
    parts = [
        f"setweight(to_tsvector('{dictionary}', coalesce(texts->'{module}'->'{language}', '\"\"'::jsonb)), '{weight}')"
        for module, weight in WEIGHTS.items()
        for language, dictionary in DICTIONARIES.items()
    ]
    return " || ".join(parts)


def in_language(texts: dict[str, Any]) -> Any:
    """A language map in the language of the page, else in German; None if it is empty."""
    return texts.get(get_language() or "de") or texts.get("de")


class Situation(models.Model):
    """A part of life or of business in which people look for services."""

    class Audience(models.TextChoices):
        CITIZENS = "citizens", "Bürgerinnen und Bürger"
        BUSINESSES = "businesses", "Unternehmen und Vereine"

    slug = models.SlugField(primary_key=True)
    texts = models.JSONField(default=dict, help_text="title je Sprache")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    icon = models.CharField(max_length=40, help_text="Datei in static/portal/img")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)

    def get_absolute_url(self) -> str:
        return reverse("catalogue:situation", args=[self.slug])

    @property
    def title(self) -> str:
        return in_language(self.texts.get("title", {})) or self.slug


class Service(models.Model):
    """A Leistung, the same for every authority. `texts` holds the XZuFi modules as language maps.

    Modules (XZuFi): title, teaser, description, requirements, documents, fees, deadline, duration, procedure,
    legal_basis, remedy, forms, and keywords for the search.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=40, unique=True, help_text="LeiKa-Schlüssel oder eigener Schlüssel")
    slug = models.SlugField(max_length=80, unique=True)
    # Null and not empty: most services have none, and the others are unique.
    short = models.SlugField(max_length=40, unique=True, null=True, help_text="Kurzadresse")  # noqa: DJ001
    audience = models.JSONField(default=list, help_text="citizens, businesses")
    situations = models.ManyToManyField(Situation, related_name="services")
    texts = models.JSONField(default=dict)
    words = models.GeneratedField(
        expression=Func(template=_words(), output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    def text(self, module: str) -> Any:
        """A module of the description in the language of the page, else in German; None if there is none."""
        return in_language(self.texts.get(module, {}))

    def lines(self, module: str) -> list[str]:
        """A module as paragraphs or points."""
        text = self.text(module) or []
        return [text] if isinstance(text, str) else text

    @property
    def title(self) -> str:
        return self.text("title") or self.slug

    @property
    def teaser(self) -> str:
        return self.text("teaser") or ""


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
    deadline_working_days = models.PositiveSmallIntegerField(null=True, help_text="wo ein Gesetz Tage nennt; gilt dann")
    retention_months = models.PositiveSmallIntegerField()
    privacy = models.JSONField(default=dict, help_text="Zweck, Rechtsgrundlage, Empfänger je Sprache (DSGVO Art. 13)")
    appointment_url = models.URLField(blank=True, help_text="Terminbuchung an anderer Stelle")
    owner = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, help_text="wer den Inhalt verantwortet")
    reviewed_on = models.DateField(null=True)
    next_review_on = models.DateField(null=True)
    is_answered = models.BooleanField(
        default=False, help_text="Wird beantwortet, nicht genehmigt: ohne Gebühr und Rechtsbehelf"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("authority", "service"), name="service_once_per_authority")]

    def get_absolute_url(self) -> str:
        return reverse("catalogue:service", args=[self.authority.slug, self.service.slug])

    def due_on(self, start: date) -> date:
        """By when an application that came on this day is decided: always a working day."""
        if self.deadline_working_days:
            return clock.due_date(start, working_days=self.deadline_working_days)
        return clock.due_date(start, weeks=self.deadline_weeks)

    @property
    def duration(self) -> str:
        """The same for people, in the language of the page: "in der Regel bis zu 4 Wochen"."""
        if days := self.deadline_working_days:
            words = ngettext("bis zu %(number)s Arbeitstag", "bis zu %(number)s Arbeitstagen", days)
            return words % {"number": days}
        words = ngettext("bis zu %(number)s Woche", "bis zu %(number)s Wochen", self.deadline_weeks)
        return _("in der Regel %(span)s") % {"span": words % {"number": self.deadline_weeks}}


class Poster(models.Model):
    """The poster of an offering; `content_sha256` tells what stands on it, so that a change makes a new one."""

    offering = models.OneToOneField(Offering, primary_key=True, on_delete=models.CASCADE, related_name="poster")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    content_sha256 = models.CharField(max_length=64)


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
