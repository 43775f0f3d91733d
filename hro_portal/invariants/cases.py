"""I1, I5, I7: a case was sent once, under one reference, is where its history says, and stands still nowhere."""

from collections.abc import Iterator

from hro_portal.invariants.rules import Breach, Span, invariant


@invariant()
def sent_once(span: Span) -> Iterator[Breach]:
    """I1: each case has exactly one sending in its history, and it is the first step."""
    for case, reference, times in span.rows(
        """
        SELECT a.id, a.reference, count(t.no) FILTER (WHERE t.to_state = 'SUBMITTED' AND t.no = 1)
        FROM applications_application a LEFT JOIN applications_transition t ON t.application_id = a.id
        WHERE a.submitted_at >= %(since)s
        GROUP BY a.id, a.reference
        HAVING count(t.no) FILTER (WHERE t.to_state = 'SUBMITTED') <> 1
            OR count(t.no) FILTER (WHERE t.to_state = 'SUBMITTED' AND t.no = 1) <> 1
        """
    ):
        yield Breach(
            "I1 sent_once", case, f"Vorgang {reference} ist laut Verlauf {times}-mal abgesendet, nicht einmal."
        )


@invariant()
def reference_once(span: Span) -> Iterator[Breach]:
    """I1: a reference belongs to one case or draft for good."""
    for reference, ids in span.rows(
        """
        SELECT reference, array_agg(id) FROM (
            SELECT reference, id FROM applications_application UNION SELECT reference, id FROM applications_draft
        ) numbered GROUP BY reference HAVING count(*) > 1
        """
    ):
        yield Breach("I1 reference_once", ids[0], f"Die Nummer {reference} tragen {len(ids)} Vorgänge oder Entwürfe.")


@invariant()
def draft_is_gone(span: Span) -> Iterator[Breach]:
    """I1: what was sent is no draft any more: both at once could be sent again."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a JOIN applications_draft d ON d.id = a.id
        WHERE a.submitted_at >= %(since)s
        """
    ):
        yield Breach("I1 draft_is_gone", case, f"Vorgang {reference} ist abgesendet, aber sein Entwurf ist noch da.")


@invariant()
def state_is_last_transition(span: Span) -> Iterator[Breach]:
    """I5: the state of a case is its last step, and its steps are numbered without a gap and each one legal."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference
        FROM applications_application a
        LEFT JOIN (
            SELECT t.application_id, max(t.no) AS last, count(*) AS steps, count(l.to_state) AS legal,
                   (array_agg(t.to_state ORDER BY t.no DESC))[1] AS state
            FROM applications_transition t
            LEFT JOIN applications_legaltransition l ON (l.from_state, l.to_state) = (t.from_state, t.to_state)
            GROUP BY t.application_id
        ) h ON h.application_id = a.id
        WHERE a.submitted_at >= %(since)s
          AND (a.state_no, a.state::text, a.state_no, a.state_no) IS DISTINCT FROM
              (h.last, h.state::text, h.steps, h.legal)
        """
    ):
        yield Breach(
            "I5 state_is_last_transition",
            case,
            f"Der Stand von Vorgang {reference} passt nicht zu seinem Verlauf.",
        )


@invariant()
def nothing_stands_still_unseen(span: Span) -> Iterator[Breach]:
    """I5: a case that has not reached its office in time is in the outbox, and so among the disturbances people see."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a
        WHERE a.submitted_at >= %(since)s AND a.submitted_at < now() - %(patience)s AND a.state = 'SUBMITTED'
          AND NOT EXISTS (SELECT 1 FROM outbox_outboxrow o
                          WHERE o.subject_id = a.id AND o.kind = 'route' AND o.state IN ('due', 'dead'))
        """
    ):
        yield Breach(
            "I5 nothing_stands_still_unseen",
            case,
            f"Vorgang {reference} hat das Amt nicht erreicht, und niemand ist damit beauftragt.",
        )
