"""I10: a test application is known as one, stays in the house, costs nobody anything, and goes after its time."""

from collections.abc import Iterator

from hro_portal.invariants.rules import Breach, Span, invariant


@invariant()
def tests_are_marked(span: Span) -> Iterator[Breach]:
    """I10: whatever is a test bears the number of a test, and nothing else does."""
    for row, reference in span.rows(
        """
        SELECT id, reference FROM (
            SELECT id, reference, is_test FROM applications_application WHERE submitted_at >= %(since)s
            UNION ALL SELECT id, reference, is_test FROM applications_draft
        ) filed WHERE is_test <> starts_with(reference, 'TEST-')
        """
    ):
        yield Breach(
            "I10 tests_are_marked",
            row,
            f"{reference} ist ein Testantrag ohne dessen Nummer, oder trägt sie zu Unrecht.",
        )


@invariant()
def tests_stay_in_the_house(span: Span) -> Iterator[Breach]:
    """I10: no program outside was given a test, nor is it to be."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a
        WHERE a.is_test AND a.submitted_at >= %(since)s AND (
            EXISTS (SELECT 1 FROM applications_routing r WHERE r.application_id = a.id AND r.target <> 'department')
            OR EXISTS (SELECT 1 FROM outbox_outboxrow o WHERE o.subject_id = a.id AND o.kind = 'hand_over'))
        """
    ):
        yield Breach("I10 tests_stay_in_the_house", case, f"Der Testantrag {reference} geht an ein Fachverfahren.")


@invariant()
def tests_are_free(span: Span) -> Iterator[Breach]:
    """I10: nobody paid for a test."""
    for case, reference in span.rows(
        """
        SELECT DISTINCT a.id, a.reference FROM applications_application a
        JOIN applications_decision d ON d.application_id = a.id JOIN applications_payment p ON p.decision_id = d.id
        WHERE a.is_test AND a.submitted_at >= %(since)s
        """
    ):
        yield Breach("I10 tests_are_free", case, f"Zum Testantrag {reference} ist eine Zahlung eingetragen.")


@invariant()
def tests_go_in_time(span: Span) -> Iterator[Breach]:
    """I10: a test is kept for thirty days; two more for the nights in which the portal erases."""
    for case, reference in span.rows(
        """
        SELECT id, reference FROM applications_application
        WHERE is_test AND submitted_at >= %(since)s AND submitted_at < now() - interval '32 days'
        """
    ):
        yield Breach("I10 tests_go_in_time", case, f"Der Testantrag {reference} ist nach 30 Tagen noch da.")
