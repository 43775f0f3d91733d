import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Now

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, AppendOnly, RowSecurity, any_of, by_parent


class Migration(migrations.Migration):
    """A permit has an end, a place and conditions; a wish is answered; a fee is paid, and somebody noted it."""

    dependencies = [("applications", "0005_messages"), ("authorities", "0004_areas")]

    operations = [
        migrations.AlterField(
            "decision",
            "outcome",
            models.CharField(
                choices=[
                    ("approved", "genehmigt"),
                    ("partially", "teilweise genehmigt"),
                    ("refused", "abgelehnt"),
                    ("answered", "beantwortet"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddField("decision", "valid_from", models.DateField(null=True)),
        migrations.AddField("decision", "valid_until", models.DateField(null=True)),
        migrations.AddField("decision", "place", models.BinaryField(help_text="versiegelt", null=True)),
        migrations.AddField("decision", "conditions", models.BinaryField(help_text="versiegelt", null=True)),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=False, valid_until__gte=F("valid_from")),
                name="valid_until_comes_after_valid_from",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=~Q(outcome="answered")
                | Q(fee__isnull=True, fee_due_on__isnull=True, valid_from__isnull=True, place__isnull=True),
                name="an_answer_costs_and_grants_nothing",
            ),
        ),
        migrations.CreateModel(
            "Payment",
            [
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("paid_on", models.DateField(null=True)),
                ("set_by_id", models.UUIDField()),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="applications.decision",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
            ],
            options={"ordering": ("at", "id")},
        ),
        RowSecurity(
            "applications_payment",
            using=by_parent("applications_decision", "decision_id"),
            check=any_of(BY_AUTHORITY, BY_SYSTEM),
        ),
        AppendOnly("applications_payment"),
    ]
