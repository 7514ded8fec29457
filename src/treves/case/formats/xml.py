"""XML from outside, read without entities: elements that know their line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from treves.case.formats import raw

MAX_DEPTH = 60
MAX_ELEMENTS = 500_000


@dataclass
class Element:
    """A tag with its attributes, its own text, what it contains, and its line from 1."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """Direct children of that tag."""
        return [c for c in self.children if c.tag == tag]

    def first(self, tag: str) -> Element | None:
        """First direct child of that tag."""
        return next((c for c in self.children if c.tag == tag), None)

    def value(self, tag: str) -> str:
        """Text of the first child of that tag; empty when there is none."""
        child = self.first(tag)
        return child.text.strip() if child else ""

    def anywhere(self, tag: str) -> Iterator[Element]:
        """Elements of that tag at any depth, in the order of the file."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.anywhere(tag)


def parse(text: raw.Text) -> Element:
    """The root element. Raises CaseError for malformed XML and for any DOCTYPE or entity.

    >>> parse(raw.Text("<a><b>1</b></a>", "x.xml")).value("b")
    '1'
    """
    problems = raw.Problems(text.name)
    builder = _Builder(problems)
    parser = expat.ParserCreate()
    builder.attach(parser)
    # The declaration may name another encoding; the text was decoded already.
    source = text.text.split("?>", 1)[-1] if text.text.lstrip().startswith("<?xml") else text.text
    skipped = text.text[: len(text.text) - len(source)].count("\n")
    builder.skipped = skipped
    try:
        parser.Parse(source.encode("utf-8"), True)
    except expat.ExpatError as error:
        what = f"this is not XML: {expat.errors.messages[error.code]}"
        problems.refuse(what, "", error.lineno + skipped)
    assert builder.root is not None  # expat refuses a text without an element
    return builder.root


class _Builder:
    """Handlers of the parser: keep a stack, refuse what a data file does not need."""

    def __init__(self, problems: raw.Problems) -> None:
        self.problems = problems
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.left = MAX_ELEMENTS
        self.skipped = 0
        self.parser: Any = None

    def attach(self, parser: Any) -> None:
        self.parser = parser
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.EntityDeclHandler = self.refuse_doctype

    @property
    def line(self) -> int:
        return int(self.parser.CurrentLineNumber) + self.skipped

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.left -= 1
        if self.left < 0 or len(self.stack) >= MAX_DEPTH:
            self.problems.refuse("the file has too many elements", "a smaller file", self.line)
        element = Element(tag, attributes, self.line)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def end(self, _: str) -> None:
        self.stack.pop()

    def characters(self, data: str) -> None:
        if self.stack:
            self.stack[-1].text += data

    def refuse_doctype(self, *_: object) -> None:
        what = "the file declares a DOCTYPE or an entity"
        self.problems.refuse(what, "the same file without it", self.line)
