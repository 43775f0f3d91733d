from django.db import migrations

from applications.states import LEGAL


def fill_legal_transitions(apps, schema_editor):
    table = apps.get_model("applications", "LegalTransition")
    table.objects.using(schema_editor.connection.alias).bulk_create(
        table(from_state=start, to_state=end) for start, end in sorted(LEGAL)
    )


class Migration(migrations.Migration):
    """The state is the last transition, and only a legal one: the database refuses anything else (law 1)."""

    dependencies = [("applications", "0002_walls")]

    operations = [
        migrations.RunPython(fill_legal_transitions, migrations.RunPython.noop),
        migrations.RunSQL(
            sql="""
            ALTER TABLE applications_transition
                ADD CONSTRAINT only_legal_transitions FOREIGN KEY (from_state, to_state)
                    REFERENCES applications_legaltransition (from_state, to_state),
                ADD COLUMN previous_no integer GENERATED ALWAYS AS (nullif(no - 1, 0)) STORED,
                ADD CONSTRAINT starts_at_the_beginning CHECK ((no = 1) = (from_state = 'INITIATED')),
                ADD CONSTRAINT goes_on_where_it_was FOREIGN KEY (application_id, previous_no, from_state)
                    REFERENCES applications_transition (application_id, no, to_state);
            ALTER TABLE applications_application
                ADD CONSTRAINT state_is_the_last_transition FOREIGN KEY (id, state_no, state)
                    REFERENCES applications_transition (application_id, no, to_state) DEFERRABLE INITIALLY DEFERRED,
                ADD CONSTRAINT department_of_its_authority FOREIGN KEY (department_id, authority_id)
                    REFERENCES authorities_department (id, authority_id);
            ALTER TABLE applications_routing
                ADD CONSTRAINT routing_department_of_its_authority FOREIGN KEY (department_id, authority_id)
                    REFERENCES authorities_department (id, authority_id);
            """,
            reverse_sql="""
            ALTER TABLE applications_routing DROP CONSTRAINT routing_department_of_its_authority;
            ALTER TABLE applications_application
                DROP CONSTRAINT state_is_the_last_transition, DROP CONSTRAINT department_of_its_authority;
            ALTER TABLE applications_transition
                DROP CONSTRAINT goes_on_where_it_was, DROP CONSTRAINT starts_at_the_beginning,
                DROP COLUMN previous_no, DROP CONSTRAINT only_legal_transitions;
            """,
        ),
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION portal_keep_what_was_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (OLD.id, OLD.authority_id, OLD.offering_id, OLD.form_version_id, OLD.form_sha256, OLD.reference,
                    OLD.answers, OLD.answers_sha256, OLD.submitted_at)
                   IS DISTINCT FROM
                   (NEW.id, NEW.authority_id, NEW.offering_id, NEW.form_version_id, NEW.form_sha256, NEW.reference,
                    NEW.answers, NEW.answers_sha256, NEW.submitted_at)
                THEN
                    RAISE EXCEPTION 'what was submitted never changes' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER submitted_stays BEFORE UPDATE ON applications_application
                FOR EACH ROW EXECUTE FUNCTION portal_keep_what_was_submitted();
            """,
            reverse_sql="""
            DROP TRIGGER submitted_stays ON applications_application;
            DROP FUNCTION portal_keep_what_was_submitted();
            """,
        ),
    ]
