"""Which authority offers which service, with which form, level, fee and deadline, and who works on it."""

from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
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


def as_lines(text: str | list[str] | None) -> list[str]:
    """A text or a list of them as a list."""
    return [text] if isinstance(text, str) else text or []


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
    legal_basis, remedy, forms, and keywords for the search. `permit_title` is none of them: what is granted, by its own
    name ("Bewohnerparkausweis"), where the title says what people do ("Bewohnerparkausweis beantragen").
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
        return as_lines(self.text(module))

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
    texts = models.JSONField(
        default=dict, db_default={}, help_text="Module, die diese Behörde anders sagt; sonst gelten die der Leistung"
    )
    # What holds until the first dated rate; asked for by `catalogue.tariffs` only, which knows those too.
    fee = models.JSONField(default=dict, help_text="Gebühr oder Abgabe, siehe catalogue/fees.py")
    deciding_date = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Pfad der Frage, deren Tag die Gebühr entscheidet; leer: der Tag des Absendens",
    )
    earlier_paths = models.JSONField(
        default=dict, db_default={}, help_text="je älterer Version: wo dort steht, was Wege und Gebühren nennen"
    )
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
    closed_texts = models.JSONField(
        default=dict, db_default={}, help_text="Warum online vorübergehend geschlossen ist, je Sprache; leer: offen"
    )
    open_from = models.DateTimeField(null=True, help_text="ab wann Anträge angenommen werden")
    open_until = models.DateTimeField(null=True, help_text="bis wann Anträge angenommen werden")
    max_submissions = models.PositiveIntegerField(null=True, help_text="wie viele Anträge angenommen werden")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("authority", "service"), name="service_once_per_authority"),
            models.CheckConstraint(
                condition=Q(open_from__isnull=True) | Q(open_until__isnull=True) | Q(open_from__lt=F("open_until")),
                name="offering_opens_before_it_closes",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("catalogue:service", args=[self.authority.slug, self.service.slug])

    @property
    def all_texts(self) -> dict[str, Any]:
        """The modules as this authority says them."""
        return self.service.texts | self.texts

    @property
    def permit_title(self) -> str:
        """What a permit is called in the language of the page; the service's title where nobody has named it."""
        return in_language(self.all_texts.get("permit_title", {})) or self.service.title

    @property
    def teaser(self) -> str:
        return in_language(self.all_texts.get("teaser", {})) or ""

    def lines(self, module: str) -> list[str]:
        """A module as paragraphs or points, in the words of this authority."""
        return as_lines(in_language(self.all_texts.get(module, {})))

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


class Adoption(models.Model):
    """Where an offering came from: `base` is the service as it was when we took it over, see `adopting.part_of`.

    Theirs is found by `upstream_offering_id` (a number and no reference: they may leave), or is what a file brought.
    """

    offering = models.OneToOneField(Offering, primary_key=True, on_delete=models.CASCADE, related_name="adoption")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    upstream_offering_id = models.UUIDField(null=True)
    base = models.JSONField()
    newest = models.JSONField(null=True)
    stayed_sha256 = models.CharField(max_length=64, blank=True)


class Tariff(models.Model):
    """What an offering costs from a day on. Never changed; of two for the same day the later one holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="tariffs")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    valid_from = models.DateField()
    tariff = models.JSONField(help_text="siehe catalogue/fees.py")
    added_by_id = models.UUIDField(null=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("valid_from", "added_at", "id")
        indexes = [models.Index(fields=["offering", "valid_from"], name="tariffs_of_an_offering")]


class PlainPage(models.Model):
    """One page in plain words for an offering, in German; how far it has come, `catalogue.plain_pages.pages` says."""

    offering = models.OneToOneField(Offering, primary_key=True, on_delete=models.CASCADE, related_name="plain_page")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    texts = models.JSONField(default=dict, help_text="je Abschnitt ein Text, ein Satz je Zeile")
    is_shown = models.BooleanField(default=False)
    tested_by = models.CharField(max_length=200, blank=True, default="", help_text="die Prüfgruppe")
    tested_on = models.DateField(null=True)
    tested_source_sha256 = models.CharField(max_length=64, blank=True, default="")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tested_on__isnull=True) | ~Q(tested_by="") & ~Q(tested_source_sha256=""),
                name="plain_page_tested_by_somebody",
            )
        ]


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
