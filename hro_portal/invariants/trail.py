"""I6: the trail tells of each case that it was sent, confirmed and handed over, once each."""

from collections.abc import Iterator

from hro_portal.invariants.rules import Breach, Span, invariant

_WORDS = {
    "application.submitted": "den Versand",
    "application.receipt_made": "die Eingangsbestätigung",
    "application.routed": "den Weg zum Amt",
}


@invariant()
def trail_tells_once(span: Span) -> Iterator[Breach]:
    """I6: sending, receipt and hand-over of a case stand in the trail once each, when they happened, and never else."""
    for case, reference, action, told, happened in span.rows(
        """
        WITH deed AS (
            SELECT id, 'application.submitted' AS action, true AS happened FROM applications_application
            UNION ALL
            SELECT a.id, 'application.receipt_made', r.application_id IS NOT NULL
            FROM applications_application a LEFT JOIN applications_receipt r ON r.application_id = a.id
            UNION ALL
            SELECT a.id, 'application.routed', r.application_id IS NOT NULL
            FROM applications_application a
            LEFT JOIN applications_routing r ON r.application_id = a.id AND r.target = 'department'
        ), told AS (
            SELECT object_id, action, count(*) AS times FROM audit_auditevent
            WHERE action IN ('application.submitted', 'application.receipt_made', 'application.routed')
            GROUP BY object_id, action
        )
        SELECT a.id, a.reference, deed.action, coalesce(told.times, 0), deed.happened
        FROM applications_application a
        JOIN deed ON deed.id = a.id
        LEFT JOIN told ON told.object_id = a.id AND told.action = deed.action
        WHERE a.submitted_at >= %(since)s AND coalesce(told.times, 0) <> deed.happened::int
        """
    ):
        yield Breach(
            "I6 trail_tells_once",
            case,
            f"Das Protokoll nennt {_WORDS[action]} von Vorgang {reference} {told}-mal statt {int(happened)}-mal.",
        )
