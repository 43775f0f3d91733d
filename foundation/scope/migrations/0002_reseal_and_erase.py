from django.db import migrations


class Migration(migrations.Migration):
    """What is never changed can still be sealed with a new key, and what the law wants gone can go.

    Both is open to the owner of the tables only, in a transaction that says what it does. The portal's role erases by
    a function that runs as the owner (`portal_erase_application`), and seals nothing again.
    """

    dependencies = [("scope", "0001_refuse_change")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION portal_by_owner(relation oid, purpose text) RETURNS boolean LANGUAGE sql STABLE AS $$
                SELECT coalesce(current_setting('portal.' || purpose, true), '') = 'on'
                   AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE pg_class.oid = relation)
            $$;
            CREATE FUNCTION portal_without_sealed(content jsonb, relation oid) RETURNS jsonb LANGUAGE sql STABLE AS $$
                SELECT content - ARRAY(SELECT attname::text FROM pg_attribute
                                       WHERE attrelid = relation AND atttypid = 'bytea'::regtype)
            $$;
            CREATE FUNCTION portal_only_sealed_again(old_row jsonb, new_row jsonb, relation oid) RETURNS boolean
                LANGUAGE sql STABLE AS $$
                SELECT portal_by_owner(relation, 'resealing')
                   AND portal_without_sealed(old_row, relation) = portal_without_sealed(new_row, relation)
            $$;
            CREATE OR REPLACE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND portal_by_owner(TG_RELID, 'erasing') THEN
                    RETURN OLD;
                END IF;
                IF TG_OP = 'UPDATE' AND portal_only_sealed_again(to_jsonb(OLD), to_jsonb(NEW), TG_RELID) THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE FUNCTION portal_refuse_change_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$;
            """,
            reverse_sql="""
            CREATE OR REPLACE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$;
            DROP FUNCTION portal_refuse_change_for_ever();
            DROP FUNCTION portal_only_sealed_again(jsonb, jsonb, oid);
            DROP FUNCTION portal_without_sealed(jsonb, oid);
            DROP FUNCTION portal_by_owner(oid, text);
            """,
        ),
    ]
