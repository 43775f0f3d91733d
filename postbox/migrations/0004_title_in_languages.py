from django.db import migrations, models


class Migration(migrations.Migration):
    """Titles in each language of the pages; `title` stays the one of the document, which is German."""

    dependencies = [("postbox", "0003_deliver_again")]

    operations = [
        migrations.AddField(
            "postboxitem",
            "title_in",
            models.JSONField(blank=True, db_default={}, default=dict, help_text="derselbe je Sprache der Seiten"),
        )
    ]
