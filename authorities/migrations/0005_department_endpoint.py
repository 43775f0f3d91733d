from django.db import migrations, models

from authorities.endpoints import check_endpoint


class Migration(migrations.Migration):
    dependencies = [("authorities", "0004_areas")]

    operations = [
        migrations.AddField(
            model_name="department",
            name="endpoint",
            field=models.URLField(
                blank=True,
                db_default="",
                default="",
                help_text="Adresse, an die neue Vorgänge als JSON übergeben werden. Leer: nur im Backoffice.",
                max_length=300,
                validators=[check_endpoint],
                verbose_name="Fachverfahren",
            ),
        ),
    ]
