from django.db import migrations


class Migration(migrations.Migration):
    """What is kept for ever leaves with its authority: the owner removes it, in a transaction that says so."""

    dependencies = [("scope", "0002_reseal_and_erase")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE OR REPLACE FUNCTION portal_refuse_change_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND portal_by_owner(TG_RELID, 'leaving') THEN
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$;
            """,
            reverse_sql="""
            CREATE OR REPLACE FUNCTION portal_refuse_change_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$;
            """,
        ),
    ]
