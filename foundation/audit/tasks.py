"""What beat asks of the trail."""

from celery import shared_task

from foundation.audit import anchors, chain


@shared_task(name="audit.seal_chain")
def seal_chain() -> None:
    """Every ten seconds: chains what happened."""
    chain.seal_new_events()


@shared_task(name="audit.anchor_chain")
def anchor_chain() -> None:
    """Once a day: chains what came long after its time, too, and writes the heads into the file for publishing."""
    chain.seal_all_events()
    anchors.append_heads()
