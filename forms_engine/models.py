"""Forms and their versions. A published version never changes (architecture, law 3)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from authorities.models import Authority
from foundation.ids import new_id


class Form(models.Model):
    """A form of an authority; what it asks stands in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    key = models.SlugField(max_length=80)
    upstream_version = models.ForeignKey("FormVersion", null=True, on_delete=models.PROTECT, related_name="followers")
    #: Rules in words of the schema that it came from, each with its state: `forms_engine.proposals`.
    proposals = models.JSONField(default=list, db_default=[])

    class Meta:
        constraints = [models.UniqueConstraint(fields=("authority", "key"), name="form_key_once_per_authority")]


class FormVersion(models.Model):
    """One definition of a form. A trigger keeps it as it is once `published_at` is set."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    no = models.PositiveIntegerField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    created_by_id = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    edited_by_id = models.UUIDField(null=True)
    edited_at = models.DateTimeField(null=True)
    published_by_id = models.UUIDField(null=True)
    reason = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="Warum es diese Version gibt"
    )
    publish_at = models.DateTimeField(null=True, help_text="Wann sie von selbst veröffentlicht wird")
    publish_sha256 = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Was geplant wurde; eine andere Fassung geht nicht hinaus",
    )
    publish_failed_at = models.DateTimeField(null=True, help_text="Wann das Veröffentlichen abgelehnt wurde")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("form", "no"), name="form_version_no_once"),
            models.UniqueConstraint(
                fields=("form",), condition=Q(published_at__isnull=True), name="one_unpublished_version_per_form"
            ),
        ]


class Upstream(models.Model):
    """Where an adopted form came from, kept as data: the other authority may leave, or may never have been here.

    `definition` is what both began with; `newest` is what a file brought since, as `{"provenance", "definition",
    "code_lists"}`.
    What an authority of this installation published since is found by `Form.upstream_version`.
    """

    form = models.OneToOneField(Form, primary_key=True, on_delete=models.CASCADE, related_name="upstream")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    peer = models.CharField(max_length=40, blank=True, help_text="Name, unter dem wir dem Siegel trauen; leer: hier")
    provenance = models.JSONField(help_text="siehe forms_engine/sharing/file.schema.json")
    definition = models.JSONField()
    newest = models.JSONField(null=True)
    stayed_sha256 = models.CharField(max_length=64, blank=True, help_text="Fassung, bei der wir nicht mitgehen")
    stayed_reason = models.CharField(max_length=500, blank=True)
    stayed_at = models.DateTimeField(null=True)
    stayed_by_id = models.UUIDField(null=True)

    @property
    def origin_name(self) -> str:
        return self.provenance["authority"]["name"]


class CodeList(models.Model):
    """A list of codes in one version, frozen when it was imported."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    uri = models.CharField(max_length=500)
    version = models.CharField(max_length=100)
    entries = models.JSONField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, help_text="Ab wann sie gilt; leer: seit jeher")
    origin = models.JSONField(null=True, help_text="Wer sie mitgebracht hat; leer: hier eingelesen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("uri", "version"), name="code_list_version_once")]


class TranslationLook(models.Model):
    """An author found a translation right for its source (`forms_engine.translations`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="translation_looks")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    path = models.CharField(max_length=1000)
    source_sha256 = models.CharField(max_length=64)
    translation_sha256 = models.CharField(max_length=64)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("form", "path", "source_sha256", "translation_sha256"), name="translation_looked_at_once"
            )
        ]
