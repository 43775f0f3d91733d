"""Reads a page the way a browser and a screen reader do, as far as HTML alone tells."""

from django.http import HttpResponse
from lxml import html


class Page:
    def __init__(self, response: HttpResponse) -> None:
        self.text = response.content.decode()
        self.tree = html.fromstring(self.text)

    def title(self) -> str:
        return self.tree.findtext(".//title")

    def headings(self) -> list[str]:
        return [" ".join(h1.text_content().split()) for h1 in self.tree.iter("h1")]

    def count(self, path: str) -> int:
        return len(self.tree.xpath(path))

    def faults(self) -> list[str]:
        """What breaks the rules that hold on every page."""
        found = []
        if len(self.headings()) != 1:
            found.append(f"h1: {self.headings()}")
        found += [f"{path}: {self.count(path)}" for path in ("//header", "//main", "//footer") if self.count(path) != 1]
        found += ["inline style" for _ in self.tree.xpath("//style | //*[@style]")]
        found += ["inline script" for _ in self.tree.xpath("//script[not(@src)]")]
        found += ["handler" for element in self.tree.iter() for name in element.attrib if name.startswith("on")]
        found += [f"fault told twice: {self.title()}" for _ in self.title().split("Fehler: ")[2:]]
        ids = self.tree.xpath("//@id")
        found += [f"double id {each}" for each in set(ids) if ids.count(each) > 1]
        found += [f"no such id {each}" for each in self.references() if each not in ids]
        found += [f"no label {control.get('name')}" for control in self.controls() if not self._label(control)]
        return found

    def references(self) -> list[str]:
        names = self.tree.xpath("//@aria-describedby | //@aria-labelledby | //label/@for")
        targets = [target[1:] for target in self.tree.xpath("//a/@href") if target.startswith("#")]
        return [each for name in names for each in name.split()] + targets

    def controls(self) -> list[html.HtmlElement]:
        return self.tree.xpath("//input[not(@type='hidden')] | //select | //textarea")

    def _label(self, control: html.HtmlElement) -> bool:
        return bool(self.tree.xpath("//label[@for=$id]", id=control.get("id")))
