"""I8: nothing crosses from one authority to another: whatever hangs on a case belongs to the case's authority."""

from collections.abc import Iterator

from hro_portal.invariants.rules import Breach, Span, invariant


@invariant()
def children_stay_at_home(span: Span) -> Iterator[Breach]:
    """I8: papers, steps, messages, files and wishes of a case belong to the authority of the case."""
    for case, reference, what in span.rows(
        """
        WITH home AS (
            SELECT id, authority_id, reference FROM applications_application WHERE submitted_at >= %(since)s
            UNION ALL SELECT id, authority_id, reference FROM applications_draft
        ), child AS (
            SELECT 'Anlage' AS what, application_id AS home_id, authority_id FROM applications_attachment
            UNION ALL SELECT 'Weg zum Amt', application_id, authority_id FROM applications_routing
            UNION ALL SELECT 'Eingangsbestätigung', application_id, authority_id FROM applications_receipt
            UNION ALL SELECT 'Nachforderung', application_id, authority_id FROM applications_correctionrequest
            UNION ALL SELECT 'Antwort auf eine Nachforderung', r.application_id, c.authority_id
                FROM applications_correctionanswer c JOIN applications_correctionrequest r ON r.id = c.request_id
            UNION ALL SELECT 'Entscheidung', application_id, authority_id FROM applications_decision
            UNION ALL SELECT 'Zahlung', d.application_id, p.authority_id
                FROM applications_payment p JOIN applications_decision d ON d.id = p.decision_id
            UNION ALL SELECT 'Widerruf', d.application_id, w.authority_id
                FROM applications_revocation w JOIN applications_decision d ON d.id = w.decision_id
            UNION ALL SELECT 'Gesiegeltes Dokument', application_id, authority_id FROM applications_issueddocument
            UNION ALL SELECT 'Nachricht', application_id, authority_id FROM applications_message
            UNION ALL SELECT 'Suchwort', application_id, authority_id FROM applications_searchterm
            UNION ALL SELECT 'Datei', subject_id, authority_id FROM files_storedfile
            UNION ALL SELECT 'Dokument im Postfach', subject_id, authority_id FROM postbox_postboxitem
            UNION ALL SELECT 'Auftrag im Ausgang', subject_id, authority_id FROM outbox_outboxrow
            UNION ALL SELECT 'Eintrag im Protokoll', object_id, authority_id FROM audit_auditevent
        )
        SELECT DISTINCT home.id, home.reference, child.what FROM home JOIN child ON child.home_id = home.id
        WHERE child.authority_id IS DISTINCT FROM home.authority_id
        """
    ):
        yield Breach("I8 children_stay_at_home", case, f"{what} zu Vorgang {reference} gehört einer anderen Behörde.")


@invariant()
def parents_are_at_home(span: Span) -> Iterator[Breach]:
    """I8: a case belongs to the authority that offers its service and to a department of it."""
    for case, reference in span.rows(
        """
        SELECT a.id, a.reference FROM applications_application a
        JOIN catalogue_offering o ON o.id = a.offering_id
        LEFT JOIN authorities_department d ON d.id = a.department_id
        WHERE a.submitted_at >= %(since)s
          AND (o.authority_id <> a.authority_id OR d.authority_id <> a.authority_id)
        """
    ):
        yield Breach("I8 parents_are_at_home", case, f"Leistung oder Amt von Vorgang {reference} gehört woandershin.")


@invariant()
def papers_are_of_the_case(span: Span) -> Iterator[Breach]:
    """I8: the files behind attachments and postbox items are those of the same case."""
    for case, what in span.rows(
        """
        SELECT t.application_id, 'Eine Anlage' FROM applications_attachment t
        JOIN files_storedfile f ON f.id = t.file_id WHERE f.subject_id <> t.application_id
        UNION ALL
        SELECT p.subject_id, 'Ein Dokument im Postfach' FROM postbox_postboxitem p
        LEFT JOIN files_storedfile f ON f.id = p.file_id AND f.subject_id = p.subject_id WHERE f.id IS NULL
        """
    ):
        yield Breach(
            "I8 papers_are_of_the_case", case, f"{what} führt zur Datei eines anderen Vorgangs oder zu keiner."
        )
