"""A page as a tree, by the standard library's parser; it minds every end tag, so that nothing can slip out of place."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "col"}


@dataclass
class Element:
    """An element with its attributes, and its children: elements and strings."""

    tag: str
    attributes: dict = field(default_factory=dict)
    children: list = field(default_factory=list)

    def all(self, tag=None, cls=None, **attributes):
        """The elements inside it, in document order; `attributes` have to be equal, with _ for -."""
        for child in self.children:
            if isinstance(child, Element):
                wanted = all(child.attributes.get(k.replace("_", "-")) == v for k, v in attributes.items())
                if wanted and tag in (None, child.tag) and (cls is None or cls in child.classes):
                    yield child
                yield from child.all(tag, cls, **attributes)

    def one(self, tag=None, cls=None, **attributes):
        """The only such element."""
        (found,) = self.all(tag, cls, **attributes)
        return found

    @property
    def classes(self):
        return (self.attributes.get("class") or "").split()

    @property
    def text(self):
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def words(self):
        """The text with its white space put together."""
        return " ".join(self.text.split())


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> ends <{closed.tag}> {closed.attributes}"

    def handle_data(self, data):
        self.open[-1].children.append(data)


def tree(page):
    """Parse a page; fails where an end tag does not fit."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert builder.open == [builder.root], "everything is closed"
    return builder.root
