import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.scope.operations import ANYONE, BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of

_OWN = any_of(BY_AUTHORITY, BY_SYSTEM)
#: Offerings are seen by everybody, so the page's authority has to be asked for too.
_OF_ITS_OFFERING = """EXISTS (SELECT 1 FROM catalogue_offering offered
    WHERE offered.id = offering_id AND offered.authority_id = catalogue_plainpage.authority_id)"""


class Migration(migrations.Migration):
    """A page in plain words per offering: what a city tells everybody, written by its authority."""

    dependencies = [("authorities", "0005_department_endpoint"), ("catalogue", "0008_tariffs")]

    operations = [
        migrations.CreateModel(
            name="PlainPage",
            fields=[
                (
                    "offering",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="plain_page",
                        serialize=False,
                        to="catalogue.offering",
                    ),
                ),
                ("texts", models.JSONField(default=dict, help_text="je Abschnitt ein Text, ein Satz je Zeile")),
                ("is_shown", models.BooleanField(default=False)),
                (
                    "tested_by",
                    models.CharField(blank=True, default="", help_text="die Prüfgruppe", max_length=200),
                ),
                ("tested_on", models.DateField(null=True)),
                ("tested_source_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("changed_at", models.DateTimeField(db_default=Now())),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(tested_on__isnull=True) | ~Q(tested_by="") & ~Q(tested_source_sha256=""),
                        name="plain_page_tested_by_somebody",
                    )
                ],
            },
        ),
        RowSecurity("catalogue_plainpage", using=ANYONE, check=f"({_OWN}) AND {_OF_ITS_OFFERING}"),
    ]
