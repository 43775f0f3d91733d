"""What beat asks of the engine."""

from celery import shared_task

from forms_engine import use_cases


@shared_task(name="forms_engine.publish_due")
def publish_due() -> None:
    use_cases.publish_due()
