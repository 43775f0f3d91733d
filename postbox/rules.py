"""From which day a document is made known (VwVfG § 41). The day of the event never counts (§ 31, BGB § 187)."""

from datetime import date, timedelta

from authorities import clock

DAYS_TO_RETRIEVE = 10
"""§ 41 (2a): what was not retrieved within ten days of the notification was never made known."""
DAYS_AFTER_POSTING = 4
"""§ 41 (2), in force since 1 January 2025: a letter is made known on the fourth day after posting."""


def retrieve_until(notified_on: date) -> date:
    """The last day on which the person may still retrieve; a period, so its end moves off free days (§ 31 (3))."""
    return clock.due_date(notified_on, days=DAYS_TO_RETRIEVE)


def effective_after_retrieval(retrieved_on: date) -> date:
    """§ 41 (2a): the day after retrieval. A fiction and not a period: it does not move off free days."""
    return retrieved_on + timedelta(days=1)


def effective_after_posting(posted_on: date) -> date:
    """§ 41 (2): a fiction and not a period: it does not move off free days."""
    return posted_on + timedelta(days=DAYS_AFTER_POSTING)
