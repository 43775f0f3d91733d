"""A PDF may be read, and nothing else: what acts, or brings another file along, is refused; what people have is not."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from foundation.inspection import pdf
from foundation.inspection.verdicts import Refused

ELSEWHERE = String(r"\\files.example\share\x.pdf")
Change = Callable[[pikepdf.Pdf], None]


def made(change: Change) -> bytes:
    """A page with one change to it."""
    paper, content = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    change(paper)
    paper.save(content)
    return content.getvalue()


def root(**entries: object) -> Change:
    return lambda paper: paper.Root.update({f"/{key}": value for key, value in entries.items()})


def on_page(**entries: object) -> Change:
    return lambda paper: paper.pages[0].obj.update({f"/{key}": value for key, value in entries.items()})


def annotation(subtype: Name, **entries: object) -> Change:
    return on_page(Annots=Array([Dictionary(Type=Name.Annot, Subtype=subtype, Rect=[0, 0, 9, 9], **entries)]))


def picture(content: bytes = b"", **entries: object) -> Change:
    def put(paper: pikepdf.Pdf) -> None:
        drawn = paper.make_stream(content, Type=Name.XObject, **entries)
        paper.pages[0].obj["/Resources"] = Dictionary(XObject=Dictionary(Im0=drawn))

    return put


def attached(paper: pikepdf.Pdf) -> None:
    paper.Root["/AF"] = Array([Dictionary(F=String("a.exe"), EF=Dictionary(F=paper.make_stream(b"MZ")))])


def indirect(paper: pikepdf.Pdf) -> None:
    paper.Root["/OpenAction"] = paper.make_indirect(Dictionary(S=Name.URI, URI=String("https://example.org/")))


def web(**entries: object) -> Dictionary:
    return Dictionary(S=Name.URI, URI=String("https://example.org/"), **entries)


ACTIVE = {
    "opens another file": root(OpenAction=Dictionary(S=Name.GoToR, F=ELSEWHERE, D=Array([0, Name.Fit]))),
    "opens a web page": root(OpenAction=web()),
    "opens a web page by reference": indirect,
    "opens a thread of another file": root(OpenAction=Dictionary(S=Name.Thread, F=ELSEWHERE, D=0)),
    "prints itself": root(OpenAction=Dictionary(S=Name.Named, N=Name.Print)),
    "opens a program": root(OpenAction=Dictionary(S=Name.Launch, F=String("x"))),
    "runs a script": root(OpenAction=Dictionary(S=Name.JavaScript, JS=String("x"))),
    "makes a sound": root(OpenAction=Dictionary(S=Name.Sound)),
    "empties a form": root(OpenAction=Dictionary(S=Name.ResetForm)),
    "a second action behind a harmless one": root(
        OpenAction=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([web()]))
    ),
    "acts when a page is shown": on_page(AA=Dictionary(O=web())),
    "a field that opens a web page": annotation(Name.Screen, A=web()),
    "a link into another file": annotation(Name.Link, A=Dictionary(S=Name.GoToR, F=ELSEWHERE)),
    "a link that hides something": annotation(Name.Link, A=Dictionary(S=Name.Hide, T=String("x"))),
    "a link that goes on to a web page": annotation(Name.Link, A=web(Next=web())),
    "a link that runs something": annotation(Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:x"))),
    "a sound": annotation(Name.Sound),
    "a picture kept elsewhere": picture(Subtype=Name.Image, F=ELSEWHERE),
    "a page of another file": picture(Subtype=Name.Form, Ref=Dictionary(F=ELSEWHERE, Page=0)),
    "PostScript": picture(b"x", Subtype=Name.PS),
    "PostScript, said the other way": picture(b"x", Subtype=Name.Form, Subtype2=Name.PS),
    "a file that goes with it": attached,
    "a portfolio": root(Collection=Dictionary(View=Name.D)),
}
HARMLESS = {
    "nothing": root(),
    "a place to begin at": root(OpenAction=Array([0, Name.Fit])),
    "a named place to begin at": root(OpenAction=String("begin")),
    "going to a page": root(OpenAction=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))),
    "a link to the web": annotation(Name.Link, A=web()),
    "a link that writes a mail": annotation(Name.Link, A=Dictionary(S=Name.URI, URI=String("mailto:a@example.org"))),
    "a link to the next page": annotation(Name.Link, A=Dictionary(S=Name.Named, N=Name.NextPage)),
    "flags of a note": annotation(Name.Text, F=4, Contents=String("Bitte prüfen")),
    "what a reader for the blind is told": root(
        StructTreeRoot=Dictionary(
            Type=Name.StructTreeRoot, K=Dictionary(S=Name.P, A=Dictionary(O=Name.Layout), Ref=Array([]))
        )
    ),
    "a bookmark": root(Outlines=Dictionary(First=Dictionary(Title=String("1"), Dest=Array([0, Name.Fit])))),
    "a picture": picture(b"q Q", Subtype=Name.Form, Group=Dictionary(S=Name.Transparency)),
}


@pytest.mark.asvs("V5.2.2")
@pytest.mark.tr("A3.8.04")
@pytest.mark.parametrize("what", ACTIVE)
def test_what_acts_or_brings_another_file_is_refused(what: str) -> None:
    with pytest.raises(Refused) as refused:
        pdf.inspect(made(ACTIVE[what]))
    assert refused.value.code == "active"


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_shows_something_is_taken_as_it_is(what: str) -> None:
    content = made(HARMLESS[what])
    assert pdf.inspect(content).content == content
