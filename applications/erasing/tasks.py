"""What beat asks of erasing."""

from celery import shared_task

from applications.erasing import use_cases


@shared_task(name="applications.erase_past_retention")
def erase_past_retention() -> None:
    """At night, every ten minutes: some of the cases whose time is over."""
    use_cases.erase_past_retention()
