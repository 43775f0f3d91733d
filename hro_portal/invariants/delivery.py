"""I2, I3, I9: receipt, hand-over and mail follow each sending exactly once, or the wish for them is still open."""

from collections.abc import Iterator

from hro_portal.invariants.rules import Breach, Span, invariant


@invariant()
def one_receipt(span: Span) -> Iterator[Breach]:
    """I2: each case has its receipt in time, or the outbox still holds the wish for it, which people see."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a
        LEFT JOIN applications_receipt r ON r.application_id = a.id
        WHERE a.submitted_at >= %(since)s AND a.submitted_at < now() - %(patience)s AND r.application_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM outbox_outboxrow o
                          WHERE o.subject_id = a.id AND o.kind = 'receipt' AND o.state IN ('due', 'dead'))
        """
    ):
        yield Breach(
            "I2 one_receipt",
            case,
            f"Vorgang {reference} hat keine Eingangsbestätigung, und es wird keine mehr gemacht.",
        )


@invariant()
def no_second_receipt(span: Span) -> Iterator[Breach]:
    """I2: a case never has two receipts, and the receipt is one of its own papers."""
    for case, reference, receipts in span.rows(
        """
        SELECT a.id, a.reference, count(*)
        FROM applications_application a
        JOIN applications_receipt r ON r.application_id = a.id
        LEFT JOIN files_storedfile f ON f.id = r.file_id AND f.subject_id = a.id
        WHERE a.submitted_at >= %(since)s
        GROUP BY a.id, a.reference HAVING count(*) <> 1 OR count(f.id) <> 1
        """
    ):
        yield Breach(
            "I2 no_second_receipt",
            case,
            f"Vorgang {reference} hat {receipts} Eingangsbestätigungen, oder ihre Datei gehört einem anderen Vorgang.",
        )


@invariant()
def issued_is_what_is_kept(span: Span) -> Iterator[Breach]:
    """I2: the document that the public check page vouches for is the receipt that the case shows."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a
        JOIN applications_issueddocument i ON i.application_id = a.id AND i.kind = 'receipt'
        LEFT JOIN applications_receipt r ON r.application_id = a.id
        WHERE a.submitted_at >= %(since)s AND r.file_id IS DISTINCT FROM i.file_id
        """
    ):
        yield Breach(
            "I2 issued_is_what_is_kept",
            case,
            f"Die gesiegelte Eingangsbestätigung von Vorgang {reference} ist nicht die, die der Vorgang zeigt.",
        )


@invariant()
def routed_once(span: Span) -> Iterator[Breach]:
    """I3: each case was handed to one department in time, once, or the wish for it is still open."""
    for case, reference, times in span.rows(
        """
        SELECT a.id, a.reference, count(r.id)
        FROM applications_application a
        LEFT JOIN applications_routing r ON r.application_id = a.id AND r.target = 'department'
        WHERE a.submitted_at >= %(since)s
        GROUP BY a.id, a.reference, a.submitted_at
        HAVING count(r.id) > 1
            OR count(r.id) = 0 AND a.submitted_at < now() - %(patience)s
               AND NOT EXISTS (SELECT 1 FROM outbox_outboxrow o
                               WHERE o.subject_id = a.id AND o.kind = 'route' AND o.state IN ('due', 'dead'))
        """
    ):
        yield Breach("I3 routed_once", case, f"Vorgang {reference} ist {times}-mal an ein Amt gegangen, nicht einmal.")


@invariant()
def one_row_per_target(span: Span) -> Iterator[Breach]:
    """I3: whatever the target, a case was handed to it once."""
    for case, target, times in span.rows(
        """
        SELECT application_id, target, count(*) FROM applications_routing
        GROUP BY application_id, target HAVING count(*) > 1
        """
    ):
        yield Breach("I3 one_row_per_target", case, f"Ein Vorgang ist {times}-mal an das Ziel {target} gegangen.")


@invariant()
def handed_over_or_shown(span: Span) -> Iterator[Breach]:
    """I3: what a department's own program has not confirmed is still asked for, or dead and shown; never forgotten."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a
        JOIN applications_routing r ON r.application_id = a.id AND r.target = 'endpoint'
        LEFT JOIN outbox_outboxrow o ON o.subject_id = a.id AND o.kind = 'hand_over'
        WHERE a.submitted_at >= %(since)s AND (r.delivered_at IS NOT NULL) <> (coalesce(o.state, '') = 'done')
        """
    ):
        yield Breach(
            "I3 handed_over_or_shown",
            case,
            f"Die Übergabe von Vorgang {reference} an das Fachverfahren und ihr Auftrag im Ausgang widersprechen sich.",
        )


@invariant()
def wishes_come_together(span: Span) -> Iterator[Breach]:
    """I9: one sending asks for hand-over, receipt and mail in the same commit: all three or none."""
    for case, reference, kinds in span.rows(
        """
        SELECT a.id, a.reference, string_agg(o.kind, ', ' ORDER BY o.kind)
        FROM applications_application a
        JOIN outbox_outboxrow o ON o.subject_id = a.id AND o.kind IN ('route', 'receipt', 'notify.received')
        WHERE a.submitted_at >= %(since)s
        GROUP BY a.id, a.reference HAVING count(*) <> 3 OR count(DISTINCT o.kind) <> 3
        """
    ):
        yield Breach("I9 wishes_come_together", case, f"Zu Vorgang {reference} steht im Ausgang nur: {kinds}.")


@invariant()
def done_means_done(span: Span) -> Iterator[Breach]:
    """I9: where the outbox says done, the effect is there: hand-over, receipt, notice."""
    for case, reference, kind in span.rows(
        """
        SELECT a.id, a.reference, o.kind
        FROM outbox_outboxrow o JOIN applications_application a ON a.id = o.subject_id
        WHERE a.submitted_at >= %(since)s AND o.state = 'done' AND (
            o.kind = 'route' AND NOT EXISTS (SELECT 1 FROM applications_routing r WHERE r.application_id = a.id)
            OR o.kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM applications_receipt r WHERE r.application_id = a.id)
            OR o.kind = 'notice' AND NOT EXISTS (SELECT 1 FROM postbox_postboxitem p WHERE p.id::text = o.target))
        """
    ):
        yield Breach(
            "I9 done_means_done", case, f"Zu Vorgang {reference} gilt „{kind}“ als erledigt, aber das Ergebnis fehlt."
        )


@invariant()
def there_means_done(span: Span) -> Iterator[Breach]:
    """I9: an effect and its completion are one commit: what is there is not asked for again."""
    for case, reference, kind in span.rows(
        """
        SELECT a.id, a.reference, o.kind
        FROM outbox_outboxrow o JOIN applications_application a ON a.id = o.subject_id
        WHERE a.submitted_at >= %(since)s AND o.state = 'dead' AND (
            o.kind = 'route' AND EXISTS (SELECT 1 FROM applications_routing r WHERE r.application_id = a.id)
            OR o.kind = 'receipt' AND EXISTS (SELECT 1 FROM applications_receipt r WHERE r.application_id = a.id)
            OR o.kind = 'notice' AND EXISTS (SELECT 1 FROM postbox_postboxitem p WHERE p.id::text = o.target))
        """
    ):
        yield Breach(
            "I9 there_means_done",
            case,
            f"Zu Vorgang {reference} gilt „{kind}“ als gescheitert, aber das Ergebnis ist da.",
        )


@invariant()
def mail_once(span: Span) -> Iterator[Breach]:
    """I9: the mail that a case arrived is asked for once, so it is handed over at most once when that is done."""
    for case, wishes in span.rows(
        """
        SELECT subject_id, count(*) FROM outbox_outboxrow WHERE kind = 'notify.received'
        GROUP BY subject_id HAVING count(*) > 1
        """
    ):
        yield Breach("I9 mail_once", case, f"Die Nachricht über den Eingang ist {wishes}-mal vorgesehen, nicht einmal.")


@invariant(when_settled=True)
def nothing_waits(span: Span) -> Iterator[Breach]:
    """I9: when all work should be done, the outbox is empty; what is asked for a later day may wait."""
    for row, kind, subject, state, code in span.rows(
        """
        SELECT id, kind, subject_id, state, error_code FROM outbox_outboxrow
        WHERE state = 'dead' OR state = 'due' AND (due_at <= now() OR attempts > 0)
        """
    ):
        yield Breach(
            "I9 nothing_waits", row, f"Im Ausgang liegt noch „{kind}“ zu {subject} ({state}, {code or 'kein Fehler'})."
        )
