"""Compiles a schematron with XSLT 2 binding to a stylesheet: as much of ISO 19757-3 as the Peppol rules use.

One mode per pattern; in a pattern a node is judged by the first rule that fits it, which is the highest priority.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_XSL = "http://www.w3.org/1999/XSL/Transform"


@cache
def _compiled(schematron: Path) -> tuple[PySaxonProcessor, PyXsltExecutable]:
    processor = PySaxonProcessor(license=False)
    stylesheet = etree.tostring(_stylesheet(etree.parse(str(schematron)).getroot())).decode()
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=stylesheet)


def failures(content: bytes, schematron: Path) -> list[str]:
    """`id flag` of each failed assertion."""
    processor, stylesheet = _compiled(schematron)
    report = stylesheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=content.decode()))
    root = etree.fromstring(report.encode())
    assert int(root.get("fired")) > 0
    return [f"{each.get('id')} {each.get('flag')}" for each in root.iter("failed")]


def _stylesheet(schema: etree._Element) -> etree._Element:
    prefixes = {each.get("prefix"): each.get("uri") for each in schema.iter(f"{_SCH}ns")}
    sheet = etree.Element(f"{{{_XSL}}}stylesheet", nsmap={"xsl": _XSL, **prefixes}, version="2.0")
    for element in schema:
        if element.tag == f"{_SCH}let":
            _variable(sheet, element)
        elif isinstance(element.tag, str) and element.tag.startswith(f"{{{_XSL}}}"):
            sheet.append(element)
    patterns = list(schema.iter(f"{_SCH}pattern"))
    for number, pattern in enumerate(patterns):
        _pattern(sheet, pattern, f"m{number}")
    start = _add(sheet, "template", match="/")
    collected = _add(start, "variable", name="report")
    for number, _ in enumerate(patterns):
        _add(collected, "apply-templates", select="//node() | //@*", mode=f"m{number}")
    report = etree.SubElement(start, "report", fired="{count($report/fired)}")
    _add(report, "copy-of", select="$report/failed")
    return sheet


def _pattern(sheet: etree._Element, pattern: etree._Element, mode: str) -> None:
    for let in pattern.findall(f"{_SCH}let"):
        _variable(sheet, let)
    rules = pattern.findall(f"{_SCH}rule")
    for at, rule in enumerate(rules):
        template = _add(sheet, "template", match=rule.get("context"), mode=mode, priority=str(len(rules) - at))
        etree.SubElement(template, "fired")
        for let in rule.findall(f"{_SCH}let"):
            _variable(template, let)
        for assertion in rule.findall(f"{_SCH}assert"):
            unless = _add(template, "if", test=f"not({assertion.get('test')})")
            etree.SubElement(unless, "failed", id=assertion.get("id"), flag=assertion.get("flag", ""))
    _add(sheet, "template", match="node() | @*", mode=mode, priority="-1")


def _variable(parent: etree._Element, let: etree._Element) -> None:
    _add(parent, "variable", name=let.get("name"), select=let.get("value"))


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_XSL}}}{tag}", attributes)
