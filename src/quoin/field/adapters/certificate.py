"""The printed acceptance certificate, in the client's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date

from quoin.base.files.typeset import Sheet, typeset

_TEMPLATE = Path(__file__).parent / "templates" / "acceptance.typ"
_LOCALES: Mapping[str, str] = {
    "en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "nl": "nl_NL", "nb": "nb_NO",
}  # fmt: skip
_KEYS = (
    "title", "client", "project", "site", "item", "supplier", "accepted", "units", "position", "serial", "warranty",
    "remarks", "acceptance", "sentence", "signed", "hand", "page", "of", "quantity", "none",
)  # fmt: skip
_WORDS = {
    "en": (
        "Acceptance certificate", "Client", "Project", "Site", "Equipment", "Supplier", "Accepted on",
        "Accepted units", "No.", "Serial number", "Warranty until", "Still to be put right", "Acceptance",
        "{name} accepts the equipment named above for {client} on {day}.", "{name}, {day}", "Signature of {name}",
        "Page", "of", "Quantity", "none",
    ),
    "de": (
        "Abnahmeprotokoll", "Kunde", "Projekt", "Standort", "Anlage", "Lieferant", "Abgenommen am",
        "Abgenommene Einheiten", "Nr.", "Seriennummer", "Gewährleistung bis", "Noch zu beheben", "Abnahme",
        "{name} nimmt die genannte Anlage für {client} am {day} ab.", "{name}, {day}", "Unterschrift von {name}",
        "Seite", "von", "Menge", "keine",
    ),
    "fr": (
        "Procès-verbal de réception", "Client", "Projet", "Site", "Équipement", "Fournisseur", "Réceptionné le",
        "Unités réceptionnées", "N°", "Numéro de série", "Garantie jusqu’au", "Réserves", "Réception",
        "{name} réceptionne l’équipement ci-dessus pour {client} le {day}.", "{name}, {day}", "Signature de {name}",
        "Page", "sur", "Quantité", "aucune",
    ),
    "es": (
        "Acta de recepción", "Cliente", "Proyecto", "Lugar", "Equipo", "Proveedor", "Recibido el",
        "Unidades recibidas", "N.º", "Número de serie", "Garantía hasta", "Pendiente de corregir", "Recepción",
        "{name} recibe el equipo indicado en nombre de {client} el {day}.", "{name}, {day}", "Firma de {name}",
        "Página", "de", "Cantidad", "ninguna",
    ),
    "nl": (
        "Opleverprotocol", "Klant", "Project", "Locatie", "Installatie", "Leverancier", "Opgeleverd op",
        "Opgeleverde eenheden", "Nr.", "Serienummer", "Garantie tot", "Nog te herstellen", "Oplevering",
        "{name} aanvaardt de genoemde installatie namens {client} op {day}.", "{name}, {day}",
        "Handtekening van {name}", "Pagina", "van", "Aantal", "geen",
    ),
    "nb": (
        "Overtakelsesprotokoll", "Kunde", "Prosjekt", "Sted", "Utstyr", "Leverandør", "Overtatt",
        "Overtatte enheter", "Nr.", "Serienummer", "Garanti til", "Gjenstår å rette", "Overtakelse",
        "{name} overtar utstyret over for {client} {day}.", "{name}, {day}", "Underskrift av {name}", "Side", "av",
        "Antall", "ingen",
    ),
}  # fmt: skip
_PICTURES = {"image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What is printed. `units` are serial numbers with the last day of their warranty."""

    number: int
    language: str
    firm: str
    client: str
    project: str
    site: str
    item: str
    supplier: str
    quantity: str
    accepted_on: date
    accepted_by: str
    remarks: str
    units: tuple[tuple[str, date | None], ...]


def certificate_pdf(told: Certificate, *, signature: tuple[str, bytes] | None = None) -> bytes:
    """The certificate as PDF/A-3a. `signature` is a picture with its content type; other kinds are left out."""
    kind = _PICTURES.get(signature[0], "") if signature else ""
    files = {f"signature.{kind}": signature[1]} if signature and kind else {}
    inputs = {"signature": f"signature.{kind}"} if kind else {}
    sheet = Sheet(_TEMPLATE.read_bytes(), certificate_content(told), told.accepted_on, files=files, inputs=inputs)
    return typeset(sheet)


def certificate_content(told: Certificate) -> dict[str, Any]:
    """Every text of the certificate, as it is printed and kept."""
    language = told.language[:2] if told.language[:2] in _WORDS else "en"
    words = dict(zip(_KEYS, _WORDS[language], strict=True))

    def day(value: date | None) -> str:
        return format_date(value, "long", locale=_LOCALES[language]) if value else "–"

    names = {"name": told.accepted_by, "client": told.client, "day": day(told.accepted_on)}
    facts = [
        (words["client"], told.client), (words["project"], told.project), (words["site"], told.site),
        (words["item"], told.item), (words["quantity"], told.quantity), (words["supplier"], told.supplier),
        (words["accepted"], day(told.accepted_on)),
    ]  # fmt: skip
    return {
        "language": language,
        "title": words["title"],
        "number": f"A-{told.number:04d}",
        "firm": told.firm,
        "issued": [told.accepted_on.year, told.accepted_on.month, told.accepted_on.day],
        "facts": [list(fact) for fact in facts if fact[1]],
        "units": [[str(at), serial, day(until)] for at, (serial, until) in enumerate(told.units, start=1)],
        "remarks": told.remarks,
        "sentence": words["sentence"].format(**names),
        "signature_line": words["signed"].format(**names),
        "signature_words": words["hand"].format(**names),
        "labels": words,
    }
