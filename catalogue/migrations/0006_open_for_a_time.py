from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """A service may be open for a time, and for so many applications."""

    dependencies = [("catalogue", "0005_deadline_in_working_days")]

    operations = [
        migrations.AddField(
            "offering",
            "open_from",
            models.DateTimeField(null=True, help_text="ab wann Anträge angenommen werden"),
        ),
        migrations.AddField(
            "offering",
            "open_until",
            models.DateTimeField(null=True, help_text="bis wann Anträge angenommen werden"),
        ),
        migrations.AddField(
            "offering",
            "max_submissions",
            models.PositiveIntegerField(null=True, help_text="wie viele Anträge angenommen werden"),
        ),
        migrations.AddConstraint(
            "offering",
            models.CheckConstraint(
                condition=Q(open_from__isnull=True) | Q(open_until__isnull=True) | Q(open_from__lt=F("open_until")),
                name="offering_opens_before_it_closes",
            ),
        ),
    ]
