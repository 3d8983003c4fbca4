"""``startimport``: how a sample is written, and what is unusual about it."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.generators.startimport.runs import Start

COMMAND = "gadgets/management/commands/import_gadgets.py"


ROWS = "".join(f"A-{n},{n}.50\n" for n in range(20))


@pytest.mark.parametrize(
    ("content", "dialect", "notes"),
    [
        (
            f"Prices\n\nsku,price\n{ROWS}".encode(),
            "Dialect(skip=2)",
            ["skip=2: 2 lines before the header"],
        ),
        (
            f"Prices\n{ROWS}".encode(),
            "Dialect(header=False, skip=1)",
            ["skip=1: 1 line before the first row"],
        ),
        (
            b"a,,b,\nx,y,x,y\n1.5,2.5,3.5,4.5\n5.5,6.5,7.5,8.5\n",
            "Dialect(header_rows=2)",
            ["header_rows=2: the names in each column are joined"],
        ),
        (
            b"sku;price\nA-1;1.5;\nA-2;2.5;\n",
            'Dialect(separator=";", trailing=True)',
            ["trailing=True: rows end with a separator, the header does not"],
        ),
        (
            b"1, I;\n2, II;\n3, III;\n",
            "Dialect(header=False)",
            [
                '"column_2": each value ends with ";", which may be a mark at the end of '
                "each line",
                "guesses from fewer than 30 values, which one more row may change: "
                '"column_1" (whole numbers)',
            ],
        ),
        (
            b'sku,text\n"A-1","6\\" nail"\n"A-2","nail"\n',
            'Dialect(escape="\\\\")',
            ["escape: a quote or a separator after \\ is text"],
        ),
        (
            b"x y\n1.5 2.5\n3.5 4.5\n5.5 6.5\n",
            'Dialect(separator=" ")',
            ['separator " " is unusual: check it'],
        ),
        (
            "sku,ort\nA-1,Köln\nA-2,Bonn\n".encode("cp1252"),
            'Dialect(encoding="cp1252")',
            ['cp1252 ("Köln"): a guess: it is no UTF-8'],
        ),
        (
            "sku,ville\nA-1,Orléans\nA-2,Besançon\nA-3,Évry-Épône\n".encode(
                "mac-roman"
            ),
            'Dialect(encoding="latin-1")',
            [
                'latin-1 ("Orl\\x8eans"): a guess: it is no UTF-8, and holds bytes that '
                "cp1252 lacks; its letters read better as mac-roman: is it --encoding mac-roman?",
                "3 rows hold a control character, which an import refuses, first line 2 "
                "(U+008E)",
            ],
        ),
        (
            f"sku,price\n{ROWS}Total\n".encode(),
            None,
            [
                "an import refuses 1 row, left out here: line 22 (1 field instead of 2), "
                "at the end of the file: a footer, or another table?"
            ],
        ),
        (
            f"sku,price\n{ROWS}\nshop,city,size\nS1,Rome,2\nS2,Oslo,3\n".encode(),
            None,
            [
                "an import refuses 3 rows, left out here: the first in line 23 "
                "(3 fields instead of 2): another table starts there, which is not "
                "read; cut the file there"
            ],
        ),
        (
            f"sku,price\n{ROWS}\nshop,size\nS1,2\nS2,3\n".encode(),
            None,
            [
                "another table starts at line 23, and an import reads its rows as rows "
                "of the first: cut the file there"
            ],
        ),
        (
            f"sku,price\n{ROWS}sku,price\nB,2\n".encode(),
            None,
            ["line 22 repeats the header: an import reads it as a row"],
        ),
        (
            f"sku,name,price\n{ROWS.replace(',', ',x,')}Total,,210\n".encode(),
            None,
            ["line 22 looks like a total: an import leaves it out (on_total_row)"],
        ),
        (
            f"sku,price\n{ROWS}Source: the till,\n".encode(),
            None,
            ["line 22 looks like a note: an import reads it as a row"],
        ),
        (
            f"sku,price,note\n{ROWS.replace(',', ',x,')}B,1,7 \x96 8\nC,\x1b2,b\n".encode(),
            None,
            [
                "2 rows hold a control character, which an import refuses, first line 22 "
                "(U+0096): text of cp1252 that was read as latin-1?"
            ],
        ),
        (
            f"sku,price\n{ROWS}B,\x1b2\n".encode(),
            None,
            [
                "1 row holds a control character, which an import refuses, line 22 "
                "(U+001B)"
            ],
        ),
        (
            f"sku,name,price\n{ROWS.replace(',', ',x,')}* net,,\n,,as of June\n".encode(),
            None,
            ["lines 22, 23 look like notes: an import reads them as rows"],
        ),
        (
            b"item,v,w\nFruit,,\npear,3.5,4.5\nplum,3.5,5.5\nVeg,,\nkale,5.5,6.5\n",
            None,
            ["lines 2, 5 look like headings of groups: an import reads them as rows"],
        ),
        (b"item,v,w\nfig,1.5,2.5\npear,,\nplum,,\nkale,5.5,6.5\n", None, []),
        (
            b"item,v,w\n----,--,--\nfig,1.5,2.5\npear,3.5,4.5\nplum,3.5,5.5\n",
            None,
            ["line 2 draws a line of dashes: an import reads it as a row"],
        ),
        (b"item,v,w\nfig,-,-\npear,-,2.5\nplum,3.5,5.5\nkale,5.5,6.5\n", None, []),
        (
            b"item;v;w\nfig;1,5;2,5\npear;3,5;4,5\nplum;3,5;5,5\n;8,5;12,5\n",
            'Dialect(separator=";")',
            [
                "line 5 has the sums of the rows above and no name: an import reads it as "
                "a row"
            ],
        ),
        (
            b"item;v;w\nfig;1,5;2,5\npear;3,5;4,5\n;5,0;7,5\n",
            'Dialect(separator=";")',
            [],
        ),
        # A code alone, a name beside a value, and names that stand alone elsewhere, too.
        (f"sku,name,price\n{ROWS.replace(',', ',x,')}B,,\n".encode(), None, []),
        (f"sku,name\n{ROWS}\n,Tea pot\n".encode(), None, []),
        (
            f"name,a,b\nTea cup,,\n{ROWS.replace(',', ',x,')}Tea pot,,\n".encode(),
            None,
            [],
        ),
        (f"sku,price\n{ROWS}\nTotal Recall,9\n".encode(), None, []),
        (f"sku,price\n{ROWS}\nB,n/a\nC,2\nD,3\n".encode(), None, []),
        (f"sku,price\nZ,open\n{ROWS}\nB,open\nC,2\nD,3\n".encode(), None, []),
        (
            f"sku,price\nA,1,2\n{ROWS}B,2,3\n".encode(),
            None,
            [
                "an import refuses 2 rows, left out here: the first in line 2 "
                "(3 fields instead of 2)"
            ],
        ),
        (
            f"sku,text\n{'A-1,né\n' * 20}A-2,n".encode() + b"\xe9\n",
            None,
            [
                'utf-8 ("né"): all but 1 byte of it are',
                "an import refuses 1 row, left out here: line 22 (the byte 0xe9 is not "
                "utf-8), at the end of the file: a footer, or another table?",
            ],
        ),
    ],
)
def test_what_is_unusual_about_a_sample_is_said_and_written_into_the_command(
    content: bytes,
    dialect: str | None,
    notes: list[str],
    start: Start,
    sample: Path,
) -> None:
    sample.write_bytes(content)

    output = start()

    said = output.split("\n\n")[0].replace("\n     ", " ")  # Long ones go on below.
    assert said.splitlines()[1:] == [f"   {note}" for note in notes]
    command = sample.with_name("project").joinpath(COMMAND).read_text(encoding="utf-8")
    assert ("DIALECT = " in command) is bool(dialect)
    assert f"\nDIALECT = {dialect}\n" in command or not dialect


def test_an_encoding_that_is_named_is_believed(
    start: Start, sample: Path, project: Path
) -> None:
    sample.write_bytes("sku,ville\nA-1,Orléans\n".encode("mac-roman"))

    output = start("gadgets", "--encoding", "mac-roman")

    assert output.startswith(
        'sample.csv: 1 row, 2 columns, separator ",", mac-roman\n\n'
    )
    command = project.joinpath(COMMAND).read_text(encoding="utf-8")
    assert 'DIALECT = Dialect(encoding="mac-roman")\n' in command


@pytest.mark.parametrize(
    ("content", "flags", "dialect"),
    [
        ("a;b,c\n1;5,2\n", ("--separator", "comma"), ""),
        ("a,b\n1,2\n", ("--separator", r"\t"), 'Dialect(separator="\\t")'),
        ('a,b\n"x",2\n', ("--quote", "none"), "Dialect(quote=None)"),
        ("a,b\n'x',2\n", ("--quote", '"'), ""),
        ('a,b\n"x",2\n', ("--escape", "backslash"), 'Dialect(escape="\\\\")'),
        ('a,b\n"6\\" x",2\n"y",3\n', ("--escape", "none"), ""),
        ("a,b\nc,1\n", ("--no-header",), "Dialect(header=False)"),
        ("c,1\nd,2\n", ("--header-rows", "1"), ""),
        ("a,b\nc,d\ne,f\n", ("--header-rows", "2"), "Dialect(header_rows=2)"),
        (
            "a,b\nc,1\nd,2\n",
            ("--skip", "1", "--no-header"),
            "Dialect(header=False, skip=1)",
        ),
        ("note, x\na;b;c\nc;1;2\n", ("--skip", "1"), 'Dialect(separator=";", skip=1)'),
        (
            "note\n\na,b\nc,1\n",
            ("--skip", "0", "--header-rows", "2"),
            "Dialect(header_rows=2)",
        ),
        ("sep=;\na;b\n1;2\n", ("--skip", "0"), 'Dialect(separator=";", skip=1)'),
    ],
)
def test_what_is_stated_about_a_sample_is_believed(
    content: str,
    flags: tuple[str, ...],
    dialect: str,
    start: Start,
    project: Path,
) -> None:
    project.with_name("sample.csv").write_text(content)

    start("gadgets", *flags)

    command = project.joinpath(COMMAND).read_text(encoding="utf-8")
    assert (
        (f"DIALECT = {dialect}\n" in command) if dialect else "Dialect" not in command
    )


def test_what_is_stated_holds_for_a_look_at_a_sample(
    start: Start, project: Path
) -> None:
    sample = project.with_name("sample.csv")
    sample.write_text("a,b\nc,1\n")
    schema = json.loads(start("gadgets", "--schema", "--no-header"))

    assert schema["rows"] == 2
    assert schema["dialect"]["header"] is False


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--separator", "ab"), "--separator ab: write one character, or one of tab"),
        (("--separator", "none"), "--separator none: a table of one column has any"),
        (
            ("--quote", ";", "--separator", ";"),
            "--separator, --quote and --escape: one",
        ),
        (("--header-rows", "0"), "--header-rows: the number has to be 1 or more"),
        (("--header-rows", "1", "--no-header"), "--no-header and --header-rows contra"),
        (("--skip", "-1"), "--skip: the number has to be 0 or more."),
        (("--skip", "99"), '"sample.csv" has no table behind its first 99 lines.'),
        (("--header-rows", "99"), '"sample.csv" has a header but no rows'),
    ],
)
def test_statements_that_cannot_be_true_are_refused(
    flags: tuple[str, ...], message: str, start: Start
) -> None:
    with pytest.raises(CommandError) as caught:
        start("gadgets", *flags)

    assert str(caught.value).startswith(message)


ALIGNED = "id  name       price\n1   Bolt M4     2.50\n2   Nut        10.10\n"


@pytest.mark.parametrize(
    "content",
    [ALIGNED, "time      value\n10:30:00    1,5\n10:31:00   12,5\n", ALIGNED * 9],
)
def test_columns_of_fixed_width_are_refused_by_name(
    content: str, start: Start, sample: Path
) -> None:
    sample.write_text(content)

    with pytest.raises(CommandError) as caught:
        start("gadgets")

    assert '"sample.csv" has columns of fixed width' in str(caught.value)
    assert "save it as CSV" in str(caught.value)
    assert "1 column" in start("gadgets", "--separator", "tab")


@pytest.mark.parametrize(
    "content",
    [
        "Full name\nJohn Smith\nMary Jones\nAnna Lee\n",
        "name\nJohn  Smith\nMary  Jones\nAnna  Lee\n",
        "First one.  And two.\nThis is a sentence.  And another.\nHere.  Also two.\n",
        "a,   b\n1,   2\n3,   4\n",
    ],
)
def test_text_with_blanks_is_no_column_of_fixed_width(
    content: str, start: Start, sample: Path
) -> None:
    sample.write_text(content)

    assert start("gadgets").startswith("sample.csv: ")


@pytest.mark.parametrize(
    ("content", "doubt"),
    [
        ("a,b\nred,x,low\nblue,y,high\n", "If the first cells are names of the rows"),
        ("a,b\nbolt,2,50\nnut,0,10\n", "its commas may be decimal marks"),
    ],
)
def test_cells_beyond_the_header_that_may_be_two_things_are_a_question(
    content: str, doubt: str, start: Start, sample: Path
) -> None:
    sample.write_text(content)

    with pytest.raises(CommandError) as caught:
        start("gadgets")

    assert "line 2: 3 fields instead of 2" in str(caught.value)
    assert doubt in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-99", 'Python knows no encoding "utf-99".'),
        ("ascii", '"sample.csv" is not ascii: line 2 holds the byte 0xc3.'),
    ],
)
def test_an_encoding_that_is_not_of_the_sample_is_refused(
    encoding: str, message: str, start: Start, sample: Path
) -> None:
    sample.write_text("sku,ort\nA-1,Köln\n")

    with pytest.raises(CommandError) as caught:
        start("gadgets", "--encoding", encoding)

    assert str(caught.value).startswith(message)
