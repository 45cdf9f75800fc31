"""Which VAT a service gets, and why: category, rate, exemption and an explanation for the people who ask.

General rules of Directive 2006/112/EC for services (Art. 44, 45, 59, 196). Exceptions (land, events, passenger
transport, domestic reverse charge, reduced rates) are the tenant's to state: it passes a treatment of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quoin.billing.rules.tax import NO_EXEMPTION, Exemption, VatCategory
from quoin.billing.rules.tax_rates import EU_COUNTRIES, STANDARD_RATES, StandardRate, standard_rate
from quoin.kernel.errors import invalid
from quoin.kernel.words import say

REVERSE_CHARGE = "VATEX-EU-AE"
EXPORT = "VATEX-EU-G"
NOT_SUBJECT = "VATEX-EU-O"
SMALL_BUSINESS = ""  # the code list has no code for the small business scheme that holds in every country

# The words the law of the country of each language uses (Art. 226(11) and (11a) of the Directive).
_TEXTS: dict[VatCategory, dict[str, str]] = {
    VatCategory.REVERSE_CHARGE: {
        "en": "Reverse charge",
        "de": "Steuerschuldnerschaft des Leistungsempfängers (Reverse charge)",
        "fr": "Autoliquidation (Reverse charge)",
        "es": "Inversión del sujeto pasivo (Reverse charge)",
        "nl": "Btw verlegd (Reverse charge)",
        "nb": "Omvendt avgiftsplikt (Reverse charge)",
    },
    VatCategory.EXPORT: {
        "en": "Service supplied outside the country's VAT area, no VAT charged",
        "de": "Nicht im Inland steuerbare Leistung",
        "fr": "Prestation hors du champ territorial de la TVA",
        "es": "Operación no sujeta por reglas de localización",
        "nl": "Dienst verricht buiten het btw-gebied, geen btw verschuldigd",
        "nb": "Tjeneste levert til utlandet, ikke merverdiavgift",
    },
    VatCategory.NOT_SUBJECT: {
        "en": "Not subject to VAT",
        "de": "Nicht umsatzsteuerbar",
        "fr": "Non soumis à la TVA",
        "es": "Operación no sujeta a IVA",
        "nl": "Niet aan btw onderworpen",
        "nb": "Ikke merverdiavgiftspliktig",
    },
    VatCategory.EXEMPT: {
        "en": "Exempt under the VAT scheme for small enterprises",
        "de": "Steuerfrei als Kleinunternehmer",
        "fr": "TVA non applicable, franchise en base",
        "es": "Exento, régimen de franquicia para pequeñas empresas",
        "nl": "Vrijgesteld van btw, kleineondernemersregeling",
        "nb": "Unntatt merverdiavgift",
    },
}


@dataclass(frozen=True, slots=True)
class TaxTreatment:
    """The VAT a line gets. `rate` is a percentage, None where the category knows no rate; `why` explains it."""

    category: VatCategory
    rate: Decimal | None
    exemption: Exemption
    why: str


@dataclass(frozen=True, slots=True)
class TaxSubject:
    """A party as far as VAT asks: ISO country, VAT id (empty if none), and another tax number (BT-32)."""

    country: str
    vat_id: str = ""
    tax_number: str = ""

    @property
    def is_in_eu(self) -> bool:
        return self.country in EU_COUNTRIES


def exemption_text(category: VatCategory, language: str) -> str:
    """The sentence that has to stand on the document, in the language, in English if that is not known."""
    texts = _TEXTS.get(category, {})
    return texts.get(language, texts.get("en", ""))


def tax_treatment(
    *,
    seller: TaxSubject,
    buyer: TaxSubject,
    on: date,
    language: str = "en",
    rates: Iterable[StandardRate] = STANDARD_RATES,
) -> TaxTreatment:
    """Treatment of a service sold on the day. Invalid if the seller's country has no known rate on that day."""
    if not seller.vat_id:
        return _unregistered(seller, language)
    if seller.country == buyer.country:
        return _standard(seller, on, rates, f"Both parties are in {seller.country}, so its standard rate applies.")
    if not (seller.is_in_eu and buyer.is_in_eu):
        return _untaxed(
            VatCategory.EXPORT,
            EXPORT,
            language,
            f"A service from {seller.country} to {buyer.country} is taxed where the client is"
            " (Directive 2006/112/EC Art. 44 and 59).",
        )
    if buyer.vat_id:
        return _untaxed(
            VatCategory.REVERSE_CHARGE,
            REVERSE_CHARGE,
            language,
            f"A service from {seller.country} to a business in {buyer.country} with a VAT id: the client owes"
            " the VAT (Directive 2006/112/EC Art. 44 and 196).",
        )
    why = f"The client in {buyer.country} has no VAT id, so the rate of {seller.country} applies (Art. 45)."
    return _standard(seller, on, rates, why)


def _unregistered(seller: TaxSubject, language: str) -> TaxTreatment:
    if seller.tax_number:
        why = "The seller has a tax number but no VAT id: it sells under the small business scheme."
        return _untaxed(VatCategory.EXEMPT, SMALL_BUSINESS, language, why)
    text = exemption_text(VatCategory.NOT_SUBJECT, language)
    why = "The seller has neither a VAT id nor a tax number, so it charges no VAT."
    return TaxTreatment(VatCategory.NOT_SUBJECT, None, Exemption(NOT_SUBJECT, text), why)


def _untaxed(category: VatCategory, code: str, language: str, why: str) -> TaxTreatment:
    return TaxTreatment(category, Decimal(0), Exemption(code, exemption_text(category, language)), why)


def _standard(seller: TaxSubject, on: date, rates: Iterable[StandardRate], why: str) -> TaxTreatment:
    row = standard_rate(seller.country, on=on, rates=rates)
    if row is None:
        raise invalid(
            "/seller/country",
            say("No standard VAT rate is known for %(country)s on %(on)s.", country=seller.country, on=on),
            code="tax.rate_unknown",
            remedy="Add the rate under Settings, Tax, with the day from which it holds.",
        )
    sentence = f"{why} {row.percent} % since {row.since}."
    return TaxTreatment(VatCategory.STANDARD, row.percent, NO_EXEMPTION, sentence)
