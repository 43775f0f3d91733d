from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What was not retrieved goes out once more, as a letter: one way at a time, not one way for ever."""

    dependencies = [("postbox", "0002_walls")]

    operations = [
        migrations.RemoveConstraint("postboxitem", "document_delivered_once"),
        migrations.AddConstraint(
            "postboxitem",
            models.UniqueConstraint(
                fields=("subject_id", "file_id"),
                condition=Q(ended_at__isnull=True),
                name="document_on_one_way_at_a_time",
            ),
        ),
        migrations.AddIndex(
            "postboxitem",
            models.Index(
                fields=["notified_at"],
                condition=Q(regime="retrieval", retrieved_at__isnull=True, ended_at__isnull=True),
                name="postbox_not_yet_retrieved",
            ),
        ),
    ]
