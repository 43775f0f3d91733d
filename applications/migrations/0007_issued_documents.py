import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_CODE, BY_SYSTEM, AppendOnly, RowSecurity, any_of, by_parent


class Migration(migrations.Migration):
    """Which sealed documents left the house, and which permits were taken back."""

    dependencies = [
        ("applications", "0006_decisions_that_live"),
        ("authorities", "0004_areas"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            "IssuedDocument",
            [
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("access_digest", models.BinaryField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("receipt", "Eingangsbestätigung"), ("notice", "Bescheid")], max_length=7
                    ),
                ),
                ("issued_at", models.DateTimeField(db_default=Now())),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued",
                        to="applications.application",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issued", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "Revocation",
            [
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="revocation",
                        serialize=False,
                        to="applications.decision",
                    ),
                ),
                ("effective_on", models.DateField()),
                ("reason", models.BinaryField(help_text="versiegelt")),
                ("by_id", models.UUIDField()),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
            ],
        ),
        # The token on the document opens its one row: that it was issued, and by whom.
        RowSecurity(
            "applications_issueddocument",
            using=any_of(BY_AUTHORITY, BY_CODE, BY_SYSTEM),
            check=any_of(BY_AUTHORITY, BY_SYSTEM),
        ),
        RowSecurity(
            "applications_revocation",
            using=by_parent("applications_decision", "decision_id"),
            check=any_of(BY_AUTHORITY, BY_SYSTEM),
        ),
        AppendOnly("applications_issueddocument"),
        AppendOnly("applications_revocation"),
    ]
