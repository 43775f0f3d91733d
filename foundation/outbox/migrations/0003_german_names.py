from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_add_index_of_dead_rows")]

    operations = [
        migrations.AlterModelOptions(
            "outboxrow",
            {"verbose_name": "Aufgabe der Warteschlange", "verbose_name_plural": "Aufgaben der Warteschlange"},
        ),
    ]
