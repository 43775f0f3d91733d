from django.db import migrations


class Migration(migrations.Migration):
    """A case goes as a whole, and only after its erasure was written down.

    The portal's role may not remove history; this function runs as the owner of the tables and removes the rows of one
    case, in the order of their references. Row-level security binds the owner too, so the caller's scope still counts.
    """

    dependencies = [
        ("applications", "0009_seal_again"),
        ("erasure", "0001_initial"),
        ("scope", "0002_reseal_and_erase"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION portal_erase_application(case_id uuid) RETURNS void
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                IF NOT EXISTS (SELECT 1 FROM erasure_erasure WHERE kind = 'application' AND object_id = case_id) THEN
                    RAISE EXCEPTION 'the erasure of a case is written down first' USING ERRCODE = 'restrict_violation';
                END IF;
                PERFORM set_config('portal.erasing', 'on', true);
                DELETE FROM applications_searchterm WHERE application_id = case_id;
                DELETE FROM applications_issueddocument WHERE application_id = case_id;
                DELETE FROM applications_receipt WHERE application_id = case_id;
                DELETE FROM applications_routing WHERE application_id = case_id;
                DELETE FROM applications_revocation WHERE decision_id IN
                    (SELECT id FROM applications_decision WHERE application_id = case_id);
                DELETE FROM applications_payment WHERE decision_id IN
                    (SELECT id FROM applications_decision WHERE application_id = case_id);
                DELETE FROM applications_decision WHERE application_id = case_id;
                DELETE FROM applications_correctionanswer WHERE request_id IN
                    (SELECT id FROM applications_correctionrequest WHERE application_id = case_id);
                DELETE FROM applications_correctionrequest WHERE application_id = case_id;
                DELETE FROM applications_message WHERE application_id = case_id;
                DELETE FROM applications_attachment WHERE application_id = case_id;
                DELETE FROM applications_transition WHERE application_id = case_id;
                DELETE FROM applications_application WHERE id = case_id;
                PERFORM set_config('portal.erasing', '', true);
            END $$;
            """,
            reverse_sql="DROP FUNCTION portal_erase_application(uuid);",
        )
    ]
