from django.db import migrations, models


class Migration(migrations.Migration):
    """A draft knows what it took over from an earlier application, so that nothing of it is sent unseen."""

    dependencies = [("applications", "0013_announcements")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="taken_over",
            field=models.BinaryField(help_text="versiegelt: was aus einem früheren Antrag übernommen ist", null=True),
        ),
    ]
