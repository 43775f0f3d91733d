from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

_MARKED = Q(reference__startswith="TEST-")
_HELP = "Testantrag: zählt nirgends mit und verlässt das Portal nicht"


def _is_marked(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(_MARKED, is_test=True) | Q(~_MARKED, is_test=False), name=name)


class Migration(migrations.Migration):
    """Test applications: known by their reference, so for good, and bound to stay in the house.

    The rule over all rows is looked at in the next step, which locks nobody out.
    """

    dependencies = [("applications", "0017_german_names"), ("scope", "0001_refuse_change")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False, help_text=_HELP),
        ),
        migrations.AddField(
            model_name="application",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False, help_text=_HELP),
        ),
        AddConstraintNotValid(model_name="draft", constraint=_is_marked("draft_of_a_test_is_marked")),
        AddConstraintNotValid(model_name="application", constraint=_is_marked("test_application_is_marked")),
        migrations.RunSQL(
            sql="""
            CREATE TRIGGER test_stays BEFORE UPDATE ON applications_draft FOR EACH ROW
                WHEN (OLD.is_test IS DISTINCT FROM NEW.is_test) EXECUTE FUNCTION portal_refuse_change();
            CREATE TRIGGER test_stays BEFORE UPDATE ON applications_application FOR EACH ROW
                WHEN (OLD.is_test IS DISTINCT FROM NEW.is_test) EXECUTE FUNCTION portal_refuse_change();

            CREATE FUNCTION portal_keep_tests_in() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM applications_application WHERE id = NEW.application_id AND is_test) THEN
                    RAISE EXCEPTION 'a test application never leaves' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER tests_stay_in BEFORE INSERT ON applications_routing FOR EACH ROW
                WHEN (NEW.target = 'endpoint') EXECUTE FUNCTION portal_keep_tests_in();

            CREATE FUNCTION portal_take_no_money_for_tests() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM applications_decision d JOIN applications_application a ON a.id = d.application_id
                           WHERE d.id = NEW.decision_id AND a.is_test) THEN
                    RAISE EXCEPTION 'nobody pays for a test application' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER tests_are_free BEFORE INSERT ON applications_payment FOR EACH ROW
                EXECUTE FUNCTION portal_take_no_money_for_tests();
            """,
            reverse_sql="""
            DROP TRIGGER tests_are_free ON applications_payment; DROP FUNCTION portal_take_no_money_for_tests();
            DROP TRIGGER tests_stay_in ON applications_routing; DROP FUNCTION portal_keep_tests_in();
            DROP TRIGGER test_stays ON applications_application; DROP TRIGGER test_stays ON applications_draft;
            """,
        ),
    ]
