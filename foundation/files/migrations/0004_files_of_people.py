from django.db import migrations, models

from foundation.scope.operations import BY_PARTY, BY_SYSTEM, any_of

#: A file of no authority is its party's, and nobody else's.
_OWN = f"authority_id IS NULL AND {BY_PARTY.replace('party_id', 'subject_id')}"


class Migration(migrations.Migration):
    """People keep files of their own, which belong to no authority."""

    dependencies = [("files", "0003_find_what_waits_and_what_came_today")]

    operations = [
        migrations.AlterField(model_name="storedfile", name="authority_id", field=models.UUIDField(null=True)),
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY folder ON files_storedfile FOR SELECT USING ({any_of(_OWN, BY_SYSTEM)});
            CREATE POLICY folder_add ON files_storedfile FOR INSERT WITH CHECK ({_OWN});
            CREATE POLICY folder_remove ON files_storedfile FOR DELETE USING ({_OWN});
            """,
            reverse_sql="""
            DROP POLICY folder ON files_storedfile; DROP POLICY folder_add ON files_storedfile;
            DROP POLICY folder_remove ON files_storedfile;
            """,
        ),
    ]
