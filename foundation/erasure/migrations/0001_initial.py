from django.db import migrations, models
from django.db.models.functions import Now

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of

# Whoever removes something leaves a note, also a person, who may not read it. Without a scope the cast fails.
IN_ANY_SCOPE = "current_setting('portal.authority')::uuid IS NOT NULL"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("scope", "0002_reseal_and_erase")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("authority_id", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                ("reason", models.SlugField()),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="erased_once")],
            },
        ),
        RowSecurity("erasure_erasure", using=any_of(BY_AUTHORITY, BY_SYSTEM), check=IN_ANY_SCOPE),
        migrations.RunSQL(
            sql="""CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON erasure_erasure
                   FOR EACH ROW EXECUTE FUNCTION portal_refuse_change_for_ever();""",
            reverse_sql="DROP TRIGGER append_only ON erasure_erasure;",
        ),
    ]
