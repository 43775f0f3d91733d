from django.db import migrations


class Migration(migrations.Migration):
    """The function behind every append-only table."""

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$;
            """,
            reverse_sql="DROP FUNCTION portal_refuse_change();",
        ),
    ]
