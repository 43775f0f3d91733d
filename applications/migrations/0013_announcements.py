import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Now

from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, AppendOnly, RowSecurity, any_of


class Migration(migrations.Migration):
    """What an authority wrote to all whose cases a fault touched; its own, and never changed."""

    dependencies = [
        ("applications", "0012_hang_on_ones_own"),
        ("authorities", "0005_department_endpoint"),
        ("catalogue", "0005_deadline_in_working_days"),
        ("scope", "0002_reseal_and_erase"),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="zu wie vielen Vorgängen")),
                ("text", models.BinaryField(help_text="versiegelt")),
                ("by_user_id", models.UUIDField()),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
                (
                    "offering",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.offering"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["authority", "-at"], name="announcements_of_an_authority")],
                "constraints": [
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="fault_ends_after_it_began"),
                    models.CheckConstraint(condition=Q(number__gt=0), name="announcement_to_somebody"),
                ],
            },
        ),
        RowSecurity("applications_announcement", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
        AppendOnly("applications_announcement"),
    ]
