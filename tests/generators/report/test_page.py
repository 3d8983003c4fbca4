"""The page about a sample: complete in one file, and safe whatever the sample holds."""

from html.parser import HTMLParser

import polars as pl

from generators.report import render_page
from tests.generators.planning import plan_of

EMPTY = {"meta", "rect", "br"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section"),
    *("h1", "h2", "p", "ul", "li", "a", "bdi", "span", "div", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}&amp;\x1b[2J"
)


class Page(HTMLParser):
    """What stands in a page, once it is known to be well formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page_of(cells: dict[str, list[str]]) -> Page:
    return Page(render_page(plan_of(cells), "sample.csv", pl.DataFrame(cells)))


def test_a_page_shows_how_full_and_how_different_columns_are() -> None:
    cells = {
        "colour": ["red", "red", "blue", "", "red"],
        "price": ["1.50", "2.50", "3.50", "4.50", "9.50"],
        "since": ["2026-01-01", "2026-01-02", "2026-03-01", "", ""],
    }

    page = page_of(cells)

    assert "sample.csv: 5 rows, 3 columns" in page.text
    assert "1 of 5 rows (20.0%)" in page.text
    assert "2 of 4 values" in page.text
    assert "Most frequent values red 3 75.0% blue 1 25.0%" in page.text
    assert "First values; all values differ 1.50 2.50" in page.text
    pictures = [attrs for tag, attrs in page.tags if tag == "svg" and "role" in attrs]
    assert [picture["aria-label"] for picture in pictures] == [
        "Histogram from 1.50 to 9.50 in 24 classes of the same width. Most values, 1 of "
        "5, are in class 1.",
        "Histogram from 2026-01-01 to 2026-03-01 in 20 classes of the same width. Most "
        "values, 2 of 3, are in class 1.",
    ]


def test_a_page_of_a_hostile_sample_holds_its_text_and_nothing_else_of_it() -> None:
    headers = [f"{HOSTILE} {number}" for number in range(1_000)]

    page = page_of({header: [HOSTILE, "a"] for header in headers})

    assert {tag for tag, _ in page.tags} <= ALLOWED
    names = {name for _, attrs in page.tags for name in attrs}
    assert not any(name.startswith("on") or name in {"src", "style"} for name in names)
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert links == [f"#c{number}" for number in range(1, 1_001)]
    assert page.text.count("<script>alert(1)</script>\"'>") >= 3_000
    assert "49" not in page.text.split("{{ 7*7 }}")[0]
    assert "\x1b" not in page.text


def test_values_of_persons_and_secrets_are_on_no_page() -> None:
    page = page_of(
        {
            "Vorname": ["Annegret", "Annegret"],
            "birth date": ["1971-02-03", "1982-03-04"],
            "api key": ["k-3141", "k-5926"],
            "city": ["Ulm", "Ulm"],
        }
    )

    for word in ("Annegret", "1971", "1982", "3141", "5926"):
        assert word not in page.text
    assert "Ulm" in page.text
    assert page.text.count("The values are not shown") == 3
    assert not any(tag == "svg" and "role" in attrs for tag, attrs in page.tags)
