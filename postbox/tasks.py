"""Celery's door to the postbox."""

from celery import shared_task

from foundation import scope
from postbox import use_cases


@shared_task(name="postbox.end_unretrieved")
def end_unretrieved() -> None:
    """Once a day: what was not retrieved in time goes out as a letter."""
    with scope.system("end what was not retrieved"):
        use_cases.end_unretrieved()
