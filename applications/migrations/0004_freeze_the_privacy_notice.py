from django.db import migrations, models


class Migration(migrations.Migration):
    """What a person was told when they sent their data (GDPR Art. 13) stays as it was told."""

    dependencies = [("applications", "0003_one_door"), ("scope", "0001_refuse_change")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="privacy_notice",
            field=models.JSONField(default=dict, help_text="Datenschutzhinweis, wie er beim Absenden galt (Art. 13)"),
        ),
        migrations.RunSQL(
            sql="""CREATE TRIGGER privacy_notice_stays BEFORE UPDATE ON applications_application FOR EACH ROW
                   WHEN (OLD.privacy_notice IS DISTINCT FROM NEW.privacy_notice)
                   EXECUTE FUNCTION portal_refuse_change();""",
            reverse_sql="DROP TRIGGER privacy_notice_stays ON applications_application;",
        ),
    ]
