from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_folder")]

    operations = [
        migrations.AlterModelOptions("user", {"verbose_name": "Konto", "verbose_name_plural": "Konten"}),
    ]
