from django.db import migrations, models


class Migration(migrations.Migration):
    """Wishes and ideas are answered, not approved."""

    dependencies = [("catalogue", "0003_find_and_answer_for")]

    operations = [
        migrations.AddField(
            "offering",
            "is_answered",
            models.BooleanField(
                default=False, help_text="Wird beantwortet, nicht genehmigt: ohne Gebühr und Rechtsbehelf"
            ),
        ),
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION portal_last_route_is_unconditional() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM catalogue_offering WHERE id = coalesce(NEW.offering_id, OLD.offering_id))
                   AND coalesce((SELECT condition IS NOT NULL FROM catalogue_routerule
                        WHERE offering_id = coalesce(NEW.offering_id, OLD.offering_id) ORDER BY position DESC LIMIT 1), true)
                THEN
                    RAISE EXCEPTION 'the last route has no condition' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER last_route_is_unconditional AFTER INSERT OR UPDATE OR DELETE
                ON catalogue_routerule DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION portal_last_route_is_unconditional();
            """,
            reverse_sql="""
            DROP TRIGGER last_route_is_unconditional ON catalogue_routerule;
            DROP FUNCTION portal_last_route_is_unconditional();
            """,
        ),
    ]
