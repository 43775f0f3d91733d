import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Authors may offer a newer version of the form to drafts that were begun on an older one."""

    dependencies = [
        ("applications", "0014_take_over"),
        ("forms_engine", "0005_publish_with_a_reason"),
    ]

    operations = [
        migrations.AddField(
            "draft",
            "offered_version",
            models.ForeignKey(
                "forms_engine.formversion",
                null=True,
                # Few drafts are offered one, and nothing looks for them: an index would only lock the table.
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                help_text="welche Fassung das Amt anbietet; die Person entscheidet",
            ),
        ),
    ]
