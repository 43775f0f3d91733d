"""The rules of Leichte Sprache, each with a text that keeps it and one that breaks it."""

import pytest

from catalogue.plain_pages.rules import Level, check, lines_of

GOOD = {
    "what": """Sie haben einen Hund?
Dann bezahlen Sie Geld an die Stadt.
Das Geld heißt Steuer.
Sie melden den Hund bei der Stadt an.""",
    "for_whom": """Das gilt für alle Menschen mit einem Hund.
Der Hund ist mehr als 3 Monate alt.
Und Sie wohnen in der Stadt.""",
    "needed": """Das brauchen Sie:
- die Nummer von dem Hund
- das Alter von dem Hund
Die Nummer steht im Heft vom Tier-Arzt.""",
    "costs": """Für 1 Hund bezahlen Sie 108 Euro im Jahr.
Für den 2. Hund bezahlen Sie mehr.
Bezahlen Sie am 1. Juli 2027.""",
    "whom_to_ask": """Rufen Sie an:
0381 381-1234
Am Montag ab 9:00 Uhr.""",
}
BAD = {
    "what": """Gem. § 3 der Satzung der Stadt wird die Hundesteuer durch Bescheid festgesetzt, der Ihnen zugeht.
Die Anmeldung ist innerhalb von zwei Wochen vorzunehmen. Bei Verspätung könnte ein Bußgeld entstehen, z. B. 5 %.
Sie müssten den Halterwechselnachweis bis 1.3.2027 einreichen."""
}


def rules_of(text: str, level: Level | None = None) -> set[str]:
    [found] = check({"what": text}).values()
    return {finding.rule for finding in found if level in (None, finding.level)}


def test_a_good_page_breaks_no_rule_that_blocks_and_gets_no_warning() -> None:
    found = [finding for each in check(GOOD).values() for finding in each]
    assert [finding for finding in found if finding.level is not Level.HINT] == []
    assert len(found) <= 1


def test_a_bad_page_breaks_nearly_all_of_them_and_what_blocks_comes_first() -> None:
    [found] = check(BAD).values()
    assert {finding.rule for finding in found if finding.blocks} == {"L1", "L2", "L9", "L12"}
    assert {finding.rule for finding in found} >= {
        *("L3", "L4", "L5", "L6", "L10", "L11", "L13", "L14", "L15", "L17"),
    }
    assert [finding.level for finding in found] == sorted(finding.level for finding in found)


CASES = [
    ("L1", "Das ist ein Satz. Das ist noch einer.", "Das ist ein Satz.\nDas ist am 3. Mai so."),
    ("L1", "Das ist ein Satz\nmit zwei Zeilen.", "Das brauchen Sie:\n- einen Ausweis"),
    ("L2", "Sie gehen am Montag mit dem Hund und dem Ausweis in das große Amt.", "Sie gehen in das Amt."),
    ("L3", "Sie bezahlen, weil Sie einen Hund haben.", "Sie haben einen Hund."),
    ("L3", "Wenn Sie einen Hund haben, bezahlen Sie.", "Haben Sie einen Hund?"),
    ("L4", "Der Brief wird vom Amt geschrieben.", "Das Amt schreibt den Brief."),
    ("L4", "Der Hund ist heute anzumelden.", "Sie melden den Hund heute an."),
    ("L5", "Sie könnten anrufen.", "Sie rufen an."),
    ("L6", "Das ist das Haus der Stadt.", "Das ist das Haus von der Stadt."),
    ("L6", "Das geht innerhalb einer Woche.", "Das geht in 1 Woche."),
    ("L7", "Das ist nicht gut.", "Das ist schlecht."),
    ("L8", "Sie ging zum Amt.", "Sie ist zum Amt gegangen."),
    ("L9", "Bringen Sie z. B. den Ausweis mit.", "Bringen Sie zum Beispiel den Ausweis mit."),
    ("L9", "Das ist die HRO.", "Das ist eine PDF für die EU mit PIN."),
    ("L10", "Der Hund (ein Tier) ist da.", "Der Hund ist da."),
    ("L11", "Sie haben drei Hunde.", "Sie haben 3 Hunde."),
    ("L12", "Das gilt ab 1.3.2027.", "Das gilt ab 1. März 2027."),
    ("L12", "Kommen Sie um 9.00 Uhr.", "Kommen Sie um 9:00 Uhr."),
    ("L13", "Sie bezahlen 50 Prozent.", "Sie bezahlen die Hälfte."),
    ("L14", "Das ist die Hundesteuersatzung.", "Das ist die Hunde-Regel."),
    ("L15", "Sie bekommen einen Bescheid.", "Sie bekommen einen Bescheid.\nEin Bescheid ist ein Brief vom Amt."),
    ("L16", "Das Amt ist am Neuen Markt 1 in 18055 Rostock.", "Neuer Markt 1\n18055 Rostock"),
    ("L16", "Bringen Sie Ausweis, Foto, Geld, Heft mit.", "Bringen Sie mit:\n- Ausweis\n- Foto"),
    ("L17", "Bitte reichen Sie Papiere ein.", "Sie senden die Papiere ab."),
    ("L17", "Gehen Sie zur Dienststelle.", "Gehen Sie zum Amt."),
]


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_each_rule_finds_what_breaks_it_and_lets_the_rest_pass(rule: str, bad: str, good: str) -> None:
    assert rule in rules_of(bad)
    assert rule not in rules_of(good)


def test_many_lines_under_one_heading_are_told_once() -> None:
    [found] = check({"what": "Das ist gut.\n" * 11}).values()
    assert [(finding.rule, finding.line) for finding in found] == [("L16", 0)]


def test_a_hard_word_is_told_once_for_the_whole_page() -> None:
    found = check({"what": "Das ist ein Antrag.", "costs": "Der Antrag kostet Geld."})
    assert [finding.rule for finding in found["what"]] == ["L15"]
    assert found["costs"] == []


def test_empty_lines_do_not_count() -> None:
    assert lines_of(" Eins. \n\n  \nZwei.\n") == ["Eins.", "Zwei."]
    assert check({"what": ""}) == {"what": []}
