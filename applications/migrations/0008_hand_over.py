import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """A hand-over to a department's own program is known before it is confirmed."""

    dependencies = [
        ("applications", "0007_issued_documents"),
        ("authorities", "0005_department_endpoint"),
    ]

    operations = [
        migrations.AlterField(
            model_name="routing",
            name="delivered_at",
            field=models.DateTimeField(db_default=Now(), null=True),
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "department",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="authorities.department",
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("ask_again_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
