"""Authorities share one installation; departments are where their work is done."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

from authorities.endpoints import check_endpoint
from foundation.ids import TEST_PREFIX, new_id


class Opened(models.Model):
    """Where people may come: its opening hours, in German (`hours`) and in each language (`hours_in`)."""

    hours = models.CharField(max_length=300, blank=True)
    hours_in = models.JSONField(default=dict, db_default={}, blank=True, help_text="Öffnungszeiten je Sprache")

    class Meta:
        abstract = True

    @property
    def opening_hours(self) -> str:
        """The hours in the language of the page, else in German."""
        language = get_language() or "de"
        return self.hours if language == "de" else self.hours_in.get(language) or self.hours


def refuse_prefix_of_tests(prefix: str) -> None:
    """The numbers of an authority must not look like those of test applications."""
    if prefix.upper() == TEST_PREFIX:
        raise ValidationError(f"{TEST_PREFIX} steht vor Nummern von Testanträgen. Wählen Sie ein anderes Kürzel.")


class Authority(Opened):
    """A city or ministry: its name, its address, the block of law under its notices, the name of its keyset."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind_line = models.CharField(max_length=100, blank=True)
    short_name = models.CharField(max_length=100)
    reference_prefix = models.CharField(max_length=5, unique=True, validators=[refuse_prefix_of_tests])
    keyset = models.SlugField(unique=True)
    sort_key = models.CharField(max_length=200)
    street = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=5)
    city = models.CharField(max_length=80)
    phone = models.CharField(max_length=40)
    email = models.EmailField()
    website = models.URLField(blank=True)
    imprint = models.JSONField(
        default=dict, help_text="Vertretung, Aufsicht, Datenschutzbeauftragte; siehe hro_portal/pages/statements.py"
    )
    accessibility = models.JSONField(
        default=dict, help_text="Erklärung zur Barrierefreiheit; siehe hro_portal/pages/statements.py"
    )
    creditor_name = models.CharField(max_length=70, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    areas = models.JSONField(default=dict, help_text="Gebiete nach Straßen, siehe docs/form-definition.md")
    remedy = models.JSONField(default=dict, help_text="Rechtsbehelfsbelehrung je Sprache, freigegeben vom Rechtsamt")

    class Meta:
        verbose_name, verbose_name_plural = "Behörde", "Behörden"
        ordering = ("sort_key",)

    def __str__(self) -> str:
        return self.name


class Department(Opened):
    """An office: what people see of it, and where applications are routed to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="departments")
    slug = models.SlugField()
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=5)
    city = models.CharField(max_length=80)
    phone = models.CharField(max_length=40)
    email = models.EmailField()
    sort_key = models.CharField(max_length=200)
    endpoint = models.URLField(
        "Fachverfahren",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        validators=[check_endpoint],
        help_text="Adresse, an die neue Vorgänge als JSON übergeben werden. Leer: nur im Backoffice.",
    )

    class Meta:
        verbose_name, verbose_name_plural = "Amt", "Ämter"
        ordering = ("sort_key",)
        constraints = [
            models.UniqueConstraint(fields=("authority", "slug"), name="department_slug_once_per_authority"),
            # What composite foreign keys (department_id, authority_id) point at.
            models.UniqueConstraint(fields=("id", "authority"), name="department_with_its_authority"),
        ]

    def __str__(self) -> str:
        return self.name
