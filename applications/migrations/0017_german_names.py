from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0016_remarks")]

    operations = [
        migrations.AlterModelOptions("application", {"verbose_name": "Vorgang", "verbose_name_plural": "Vorgänge"}),
    ]
