import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import foundation.ids
from foundation.scope.operations import BY_PARTY, BY_SYSTEM, RowSecurity, any_of, by_parent

_OWN = any_of(BY_PARTY, BY_SYSTEM)


class Migration(migrations.Migration):
    """People keep documents; nobody else sees them, and nothing is hung on a file that its writer does not see."""

    dependencies = [
        ("accounts", "0004_data_protection_officer"),
        ("files", "0004_files_of_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("details", models.BinaryField(help_text="versiegelt: Art, Bezeichnung, Dateiname, Daten")),
                ("kept_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "file",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="accounts.party"
                    ),
                ),
            ],
            options={"ordering": ("-kept_at", "-id")},
        ),
        RowSecurity(
            "accounts_document",
            using=_OWN,
            check=f"({_OWN}) AND ({by_parent('files_storedfile', 'file_id')})",
        ),
    ]
