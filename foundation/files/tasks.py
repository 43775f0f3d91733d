"""Celery's door to the files."""

from celery import shared_task

from foundation import files


@shared_task(name="files.remove_orphans")
def remove_orphans() -> None:
    """Once a day: bytes that no row knows."""
    files.remove_orphans()
