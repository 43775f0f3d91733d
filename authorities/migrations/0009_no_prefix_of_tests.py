from django.db import migrations, models

import authorities.models


class Migration(migrations.Migration):
    """Numbers that begin with TEST are those of test applications."""

    dependencies = [("authorities", "0008_german_names")]

    operations = [
        migrations.AlterField(
            model_name="authority",
            name="reference_prefix",
            field=models.CharField(max_length=5, unique=True, validators=[authorities.models.refuse_prefix_of_tests]),
        ),
    ]
