"""A case copied out for other programs: as JSON with all that happened, as CSV with one answer per row.

The PDF is the receipt as it was made after the submit: it holds every answer, and the same data for machines.
"""

import csv
import io
import json
import re
from typing import Any

from applications.contents import applicant_name_of, summary_of, title_of
from applications.delivering.receipt import embedded_data
from applications.models import Application
from backoffice.queries.case import CasePage
from forms_engine import api as engine
from forms_engine.receiving import by_fim_ids

#: What a spreadsheet would calculate, also behind blanks and in wide letters, or write anew: 00123, 1E5, 2026-01-02.
_CALCULATED = re.compile(r"[\s\"]*[=+\-@＝＋－＠]|[\t\r\n]|0[0-9]|[0-9]+[eE][0-9]+$|[0-9]{4}-[0-9]{2}-[0-9]{2}$")
BOM = "\ufeff"  # Excel reads UTF-8 only where this stands in front


def as_json(page: CasePage) -> bytes:
    """The answers as they were submitted and in words, the files by name, the history, what was asked and decided."""
    application = page.application
    data: dict[str, Any] = json.loads(embedded_data(application)) | {
        "service": page.title,
        "applicant": page.name,
        "state": application.state,
        "due_on": application.due_on,
        "sections": [
            {
                "title": section.title,
                "answers": [{"group": row.group, "question": row.label, "answer": row.value} for row in section.rows],
            }
            for section in page.sections
        ],
        "corrections": [
            {
                "asked_at": correction.asked_at,
                "text": correction.text,
                "documents": correction.documents,
                "due_on": correction.due_on,
                "answered_at": correction.answered_at,
                "answer": correction.answer,
            }
            for correction in page.corrections
        ],
        "decisions": [
            {
                "outcome": notice.decision.outcome,
                "decided_at": notice.decision.at,
                "valid_from": notice.decision.valid_from,
                "valid_until": notice.decision.valid_until,
                "place": notice.place,
                "conditions": notice.conditions,
                "fee": notice.decision.fee,
                "fee_due_on": notice.decision.fee_due_on,
                "paid_on": notice.paid_on,
            }
            for notice in page.notices
        ],
        "events": [{"at": event.at, "text": event.text, "by": event.by} for event in page.events],
    }
    if (under_fim_ids := by_fim_ids(engine.compiled(application.form_version), data["answers"])) is not None:
        data["fim"] = under_fim_ids
    return json.dumps(data, ensure_ascii=False, indent=1, default=_plain).encode()


def as_csv(application: Application) -> bytes:
    """Section, group, question and answer, one per row; semicolons and a BOM, as German spreadsheets want it."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(["Abschnitt", "Gruppe", "Frage", "Antwort"])
    rows.writerow(["Vorgang", "", "Vorgangsnummer", application.reference])
    if application.is_test:
        rows.writerow(["Vorgang", "", "Testantrag", "ja"])
    rows.writerow(["Vorgang", "", "Leistung", guarded(title_of(application))])
    rows.writerow(["Vorgang", "", "Antrag von", guarded(applicant_name_of(application))])
    for section in summary_of(application, language="de"):
        for row in section.rows:
            rows.writerow([guarded(cell) for cell in (section.title, row.group or "", row.label, row.value)])
    return (BOM + out.getvalue()).encode()


def guarded(cell: str) -> str:
    """The cell as text: an apostrophe in front keeps a spreadsheet from calculating or rewriting it."""
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
