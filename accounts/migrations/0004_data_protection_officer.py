from django.db import migrations, models


class Migration(migrations.Migration):
    """Who answers for data protection reads the read log, and nothing else."""

    dependencies = [("accounts", "0003_organisations")]

    operations = [
        migrations.AlterField(
            model_name="staffrole",
            name="role",
            field=models.CharField(
                choices=[
                    ("clerk", "Sachbearbeitung"),
                    ("head", "Leitung"),
                    ("form_author", "Formulare"),
                    ("operator", "Betrieb"),
                    ("data_protection", "Datenschutz"),
                ],
                max_length=15,
            ),
        ),
    ]
