"""Words of the printed document in the client's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_skeleton

# Language of the document to the locale of its numbers and dates.
LOCALES: Mapping[str, str] = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "nl": "nl_NL", "nb": "nb_NO"}
DEFAULT_LANGUAGE = "en"

_KEYS = (
    "invoice", "credit_note", "number", "date", "due", "period", "service_date", "customer_vat", "your_reference",
    "order", "contract", "project", "about", "description", "quantity", "unit_price", "vat", "amount", "subtotal",
    "net", "vat_of", "gross", "paid", "rounding", "payable", "credited", "payment", "account_holder", "bank_account",
    "bic", "reference", "scan", "terms", "hours_title", "entry_date", "task", "note", "hours", "total",
    "page", "of", "demo", "allowance", "charge", "vat_id", "tax_number", "register", "per", "debit", "contact", "tax",
    "taxable", "rate", "tax_point",
)  # fmt: skip

_WORDS = {
    "en": (
        "Invoice", "Credit note", "Number", "Date", "Due", "Service period", "Service date", "Your VAT ID",
        "Your reference", "Order", "Contract", "Project", "Credits invoice", "Description", "Quantity", "Price", "VAT",
        "Amount", "Subtotal", "Net", "{rate} % VAT on {amount}", "Total", "Already paid", "Rounding", "Amount due",
        "Amount credited", "Payment", "Account holder", "IBAN", "BIC", "Payment reference", "Scan to pay", "Terms",
        "Hours behind this invoice", "Date", "Task", "Note", "Hours", "Total", "Page", "of",
        "DEMO – not a real invoice", "Discount", "Surcharge", "VAT ID", "Tax number", "Register no.", "per",
        "The amount will be debited from account {account}, mandate {mandate}.", "Contact", "VAT", "Taxable", "Rate",
        "Tax point",
    ),
    "de": (
        "Rechnung", "Rechnungskorrektur", "Nummer", "Datum", "Fällig", "Leistungszeitraum",
        "Leistungsdatum", "Ihre USt-IdNr.", "Ihre Referenz", "Bestellung", "Vertrag", "Projekt", "Korrigiert Rechnung",
        "Beschreibung", "Menge", "Preis", "USt", "Betrag", "Zwischensumme", "Netto", "{rate} % USt auf {amount}",
        "Gesamt", "Bereits bezahlt", "Rundung", "Zahlbetrag", "Gutgeschriebener Betrag", "Zahlung", "Kontoinhaber",
        "IBAN", "BIC", "Verwendungszweck", "Zum Bezahlen scannen", "Zahlungsziel", "Stunden zu dieser Rechnung",
        "Datum", "Aufgabe", "Notiz", "Stunden", "Summe", "Seite", "von", "DEMO – keine echte Rechnung",
        "Nachlass", "Zuschlag", "USt-IdNr.", "Steuernummer", "Register-Nr.", "je",
        "Der Betrag wird vom Konto {account} eingezogen, Mandat {mandate}.", "Kontakt", "USt", "Netto", "Satz",
        "Steuerzeitpunkt",
    ),
    "fr": (
        "Facture", "Avoir", "Numéro", "Date", "Échéance", "Période de prestation", "Date de prestation",
        "Votre n° de TVA", "Votre référence", "Commande", "Contrat", "Projet", "Avoir sur la facture", "Désignation",
        "Quantité", "Prix", "TVA", "Montant", "Sous-total", "Total HT", "TVA {rate} % sur {amount}", "Total TTC",
        "Déjà payé", "Arrondi", "Net à payer", "Montant crédité", "Paiement", "Titulaire", "IBAN", "BIC",
        "Référence de paiement", "Scanner pour payer", "Conditions", "Heures de cette facture", "Date",
        "Tâche", "Note", "Heures", "Total", "Page", "sur", "DÉMO – facture fictive", "Remise", "Supplément",
        "N° de TVA", "N° fiscal", "Registre", "par", "Le montant sera prélevé du compte {account}, mandat {mandate}.",
        "Contact", "TVA", "Base HT", "Taux", "Fait générateur",
    ),
    "es": (
        "Factura", "Factura rectificativa", "Número", "Fecha", "Vencimiento", "Periodo del servicio",
        "Fecha del servicio", "Su NIF-IVA", "Su referencia", "Pedido", "Contrato", "Proyecto", "Rectifica la factura",
        "Descripción", "Cantidad", "Precio", "IVA", "Importe", "Subtotal", "Base imponible",
        "IVA {rate} % sobre {amount}", "Total", "Ya pagado", "Redondeo", "Importe a pagar", "Importe abonado", "Pago",
        "Titular", "IBAN", "BIC", "Referencia de pago", "Escanear para pagar", "Condiciones", "Horas de esta factura",
        "Fecha", "Tarea", "Nota", "Horas", "Total", "Página", "de", "DEMO – no es una factura real",
        "Descuento", "Recargo", "NIF-IVA", "NIF", "Registro", "por",
        "El importe se adeudará en la cuenta {account}, mandato {mandate}.", "Contacto", "IVA", "Base", "Tipo",
        "Devengo",
    ),
    "nl": (
        "Factuur", "Creditfactuur", "Nummer", "Datum", "Vervaldatum", "Periode", "Datum van de dienst", "Uw btw-nummer",
        "Uw kenmerk", "Bestelling", "Contract", "Project", "Credit op factuur", "Omschrijving", "Aantal", "Prijs",
        "Btw", "Bedrag", "Subtotaal", "Netto", "{rate} % btw over {amount}", "Totaal", "Al betaald", "Afronding",
        "Te betalen", "Gecrediteerd bedrag", "Betaling", "Rekeninghouder", "IBAN", "BIC", "Betalingskenmerk",
        "Scan om te betalen", "Voorwaarden", "Uren bij deze factuur", "Datum", "Taak", "Notitie", "Uren",
        "Totaal", "Pagina",
        "van", "DEMO – geen echte factuur", "Korting", "Toeslag", "Btw-nummer", "Fiscaal nummer", "KvK", "per",
        "Het bedrag wordt afgeschreven van rekening {account}, machtiging {mandate}.", "Contact", "Btw", "Netto",
        "Tarief", "Belastingdatum",
    ),
    "nb": (
        "Faktura", "Kreditnota", "Nummer", "Dato", "Forfall", "Leveringsperiode", "Leveringsdato", "Deres mva-nummer",
        "Deres referanse", "Bestilling", "Kontrakt", "Prosjekt", "Krediterer faktura", "Beskrivelse", "Antall", "Pris",
        "Mva", "Beløp", "Delsum", "Netto", "{rate} % mva av {amount}", "Totalt", "Allerede betalt", "Avrunding",
        "Å betale", "Kreditert beløp", "Betaling", "Kontohaver", "IBAN", "BIC", "Betalingsreferanse",
        "Skann for å betale", "Betingelser", "Timer bak denne fakturaen", "Dato", "Oppgave", "Notat",
        "Timer", "Sum", "Side", "av", "DEMO – ikke en ekte faktura", "Rabatt", "Tillegg", "Mva-nummer", "Skattenummer",
        "Org.nr.", "per", "Beløpet trekkes fra konto {account}, mandat {mandate}.", "Kontakt", "Mva", "Grunnlag",
        "Sats", "Avgiftstidspunkt",
    ),
}  # fmt: skip

LABELS: Mapping[str, Mapping[str, str]] = {
    language: dict(zip(_KEYS, words, strict=True)) for language, words in _WORDS.items()
}

# Singular and plural of the units that Quoin bills in; others are printed as their code.
UNITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {"HUR": ("h", "h"), "MIN": ("min", "min"), "DAY": ("day", "days"), "MON": ("month", "months"),
           "C62": ("", ""), "LS": ("lump sum", "lump sum"), "KMT": ("km", "km")},
    "de": {"HUR": ("Std.", "Std."), "MIN": ("Min.", "Min."), "DAY": ("Tag", "Tage"), "MON": ("Monat", "Monate"),
           "C62": ("", ""), "LS": ("pauschal", "pauschal"), "KMT": ("km", "km")},
    "fr": {"HUR": ("h", "h"), "MIN": ("min", "min"), "DAY": ("jour", "jours"), "MON": ("mois", "mois"),
           "C62": ("", ""), "LS": ("forfait", "forfait"), "KMT": ("km", "km")},
    "es": {"HUR": ("h", "h"), "MIN": ("min", "min"), "DAY": ("día", "días"), "MON": ("mes", "meses"),
           "C62": ("", ""), "LS": ("global", "global"), "KMT": ("km", "km")},
    "nl": {"HUR": ("uur", "uur"), "MIN": ("min", "min"), "DAY": ("dag", "dagen"), "MON": ("maand", "maanden"),
           "C62": ("", ""), "LS": ("vast bedrag", "vast bedrag"), "KMT": ("km", "km")},
    "nb": {"HUR": ("t", "t"), "MIN": ("min", "min"), "DAY": ("dag", "dager"), "MON": ("måned", "måneder"),
           "C62": ("", ""), "LS": ("fastpris", "fastpris"), "KMT": ("km", "km")},
}  # fmt: skip


def language_of(code: str) -> str:
    """The language that is printed for `de`, `de-AT` or `de_AT`; English for one without words."""
    language = code.replace("_", "-").split("-")[0].lower()
    language = "nb" if language == "no" else language
    return language if language in LABELS else DEFAULT_LANGUAGE


def month_words(day: date, language: str) -> str:
    """The month of the day as the language writes it: "July 2026", "Juli 2026"."""
    return format_skeleton("yMMMM", day, locale=LOCALES[language_of(language)])
