"""The rules of plain German let good texts pass, find bad ones, and hold for all that the portal says."""

import pytest

from foundation.plain_german.rules import findings, formula, sentences
from foundation.plain_german.texts import Kind, Text
from hro_portal.texts_check.sources import all_texts, of_code, of_data, of_template

GOOD = [
    "Für diesen Antrag brauchen Sie kein Konto. Mit einem Konto füllen wir Ihre Daten aus, und Sie sehen jederzeit den "
    "Stand.",
    "Geben Sie ein Datum ein, das nicht in der Zukunft liegt, zum Beispiel 3.5.2024. Wenn Sie nur das Jahr wissen, "
    "genügt das Jahr.",
    "Die Datei „lageplan.dwg“ können wir nicht annehmen. Wählen Sie eine Datei im Format PDF, JPG oder PNG bis 10 MB. "
    "Ihre anderen Angaben sind gespeichert.",
    "Ihr Antrag ist angekommen. Das Amt für Mobilität entscheidet in der Regel innerhalb von 4 Wochen, also bis zum "
    "21. Dezember 2026. Bis dahin müssen Sie nichts tun.",
    "Uns fehlt noch der Lageplan. Bitte laden Sie ihn bis zum 5. Dezember 2026 hoch. So lange ruht die Bearbeitung.",
    "Sie sind eingeladen, für eine Organisation zu handeln.",
    "Nach Ihrem Plan bleiben auf dem Gehweg 1,20 Meter frei. Nötig sind 1,80 Meter.",
]
BAD = [
    ("T1", "Wir weisen Sie darauf hin, dass Ihr Antrag, den Sie am Montag im Amt abgegeben haben, noch nicht von der "
           "Leitung des Amtes geprüft ist."),
    ("T2", "Die Gebühr wird gemäß der Satzung fällig."),
    ("T2", "Der Nachweis ist bis Freitag einzureichen."),
    ("T2", "Die Felder sind vollständig zu füllen."),
    ("T2", "Sie werden um Vorlage des Ausweises gebeten."),
    ("T2", "Die Angabe ist ungültig."),
    ("T5", "Vielen Dank!"),
    ("T5", "Senden Sie den Antrag NICHT noch einmal."),
    ("T6", "Für das Formular klicken Sie hier."),
    ("T8", "Der Antragsteller bekommt Post."),
    ("T8", "Gib deine Adresse ein."),
]  # fmt: skip
ADVICE = [
    ("T4", Kind.ERROR, "Die Zahl passt nicht."),
    ("T7", Kind.SENTENCE, "Wir öffnen am 3.12.2026."),
    ("T9", Kind.SENTENCE, "Nennen Sie Ihre Referenz-ID."),
    ("T10", Kind.MAIL, "Wir haben Post für Sie. " * 9),
    ("T11", Kind.WHOLE, "Der Antrag wird vom Amt genau geprüft. Danach wird der Bescheid geschrieben. " * 8),
    ("T12", Kind.WHOLE, "Sondernutzungserlaubnisse erfordern Antragsunterlagen nebst Lageplandarstellungen. " * 10),
]


def rules_of(words: str, kind: Kind = Kind.SENTENCE) -> set[str]:
    return {finding.rule for finding in findings(Text(words, "here", kind))}


@pytest.mark.parametrize("words", GOOD)
def test_model_text_breaks_no_rule(words: str) -> None:
    assert rules_of(words) == set()


@pytest.mark.parametrize(("rule", "words"), BAD)
def test_bad_text_is_blocked(rule: str, words: str) -> None:
    assert {(each.rule, each.blocks) for each in findings(Text(words, "here"))} == {(rule, True)}


@pytest.mark.parametrize(("rule", "kind", "words"), ADVICE)
def test_weak_text_is_advised_on_and_passes(rule: str, kind: Kind, words: str) -> None:
    found = [each for each in findings(Text(words, "here", kind)) if each.rule == rule]
    assert found
    assert not any(each.blocks for each in found)


@pytest.mark.parametrize(
    "words", ["Speichern und weiter", "Ohne Konto weiter", "Jetzt verbindlich absenden", "Weiteren Hund hinzufügen"]
)
def test_button_with_a_verb_passes(words: str) -> None:
    assert rules_of(words, Kind.BUTTON) == set()


@pytest.mark.parametrize("words", ["OK", "Zurück", "Die Daten", "Den ganzen Antrag jetzt absenden"])
def test_button_without_a_verb_or_with_many_words_is_blocked(words: str) -> None:
    assert rules_of(words, Kind.BUTTON) == {"T3"}


def test_points_of_short_forms_and_dates_end_no_sentence() -> None:
    words = "Am 3. Dezember hilft z. B. Dr. Meyer. Nach § 41 Abs. 2 VwVfG gilt das. Gut?"
    assert [len(each.split()) for each in sentences(words)] == [8, 8, 1]


def test_formula_knows_easy_from_hard() -> None:
    assert formula(["Ihr Hund ist da.", "Wir sehen ihn gern."]) < 3
    assert formula(["Die Sondernutzungserlaubnis beinhaltet Gebührenfestsetzungen."]) > 15


def test_texts_are_found_where_people_read_them() -> None:
    code = list(of_code('_("Ja")\nngettext("1 Tag", "%(n)s Tage", n)\nprint("x")', "a.py"))
    assert [each.words for each in code] == ["Ja", "1 Tag", "%(n)s Tage"]
    page = '<button class="kern-btn">{% translate "Antrag löschen" %}</button><a href="/">{% translate "hier" %}</a>'
    kinds = {(each.kind, each.words) for each in of_template(page, "page.html")}
    assert {(Kind.BUTTON, "Antrag löschen"), (Kind.LINK, "hier"), (Kind.SENTENCE, "hier")} <= kinds
    form = {"key": "hund", "error": {"missing": {"de": "Fehlt."}}, "title": {"de": ["Eins.", "Zwei."], "en": "One"}}
    told = [(each.kind, each.words) for each in of_data(form, "form")]
    assert told == [
        (Kind.ERROR, "Fehlt."),
        (Kind.SENTENCE, "Eins."),
        (Kind.SENTENCE, "Zwei."),
        (Kind.WHOLE, "Eins. Zwei."),
    ]


def test_all_that_the_portal_says_keeps_the_blocking_rules() -> None:
    texts = list(all_texts())
    assert len(texts) > 1000
    broken = [finding for text in texts for finding in findings(text) if finding.blocks]
    assert [(each.text.place, each.rule, each.says) for each in broken] == []
