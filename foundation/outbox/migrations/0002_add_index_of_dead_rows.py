from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outboxrow",
            index=models.Index(condition=models.Q(("state", "dead")), fields=["due_at"], name="outbox_dead"),
        ),
    ]
