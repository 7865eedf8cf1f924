"""QTI 3: a package of items and a test, for course systems and players of that standard."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from derive.courses.accepting import Accepted, write_plain
from derive.courses.packing import pack
from derive.courses.questions import Question, Quiz
from derive.courses.wording import (
    XHTML,
    name_group,
    name_questions,
    name_quiz,
    tell_origins,
    write_paragraphs,
)

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATHML = "http://www.w3.org/1998/Math/MathML"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
MANIFEST, TEST = "imsmanifest.xml", "test.xml"
ROOM = "24"
"""Characters that are expected in an answer."""


def write_qti(quiz: Quiz) -> bytes:
    """A zip file: the manifest, the test, an item for each question.

    Of several worksheets the test has a section for each id, which selects one item.
    """
    items = {
        f"items/q{group.number}-{number}.xml": _make_item(f"q{group.number}-{number}", *named)
        for group in quiz.groups
        for number, named in enumerate(name_questions(group), 1)
    }
    made = {TEST: _make_test(quiz), **items}
    files = {name: _write_xml(root) for name, root in made.items()}
    return pack({MANIFEST: _write_xml(_make_manifest(quiz, items)), **files})


def _make_item(identifier: str, name: str, question: Question) -> ET.Element:
    item = _root("qti-assessment-item", NAMESPACE, identifier=identifier, title=name)
    item.attrib |= {"adaptive": "false", "time-dependent": "false"}
    item.set("xml:lang", question.spec.language)
    _declare(item, "response", "RESPONSE", "qti-correct-response", write_plain(question.shown))
    _declare(item, "outcome", "SCORE", "qti-default-value", "0")
    body = ET.SubElement(item, "qti-item-body")
    text = f"<div>{write_paragraphs(question, XHTML)}</div>"
    body.extend(ET.fromstring(text))  # noqa: S314  written by us a line before
    for formula in body.iter("math"):
        formula.set("xmlns", MATHML)
    place = ET.SubElement(body, "p")
    entry = {"response-identifier": "RESPONSE", "expected-length": ROOM}
    ET.SubElement(place, "qti-text-entry-interaction", entry)
    item.append(_make_processing(question.accepted))
    return item


def _declare(item: ET.Element, kind: str, identifier: str, place: str, value: str) -> None:
    """A variable of the item that holds a number, and a first or right value for it."""
    variable = {"identifier": identifier, "cardinality": "single", "base-type": "float"}
    declared = ET.SubElement(item, f"qti-{kind}-declaration", variable)
    ET.SubElement(ET.SubElement(declared, place), "qti-value").text = value


def _make_processing(accepted: Iterable[Accepted]) -> ET.Element:
    """The score: that of the first number that an answer is near enough to, else 0.

    Nothing is asked for first: some players compare it as 0.
    """
    processing = ET.Element("qti-response-processing")
    condition = ET.SubElement(processing, "qti-response-condition")
    nothing = ET.SubElement(condition, "qti-response-if")
    variable = ET.SubElement(nothing, "qti-is-null")
    ET.SubElement(variable, "qti-variable", identifier="RESPONSE")
    _set_score(nothing, "0")
    for number in accepted:
        case = ET.SubElement(condition, "qti-response-else-if")
        case.append(_compare(number))
        _set_score(case, str(number.percent / 100))
    _set_score(ET.SubElement(condition, "qti-response-else"), "0")
    return processing


def _compare(number: Accepted) -> ET.Element:
    """Whether the answer is not below one end and not above the other.

    Some players know no tolerance of `qti-equal`.
    """
    between = ET.Element("qti-and")
    for tag, end in zip(("qti-gte", "qti-lte"), number.find_ends(), strict=True):
        side = ET.SubElement(between, tag)
        ET.SubElement(side, "qti-variable", identifier="RESPONSE")
        _add_number(side, end)
    return between


def _set_score(case: ET.Element, score: str) -> None:
    _add_number(ET.SubElement(case, "qti-set-outcome-value", identifier="SCORE"), score)


def _add_number(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "qti-base-value", {"base-type": "float"}).text = text


def _make_test(quiz: Quiz) -> ET.Element:
    test = _root("qti-assessment-test", NAMESPACE, identifier="test", title=name_quiz(quiz))
    modes = {"navigation-mode": "nonlinear", "submission-mode": "individual"}
    part = ET.SubElement(test, "qti-test-part", {"identifier": "part"} | modes)
    section = _add_section(part, "questions", name_quiz(quiz))
    for group in quiz.groups:
        place = section
        if quiz.several:
            place = _add_section(section, f"s{group.number}", name_group(group))
            ET.SubElement(place, "qti-selection", select="1")
        for number in range(1, len(group.questions) + 1):
            identifier = f"q{group.number}-{number}"
            item = {"identifier": identifier, "href": f"items/{identifier}.xml"}
            ET.SubElement(place, "qti-assessment-item-ref", item)
    return test


def _add_section(parent: ET.Element, identifier: str, title: str) -> ET.Element:
    section = {"identifier": identifier, "title": title, "visible": "true"}
    return ET.SubElement(parent, "qti-assessment-section", section)


def _make_manifest(quiz: Quiz, items: Iterable[str]) -> ET.Element:
    """What the package holds; the test needs every item."""
    manifest = _root("manifest", PACKAGE, identifier="package")
    manifest.extend(ET.Comment(f" {text} ") for text in tell_origins(quiz))
    metadata = ET.SubElement(manifest, "metadata")
    ET.SubElement(metadata, "schema").text = "QTI Package"
    ET.SubElement(metadata, "schemaversion").text = "3.0.0"
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    test = _add_resource(resources, "imsqti_test_xmlv3p0", TEST)
    for href in items:
        item = _add_resource(resources, "imsqti_item_xmlv3p0", href)
        ET.SubElement(test, "dependency", identifierref=item.attrib["identifier"])
    return manifest


def _add_resource(resources: ET.Element, kind: str, href: str) -> ET.Element:
    identifier = "r-" + href.removesuffix(".xml").replace("/", "-")
    resource = {"identifier": identifier, "type": kind, "href": href}
    node = ET.SubElement(resources, "resource", resource)
    ET.SubElement(node, "file", href=href)
    return node


def _root(tag: str, namespace: str, **attributes: str) -> ET.Element:
    """An element whose own and inner names are those of a namespace."""
    return ET.Element(tag, {"xmlns": namespace, **attributes})


def _write_xml(root: ET.Element) -> bytes:
    text: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return text
