from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("applications", "0018_test_applications")]

    operations = [
        ValidateConstraint(model_name="draft", name="draft_of_a_test_is_marked"),
        ValidateConstraint(model_name="application", name="test_application_is_marked"),
        AddIndexConcurrently(
            "application",
            models.Index(condition=Q(("is_test", True)), fields=["submitted_at"], name="tests_by_time"),
        ),
    ]
