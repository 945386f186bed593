"""What is said of a newspaper, its issue and its articles in MODS 3.7, as METS holds it.

Nothing is said that the source does not say; names are as printed, roles as printed and, where the word is
known, by the code of the MARC relator terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import etree

from issue_publisher.issue import wording
from issue_publisher.issue.model import Article, Author, Issue, Nameplate

NAMESPACE = "http://www.loc.gov/mods/v3"
_ISSN = re.compile(r"\b(\d{4}-\d{3}[\dXx])\b")
_SCRIPTS = {"zh-Hans": "Hans", "zh-Hant": "Hant"}
_LANGUAGES = {"zh": "chi", "en": "eng", "ja": "jpn", "fr": "fre", "de": "ger", "ru": "rus", "ko": "kor"}

# What Chinese papers call those who made a piece, by MARC's relator terms; whoever is not here is an author.
_RELATORS = {
    "记者": "rpt", "通讯员": "rpt", "见习记者": "rpt", "特约记者": "rpt", "实习记者": "rpt",
    "图": "pht", "摄影": "pht", "摄": "pht", "制图": "ill", "绘图": "ill", "插图": "ill", "漫画": "ill",
    "编辑": "edt", "责编": "edt", "译": "trl", "翻译": "trl", "整理": "com", "编译": "trl", "采访": "ivr",
}  # fmt: skip


def paper_mods(issue: Issue) -> etree._Element:
    """The newspaper, as a serial."""
    paper, root = issue.nameplate, _mods()
    _titles(root, paper.title, paper.subtitle)
    if paper.sponsor:
        _corporate(root, wording.body_name(paper.sponsor), "spn", paper.sponsor)
    _add(root, "typeOfResource", "text")
    _add(root, "genre", "newspaper", authority="marcgt")
    origin = _add(root, "originInfo")
    if issue.imprint is not None and issue.imprint.address:
        _add(_add(origin, "place"), "placeTerm", issue.imprint.address, type="text")
    if paper.publisher:
        _add(origin, "publisher", wording.body_name(paper.publisher))
    _add(origin, "issuance", "serial")
    _language(root, issue.lang)
    if paper.motto:
        _add(root, "note", paper.motto, type="motto")
    if paper.level:
        _add(root, "note", paper.level, type="level")
    _serial_number(root, paper)
    if paper.site:
        _add(_add(root, "location"), "url", paper.site)
    return root


def issue_mods(issue: Issue, pages: int) -> etree._Element:
    """One issue of it."""
    paper, root = issue.nameplate, _mods()
    _titles(root, paper.title, None, part=" ".join(wording.date_line(paper)))
    _add(root, "typeOfResource", "text")
    _add(root, "genre", "newspaper issue")
    origin = _add(root, "originInfo")
    if paper.publisher:
        _add(origin, "publisher", wording.body_name(paper.publisher))
    _add(origin, "dateIssued", issue.date.isoformat(), encoding="w3cdtf", keyDate="yes")
    _add(origin, "dateIssued", " ".join(wording.date_line(paper)))
    if paper.edition:
        _add(origin, "edition", paper.edition)
    _language(root, issue.lang)
    _add(_add(root, "physicalDescription"), "extent", f"{pages} pages")
    host = _add(root, "relatedItem", type="host")
    _titles(host, paper.title, None)
    _serial_number(host, paper)
    _add(root, "identifier", issue.id, type="local")
    part = _add(root, "part")
    if paper.running_number is not None:
        detail = _add(part, "detail", type="issue")
        _add(detail, "number", str(paper.running_number))
        _add(detail, "caption", wording.running_number_text(paper.running_number))
    _add(part, "date", issue.date.isoformat(), encoding="w3cdtf")
    return root


def article_mods(
    issue: Issue, title: str, article: Article | None, section: str, pages: Sequence[int]
) -> etree._Element:
    """An article; `article`: None when it is a picture with a headline. `pages`: that it is printed on."""
    root = _mods()
    if title:
        _titles(root, title, None, decks=[deck.plain for deck in article.decks] if article else ())
    if article is not None and article.kicker is not None:
        info = _add(root, "titleInfo", type="alternative", displayLabel="kicker")
        _add(info, "title", article.kicker.plain)
    for author in article.byline.authors if article is not None and article.byline is not None else ():
        _author(root, author)
    _add(root, "typeOfResource", "text" if article is not None else "still image")
    _add(root, "genre", "article" if article is not None else "picture")
    if article is not None and article.genre:
        _add(root, "genre", article.genre)
    _language(root, article.lang or issue.lang if article is not None else issue.lang)
    if article is not None and article.standfirst is not None:
        _add(root, "abstract", article.standfirst.plain)
    if article is not None and article.dateline:
        _add(root, "note", article.dateline, type="dateline")
    if article is not None and article.series is not None:
        series = _add(root, "relatedItem", type="series")
        _titles(series, article.series.name, None)
        detail = _add(_add(series, "part"), "detail", type="part")
        _add(detail, "number", str(article.series.part))
        _add(detail, "caption", article.series.label)
    if article is not None:
        _add(root, "identifier", article.id, type="local")
    part = _add(root, "part")
    for kind, words in (("section", section), ("rubric", article.rubric if article is not None else None)):
        if words:
            _add(_add(part, "detail", type=kind), "title", words)
    extent = _add(part, "extent", unit="pages")
    if list(pages) == list(range(pages[0], pages[-1] + 1)):
        _add(extent, "start", str(pages[0]))
        _add(extent, "end", str(pages[-1]))
    else:
        _add(extent, "list", ", ".join(map(str, pages)))
    return root


def _mods() -> etree._Element:
    root = etree.Element(f"{{{NAMESPACE}}}mods", nsmap={"mods": NAMESPACE})
    root.set("version", "3.7")
    return root


def _titles(
    parent: etree._Element, title: str, other: str | None, *, part: str = "", decks: Iterable[str] = ()
) -> None:
    info = _add(parent, "titleInfo")
    _add(info, "title", title)
    for deck in decks:
        _add(info, "subTitle", deck)
    if part:
        _add(info, "partName", part)
    if other:
        _add(_add(parent, "titleInfo", type="alternative"), "title", other)


def _author(parent: etree._Element, author: Author) -> None:
    name = _add(parent, "name", type="personal")
    _add(name, "namePart", author.name)
    role = _add(name, "role")
    _add(role, "roleTerm", _RELATORS.get(author.role or "", "aut"), type="code", authority="marcrelator")
    if author.role:
        _add(role, "roleTerm", author.role, type="text")
    if author.affiliation:
        _add(name, "affiliation", author.affiliation)


def _corporate(parent: etree._Element, words: str, code: str, printed: str) -> None:
    name = _add(parent, "name", type="corporate")
    _add(name, "namePart", words)
    _add(_add(name, "role"), "roleTerm", code, type="code", authority="marcrelator")
    if printed != words:
        _add(name, "displayForm", printed)


def _language(parent: etree._Element, lang: str) -> None:
    language = _add(parent, "language")
    if code := _LANGUAGES.get(lang.split("-")[0]):
        _add(language, "languageTerm", code, type="code", authority="iso639-2b")
    _add(language, "languageTerm", lang, type="code", authority="rfc5646")
    if script := _SCRIPTS.get(lang):
        _add(language, "scriptTerm", script, type="code", authority="iso15924")


def _serial_number(parent: etree._Element, paper: Nameplate) -> None:
    """An ISSN is called one; 国内统一连续出版物号 (CN …) is the other number that a paper may have."""
    number = paper.serial_number or ""
    issn = _ISSN.search(number) if "ISSN" in number.upper() else None
    if issn:
        _add(parent, "identifier", issn[1], type="issn")
    elif number:
        _add(parent, "identifier", number, type="cn")


def _add(parent: etree._Element, name: str, words: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if words:
        element.text = words
    for key, value in attributes.items():
        element.set(key, value)
    return element
