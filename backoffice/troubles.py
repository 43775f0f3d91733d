"""What the portal could not do, in words that tell a head what is missing, why, and who can help."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.deciding.delivery import NOTIFY
from applications.deciding.waiting import DIGEST
from applications.delivering import handover
from applications.telling import queries as telling

_WHAT = {
    "route": gettext_lazy("Der Vorgang ist noch bei keinem Amt."),
    "receipt": gettext_lazy("Die Eingangsbestätigung fehlt."),
    "notice": gettext_lazy("Der Bescheid fehlt."),
    handover.KIND: gettext_lazy("Die Übergabe an das Fachverfahren ist nicht bestätigt."),
    "notify.received": gettext_lazy("Die E-Mail über den Eingang ist nicht verschickt."),
    "notify.action_required": gettext_lazy("Die E-Mail zur Nachforderung ist nicht verschickt."),
    "notify.message": gettext_lazy("Die E-Mail über eine Nachricht ist nicht verschickt."),
    NOTIFY: gettext_lazy("Die E-Mail über einen Bescheid ist nicht verschickt."),
    telling.KIND: gettext_lazy("Die Nachricht über eine Störung ist nicht geschrieben."),
    "notify.invited": gettext_lazy("Die Einladung in eine Organisation ist nicht verschickt."),
    DIGEST: gettext_lazy("Die tägliche E-Mail an das Amt ist nicht verschickt."),
    "poster": gettext_lazy("Der Aushang zu einer Leistung fehlt."),
}

#: What stands in an error code → why, and who can help. The first that fits counts.
_WHY = [
    ("target-slow", gettext_lazy("Das Fachverfahren antwortet zu langsam. Fragen Sie seinen Betreuer.")),
    ("target-unreachable", gettext_lazy("Das Fachverfahren ist nicht erreichbar. Fragen Sie seinen Betreuer.")),
    ("target-rubbish", gettext_lazy("Das Fachverfahren antwortet, bestätigt den Vorgang aber nicht.")),
    ("target-address", gettext_lazy("Die Adresse des Fachverfahrens stimmt nicht. Der Betrieb kann sie ändern.")),
    ("target-silent", gettext_lazy("Das Fachverfahren ist gestört. Wir fragen es in Kürze wieder.")),
    ("worker-lost", gettext_lazy("Die Arbeit brach mehrmals ab. Melden Sie das dem Betrieb.")),
    ("unknown-kind", gettext_lazy("Diese Version des Portals kennt den Auftrag nicht. Melden Sie das dem Betrieb.")),
    ("RecipientsRefused", gettext_lazy("Der Mailserver kennt die Adresse nicht. Schreiben Sie einen Brief.")),
    ("SMTP", gettext_lazy("Der Mailserver nimmt die E-Mail nicht an. Der Betrieb kann das prüfen.")),
    ("seal-unavailable", gettext_lazy("Das Siegel fehlt. Ohne Siegel geht kein Dokument hinaus; der Betrieb hilft.")),
    ("TimeLimit", gettext_lazy("Die Arbeit dauerte zu lange. Melden Sie das dem Betrieb.")),
    ("VaultError", gettext_lazy("Ein Schlüssel fehlt oder passt nicht. Melden Sie das dem Betrieb.")),
    ("OperationalError", gettext_lazy("Die Datenbank war nicht erreichbar. Versuchen Sie es noch einmal.")),
    ("DoesNotExist", gettext_lazy("Ein Teil des Vorgangs ist nicht mehr da. Melden Sie das dem Betrieb.")),
]
_STATUS = re.compile(r"target-status-(\d{3})")
_NO_CONNECTION = re.compile(r"(Connection|Timeout|OS|gai)\w*(Error|error)$|^(TimeoutError|gaierror)$")


def what(kind: str) -> str:
    """What is missing because of this kind of effect."""
    return str(_WHAT.get(kind) or _("Ein Auftrag des Portals ist nicht erledigt."))


def why(kind: str, code: str) -> str:
    """What the code of an error means for this kind of effect; codes hold nothing of a person."""
    if not code:
        return _("Es gab noch keinen Versuch. Vielleicht steht das Portal still: Melden Sie das dem Betrieb.")
    if status := _STATUS.fullmatch(code):
        return _("Das Fachverfahren antwortet mit dem Fehler %(status)s. Fragen Sie seinen Betreuer.") % {
            "status": status[1]
        }
    known = next((sentence for part, sentence in _WHY if part in code), None)
    if known:
        return str(known)
    if _NO_CONNECTION.search(code):
        if kind.startswith("notify.") or kind == DIGEST:
            return _("Der Mailserver ist nicht erreichbar. Der Betrieb kann das prüfen.")
        return _("Ein Dienst oder der Dateispeicher ist gestört. Der Betrieb kann das prüfen.")
    return _("Das Portal hat einen Fehler gemacht. Geben Sie dem Betrieb die Kennung.")
