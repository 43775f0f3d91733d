import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import foundation.ids
from foundation.scope.operations import ANYONE, BY_AUTHORITY, BY_SYSTEM, AppendOnly, RowSecurity, any_of

_OWN = any_of(BY_AUTHORITY, BY_SYSTEM)
#: Offerings are seen by everybody, so the rate's authority has to be asked for too.
_OF_ITS_OFFERING = """EXISTS (SELECT 1 FROM catalogue_offering offered
    WHERE offered.id = offering_id AND offered.authority_id = catalogue_tariff.authority_id)"""


class Migration(migrations.Migration):
    """Rates with the day from which they hold. What held once is never changed; prices are public."""

    dependencies = [
        ("authorities", "0005_department_endpoint"),
        ("catalogue", "0007_adoption"),
        ("scope", "0002_reseal_and_erase"),
    ]

    operations = [
        migrations.AddField(
            model_name="offering",
            name="deciding_date",
            field=models.CharField(
                blank=True,
                default="",
                db_default="",
                help_text="Pfad der Frage, deren Tag die Gebühr entscheidet; leer: der Tag des Absendens",
                max_length=200,
            ),
        ),
        migrations.CreateModel(
            name="Tariff",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField()),
                ("tariff", models.JSONField(help_text="siehe catalogue/fees.py")),
                ("added_by_id", models.UUIDField(null=True)),
                ("added_at", models.DateTimeField(db_default=Now())),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tariffs", to="catalogue.offering"
                    ),
                ),
            ],
            options={
                "ordering": ("valid_from", "added_at", "id"),
                "indexes": [models.Index(fields=["offering", "valid_from"], name="tariffs_of_an_offering")],
            },
        ),
        RowSecurity("catalogue_tariff", using=ANYONE, check=f"({_OWN}) AND {_OF_ITS_OFFERING}"),
        AppendOnly("catalogue_tariff"),
    ]
