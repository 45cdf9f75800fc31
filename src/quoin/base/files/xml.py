"""XML that came from outside, opened safely."""

from __future__ import annotations

from lxml import etree

from quoin.kernel.errors import Invalid
from quoin.kernel.words import say


def xml_root(content: bytes, *, refuse: type[Invalid], typed: str) -> etree._Element:
    """Root of the document: no entities, no network, no huge trees, no document type.

    `refuse` is raised for what is not well-formed, and with the sentence `typed` for a document type, in which
    entities could be declared that fill the memory.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise refuse(say("The file is not well-formed XML: %(error)s.", error=error)) from error
    if root.getroottree().docinfo.doctype:
        raise refuse(typed)
    return root
