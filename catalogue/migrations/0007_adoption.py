import django.db.models.deletion
from django.db import migrations, models

from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    """An authority may say a text of a service in its own words; where an offering came from is its own."""

    dependencies = [("catalogue", "0006_open_for_a_time"), ("authorities", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="offering",
            name="texts",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="Module, die diese Behörde anders sagt; sonst gelten die der Leistung",
            ),
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                (
                    "offering",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="adoption",
                        serialize=False,
                        to="catalogue.offering",
                    ),
                ),
                ("upstream_offering_id", models.UUIDField(null=True)),
                ("base", models.JSONField()),
                ("newest", models.JSONField(null=True)),
                ("stayed_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
            ],
        ),
        RowSecurity("catalogue_adoption", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
