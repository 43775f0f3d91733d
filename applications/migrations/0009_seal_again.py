from django.db import migrations

_KEEP = """
CREATE OR REPLACE FUNCTION portal_keep_what_was_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.authority_id, OLD.offering_id, OLD.form_version_id, OLD.form_sha256, OLD.reference,
        OLD.answers, OLD.answers_sha256, OLD.submitted_at)
       IS DISTINCT FROM
       (NEW.id, NEW.authority_id, NEW.offering_id, NEW.form_version_id, NEW.form_sha256, NEW.reference,
        NEW.answers, NEW.answers_sha256, NEW.submitted_at)
       {unless}
    THEN
        RAISE EXCEPTION 'what was submitted never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """The same answers may be sealed with a new key, by the owner; their hash still tells that they are the same."""

    dependencies = [("applications", "0008_hand_over"), ("scope", "0002_reseal_and_erase")]

    operations = [
        migrations.RunSQL(
            sql=_KEEP.format(unless="AND NOT portal_only_sealed_again(to_jsonb(OLD), to_jsonb(NEW), TG_RELID)"),
            reverse_sql=_KEEP.format(unless=""),
        )
    ]
