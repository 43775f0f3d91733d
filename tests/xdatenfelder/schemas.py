"""Small schemas of our own in both versions of XDatenfelder, and a code list."""

from collections.abc import Iterable

NS3 = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0"
NS2 = "urn:xoev-de:fim:standard:xdatenfelder_2"


def field3(fim_id: str, label: str, data_type: str = "text", kind: str = "input", more: str = "") -> str:
    return (
        f"<x:datenfeld><x:identifikation><x:id>{fim_id}</x:id><x:version>1.0.0</x:version></x:identifikation>"
        f"<x:name>{label}</x:name><x:bezeichnungEingabe>{label}</x:bezeichnungEingabe>"
        f"<x:feldart><code>{kind}</code></x:feldart><x:datentyp><code>{data_type}</code></x:datentyp>{more}</x:datenfeld>"
    )


def group3(fim_id: str, label: str, parts: Iterable[tuple[str, str]], more: str = "") -> str:
    return (
        f"<x:datenfeldgruppe><x:identifikation><x:id>{fim_id}</x:id></x:identifikation><x:name>{label}</x:name>"
        f"<x:bezeichnungEingabe>{label}</x:bezeichnungEingabe>{more}{structures(parts)}</x:datenfeldgruppe>"
    )


def structures(parts: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<x:struktur><x:anzahl>{count}</x:anzahl><x:enthaelt>{element}</x:enthaelt></x:struktur>"
        for count, element in parts
    )


def schema3(*parts: tuple[str, str], fim_id: str = "S13000000077", more: str = "", before: str = "") -> bytes:
    return (
        f'{before}<x:xdatenfelder.stammdatenschema.0102 xmlns:x="{NS3}"><x:header/><x:stammdatenschema>'
        f"<x:identifikation><x:id>{fim_id}</x:id><x:version>1.0.0</x:version></x:identifikation>"
        f"<x:name>Boot</x:name><x:bezeichnung>Boot anmelden</x:bezeichnung>{more}{structures(parts)}"
        "</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>"
    ).encode()


def schema2(precision: str, content: str = "") -> bytes:
    return (
        f'<x:xdatenfelder.stammdatenschema.0102 xmlns:x="{NS2}"><x:stammdatenschema>'
        "<x:identifikation><x:id>S13000077</x:id></x:identifikation><x:name>Boot</x:name>"
        "<x:bezeichnungEingabe>Boot anmelden</x:bezeichnungEingabe><x:struktur><x:anzahl>1:1</x:anzahl><x:bezug/>"
        "<x:enthaelt><x:datenfeld><x:identifikation><x:id>F13000007</x:id></x:identifikation><x:name>Kennung</x:name>"
        "<x:bezeichnungEingabe>Kennung</x:bezeichnungEingabe><x:feldart><code>input</code></x:feldart>"
        f"<x:datentyp><code>text</code></x:datentyp><x:praezisierung>{precision}</x:praezisierung>"
        f"<x:inhalt>{content}</x:inhalt></x:datenfeld></x:enthaelt></x:struktur>"
        "</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>"
    ).encode()


def code_list(uri: str, rows: dict[str, str], version: str = "1.0") -> bytes:
    """A genericode file whose root has a prefix and whose children have none, as the federation's have."""
    cells = "".join(
        f'<Row><Value ColumnRef="Code"><SimpleValue>{code}</SimpleValue></Value>'
        f"<Value><SimpleValue>{name}</SimpleValue></Value></Row>"
        for code, name in rows.items()
    )
    return (
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification>'
        f"<Version>{version}</Version><CanonicalUri>{uri}</CanonicalUri></Identification><ColumnSet>"
        '<Column Id="Code" Use="required"/><Column Id="Name" Use="required"/>'
        '<Key Id="k"><ColumnRef Ref="Code"/></Key></ColumnSet>'
        f"<SimpleCodeList>{cells}</SimpleCodeList></gc:CodeList>"
    ).encode()


def limited(**limits: str) -> str:
    attributes = " ".join(f'{key}="{value}"' for key, value in limits.items())
    return f"<x:praezisierung {attributes}/>"


def reference(uri: str, version: str = "") -> str:
    told = f"<x:version>{version}</x:version>" if version else ""
    return (
        f"<x:codelisteReferenz><x:canonicalIdentification>\n {uri} </x:canonicalIdentification>{told}"
        "</x:codelisteReferenz>"
    )
