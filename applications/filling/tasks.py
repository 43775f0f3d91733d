"""Work on drafts that beat asks for."""

from celery import shared_task

from applications.filling import use_cases


@shared_task(name="applications.discard_expired_drafts")
def discard_expired_drafts() -> None:
    use_cases.discard_expired_drafts()
