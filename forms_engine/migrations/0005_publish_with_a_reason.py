from django.db import migrations, models


class Migration(migrations.Migration):
    """A version says why it is there and who published it, and may wait for its day."""

    dependencies = [("forms_engine", "0004_check_out_of_a_form")]

    operations = [
        migrations.AddField("formversion", "published_by_id", models.UUIDField(null=True)),
        migrations.AddField(
            "formversion",
            "reason",
            models.CharField(
                max_length=500, blank=True, default="", db_default="", help_text="Warum es diese Version gibt"
            ),
        ),
        migrations.AddField(
            "formversion",
            "publish_at",
            models.DateTimeField(null=True, help_text="Wann sie von selbst veröffentlicht wird"),
        ),
        migrations.AddField(
            "formversion",
            "publish_sha256",
            models.CharField(
                max_length=64,
                blank=True,
                default="",
                db_default="",
                help_text="Was geplant wurde; eine andere Fassung geht nicht hinaus",
            ),
        ),
        migrations.AddField(
            "formversion",
            "publish_failed_at",
            models.DateTimeField(null=True, help_text="Wann das Veröffentlichen abgelehnt wurde"),
        ),
    ]
