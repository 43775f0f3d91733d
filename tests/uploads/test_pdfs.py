"""A PDF may be read, and nothing else: what acts, or brings another file along, is refused; what people have is not."""

import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from foundation.inspection import pdf
from foundation.inspection.verdicts import Refused

ELSEWHERE = String(r"\\files.example\share\x.pdf")
Change = Callable[[pikepdf.Pdf], None]


def made(change: Change, *, compress: bool = True) -> bytes:
    """A page with one change to it."""
    paper, content = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    change(paper)
    paper.save(content, compress_streams=compress)
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


def require_active(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        pdf.inspect(content)
    assert refused.value.code == "active"


@pytest.mark.asvs("V5.2.2")
@pytest.mark.tr("A3.8.04")
@pytest.mark.parametrize("what", ACTIVE)
def test_what_acts_or_brings_another_file_is_refused(what: str) -> None:
    require_active(made(ACTIVE[what]))


def written(trailer: bytes) -> bytes:
    """A page, with whatever stands in its trailer: pikepdf would move what is direct there into objects."""
    content, places = b"%PDF-1.7\n", []
    for number, said in enumerate(
        (b"<</Type/Pages/Kids[2 0 R]/Count 1>>", b"<</Type/Page/Parent 1 0 R/MediaBox[0 0 9 9]>>"), start=1
    ):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size 3%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(content))
    return content + b"xref\n0 3\n0000000000 65535 f \n" + table + end


IN_THE_TRAILER = {
    "opens with a script": b"/Root<</Type/Catalog/Pages 1 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    "names a script": b"/Root<</Type/Catalog/Pages 1 0 R/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(x)>>]>>>>>>",
    "acts when it is closed": b"/Root<</Type/Catalog/Pages 1 0 R/AA<</WC<</S/URI/URI(https://example.org/)>>>>>>",
    "brings a file in what is said of it": b"/Root<</Type/Catalog/Pages 1 0 R>>/Info<</EF<</F(a.exe)>>>>",
}


@pytest.mark.asvs("V5.2.2")
@pytest.mark.tr("A3.8.04")
@pytest.mark.parametrize("what", IN_THE_TRAILER)
def test_what_acts_without_being_an_object_of_its_own_is_refused(what: str) -> None:
    """The catalogue may stand in the trailer itself, and readers follow it there."""
    require_active(written(IN_THE_TRAILER[what]))


def test_catalogue_in_the_trailer_is_no_fault_by_itself() -> None:
    content = written(b"/Root<</Type/Catalog/Pages 1 0 R>>")
    assert pdf.inspect(content).content == content


# --- a second file in the same bytes ---------------------------------------------------------------------------------


def archive(comment: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("x.exe", b"MZ" * 500)
        file.comment = comment
    return packed.getvalue()


def end_of(content: bytes) -> bytes:
    """How the file ends, to be written once more behind something else."""
    return b"\n" + content[content.rindex(b"startxref") :]


def updated(content: bytes) -> bytes:
    """The file with an update as programs write it that sign or annotate."""
    place = len(content)
    previous = int(content[content.rindex(b"startxref") :].split()[1])
    added = b"9 0 obj\n<</Type/Annot>>\nendobj\n"
    table = b"xref\n9 1\n%010d 00000 n \n" % place
    said = b"trailer\n<</Size 10/Root 8 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (previous, place + len(added))
    with pikepdf.open(io.BytesIO(content)) as paper:
        said = said.replace(b"8 0 R", b"%d 0 R" % paper.Root.objgen[0])
    return content + added + table + said


TWO_IN_ONE: dict[str, Callable[[bytes], bytes]] = {
    "an archive behind it, whose comment ends like a PDF": lambda page: page + archive(end_of(page)),
    "an archive in a stream": lambda page: made(picture(archive(), Subtype=Name.Form), compress=False),
    "a web page behind it": lambda page: page + b"<script>alert(1)</script>" + end_of(page),
    "a program behind it": lambda page: page + b"\0" * 9 + b"MZ" * 70_000 + end_of(page),
    "a program behind a remark": lambda page: page + b"% later\nMZ" + b"x" * 70_000 + end_of(page),
    "an archive behind a true update": lambda page: updated(page) + archive(end_of(updated(page))),
}


@pytest.mark.asvs("V5.2.2")
@pytest.mark.tr("A3.8.04")
@pytest.mark.parametrize("what", TWO_IN_ONE)
def test_file_that_is_two_at_once_is_refused(what: str) -> None:
    content = TWO_IN_ONE[what](made(root()))
    assert content.startswith(b"%PDF-")
    with pytest.raises(Refused) as refused:
        pdf.inspect(content)
    assert refused.value.code == "broken"


@pytest.mark.parametrize("gap", [b"", b"\n", b"\r\n\0", b"% signed\n% twice\n"])
def test_update_behind_the_end_is_taken(gap: bytes) -> None:
    content = updated(made(root()) + gap)
    assert content.count(b"%%EOF") == 2
    assert pdf.inspect(content).content == content


def test_file_in_two_parts_for_reading_over_the_net_is_taken() -> None:
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(made(root()))) as paper:
        paper.save(content, linearize=True)
    assert content.getvalue().count(b"%%EOF") == 2
    assert pdf.inspect(content.getvalue()).content == content.getvalue()


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_shows_something_is_taken_as_it_is(what: str) -> None:
    content = made(HARMLESS[what])
    assert pdf.inspect(content).content == content


@pytest.mark.asvs("V5.2.2")
@pytest.mark.parametrize("end", [b"%%EOF", b"%%EOF\n", b"%%EOF %"])
def test_ends_without_number_are_judged_one_by_one(end: bytes) -> None:
    """Were each looked at up to the end of the file, a hundred kilobytes would take longer than there is time."""
    with pytest.raises(Refused) as refused:
        pdf.inspect(b"%PDF-1.7\n" + end * 300_000 + b"\n%%EOF\n")
    assert refused.value.code == "broken"
