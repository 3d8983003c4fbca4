from pathlib import Path

import pytest

from importkit.errors import SourceError
from importkit.source import Dialect
from importkit.source.detection.dialects import detect, detect_dialect

ROWS = "".join(f"A{n},{n}.50,2024-01-{n:02}\n" for n in range(1, 21))
TABLE = f"sku,price,day\n{ROWS}"
NAMES = ("Pelpel", "Neru", "Langorda", "Talanka")
# Codes of two letters, of which one is "ID", and names of which most come again.
CODES = "".join(
    f"{a}{b},{NAMES[n % len(NAMES)]}\n"
    for n, a in enumerate("ABCDEFGHI")
    for b in "ABCDEFGHJK"
).replace("IJ,", "IL,")
PROSE = "He came, he saw, he left\nShe stayed\nNobody knows; why\nRain\n"


@pytest.mark.parametrize(
    ("data", "dialect"),
    [
        # Plain files.
        (b"a,b\n1,2\n", Dialect()),
        (b"a;b\n1,5;2,5\n3,5;4,5\n", Dialect(separator=";")),
        (b"a\tb\nx, y\tz\n", Dialect(separator="\t")),
        (b"a|b\n1|2\n", Dialect(separator="|")),
        (b"a,b\r1,2\r", Dialect()),
        # Encodings.
        (b"\xef\xbb\xbfa,b\n1,2\n", Dialect()),
        ("ort,n\nKöln,1\n".encode("cp1252"), Dialect(encoding="cp1252")),
        ("ort,n\nit’s “5 €”,1\n".encode("cp1252"), Dialect(encoding="cp1252")),
        (b"a,b\n\x81,1\n", Dialect(encoding="latin-1")),
        ("a,b\n1,2\n".encode("utf-16"), Dialect(encoding="utf-16")),
        ("a,b\n1,ö\n".encode("utf-16-le"), Dialect(encoding="utf-16-le")),
        ("a,b\n1,ö\n".encode("utf-16-be"), Dialect(encoding="utf-16-be")),
        ("a,b\n1,ö\n".encode("utf-32"), Dialect(encoding="utf-32")),
        (f"a,b\n{'ö,1\n' * 20}".encode() + b"\xf6,1\n", Dialect()),
        ("город;n\nМосква;1\nТула;2\n".encode("cp1251"), Dialect(";", '"', "cp1251")),
        ("都市,人口\n東京都,100\n大阪,90\n".encode("cp932"), Dialect(encoding="cp932")),
        ("品番,備考\n1,2\n3,4\n".encode("cp932"), Dialect(encoding="cp932")),
        ("ｺｰﾄﾞ,ｶﾅ\n1,ｱｵｷ\n2,ｻﾄｳ\n".encode("cp932"), Dialect(encoding="cp932")),
        ("社名,数\n㈱青木,①\n髙田～,②\n".encode("cp932"), Dialect(encoding="cp932")),
        ("品名,数\nりんご,1\nバナナ,2\n".encode("euc-jp"), Dialect(encoding="euc_jp")),
        ("姓名,城市\n张伟,北京\n".encode("gb18030"), Dialect(encoding="gb18030")),
        ("編號,價格\n1,20\n2,30\n".encode("big5"), Dialect(encoding="big5")),
        ("이름,도시\n김철수,서울\n".encode("cp949"), Dialect(encoding="cp949")),
        ("товар;n\nстол;1\nстул;2\n".encode("koi8-r"), Dialect(";", '"', "koi8-r")),
        ("город;n\nМосква;1\nТула;2\n".encode("cp866"), Dialect(";", '"', "cp866")),
        ("STADT,n\nKÖLN,1\nMÜNCHEN,2\n".encode("cp1252"), Dialect(encoding="cp1252")),
        ("m,n\nÄpfel,1\nÅsa,2\nÉric,3\n".encode("cp1252"), Dialect(encoding="cp1252")),
        (
            "imię,n\nŁukasz,1\nMałgosia,2\nPaweł,3\n".encode("cp1250"),
            Dialect(encoding="cp1250"),
        ),
        (f"a,b\n{'x,y\n' * 300}½ m,5°\n".encode("cp1252"), Dialect(encoding="cp1252")),
        (f"a,b\n{'田中,東京\n' * 40_000}".encode("cp932"), Dialect(encoding="cp932")),
        ("a,b\n1,ö\n".encode("utf-32-le"), Dialect(encoding="utf-32-le")),
        ("имя,n\nОля,1\n".encode("utf-16-be"), Dialect(encoding="utf-16-be")),
        (b"code,n\nA\0,1\nB,2\n", Dialect()),
        (b"ort,n\nK\xf6\0ln,1\nUlm,2\n", Dialect(encoding="cp1252")),
        # Separators.
        (b'a, b\n1, "x, y"\n2, z\n', Dialect(skip_blanks=True)),
        (b"a;  b\n1;  'x; y'\n2;  z\n", Dialect(";", "'", skip_blanks=True)),
        (b'a, b\n1, "x" y\n2, "z\n', Dialect()),
        (b'a,b\n1,"x, ""y"", z"\n', Dialect()),
        (b'a\tb\n1\t3" x\n2\t"y" z\n', Dialect("\t", None)),
        (b'a\tb\n1\t3" x\n2\ty\n', Dialect("\t", None)),
        (b'a\tb\n1\t"x"\n2\t"y"\n3\t3" z\n', Dialect("\t")),
        (b'a\tb\n1\t"3"" x"\n2\t4" y\n3\tz"\n', Dialect("\t")),
        (b'a\tb\n1\t"x\ty"\n2\t4" y\n3\tz"\n', Dialect("\t")),
        (b'a\tb\n1\t"x\ny"\n2\tz\n', Dialect("\t")),
        (b"sep=;\na;b\n1,5;2\n", Dialect(separator=";", skip=1)),
        (b'"sep=|"\r\na|b\r\n1|2\r\n', Dialect(separator="|", skip=1)),
        (b"1 2 3\n4 5 6\n7 8 9\n", Dialect(separator=" ", header=False)),
        (b"x#y\n1#'a; b'\n2#'c, d'\n3#'e'\n", Dialect("#", "'")),
        (b"a^b\n1^x, y\n2^z\n3^z\n", Dialect("^")),
        (b"key: value\n", Dialect()),
        (b"only one column\nx\n", Dialect()),
        (b"day\n2024-01-02 10:00\n2024-01-03 11:30\n", Dialect()),
        (f"text\n{PROSE}".encode(), Dialect("\t")),
        (b'a,b\n"1;2;3;4",x\n"5;6;7;8",y\n', Dialect()),
        (b"a;b;c\n1;x, y;2\n3;z, a;4\n5;b, c, d;6\n", Dialect(";")),
        (b"1,some name,A 1|B 2|C 3|D 4|E 5|F 6\n", Dialect(header=False)),
        (b'id, name\n1, "one"\n2, "two"\n', Dialect(skip_blanks=True)),
        (b"day\n27/03/2090\n01/04/2091\n", Dialect()),
        (b"price\n10,5\n22,25\n12\n", Dialect(separator=";")),
        (b"Preis in EUR\n1.200,50\n-3,75\n", Dialect(separator=";")),
        (b"Measured in 2024\n10,5\n22,25\n", Dialect(skip=1, header=False)),
        (b"at\n2022-06-22 01:09\n2022-06-23 11:10\n2022-07-01 05:00\n", Dialect()),
        (b"time\n12:30\n13:45\n14:00\n15:10\n", Dialect()),
        (b"name\nSmith, John\nDoe, Jane\n", Dialect(";")),
        (b"address\nHigh St 1, York, UK\nLow Rd 2, Hull, UK\n", Dialect(";")),
        (b"path\n/usr/lib\n/usr/bin\n/var/log\n/etc/x\n", Dialect()),
        (b"link\nhttps://x.org/a,b\nhttps://x.org/c,d\n", Dialect(";")),
        (b"person\nAnn Lee\nBob Ray\nCyd May\nDan Fox\n", Dialect()),
        (b"Full name\nAnn Lee\nBob Ray\nCyd May\nDan Fox\n", Dialect()),
        (b"day,at\n2024-01-02,10:00\n2024-01-03,11:30\n", Dialect()),
        (b"Stock\nsku, n\nA, 1\nB, 2\n", Dialect(skip=1)),
        (b"Our staff\nname, city\nAnn, Rome\nBob, Bari\n", Dialect(skip=1)),
        (b"1, I;\n2, II;\n3, III;\n", Dialect(header=False)),
        # Quotes.
        (b"a,b\n'1,5','x'\n", Dialect(quote="'")),
        (b"name\n's Gravenhage\n", Dialect()),
        (b"name,n\n's Gravenhage,1\n", Dialect()),
        (b"n,sql\n1,f('a','b','c')\n2,f('d','e','f')\n", Dialect()),
        (b'a,b\n1,6" nail\n2,8" nail\n', Dialect()),
        (b'a,b\n"the \\"x\\", too",1\n"y",2\n', Dialect(escape="\\")),
        (b"a;b\n1;ship\\'s\n2;boat\\'s\n", Dialect(";", "'", escape="\\")),
        (b'a,b\n"C:\\","D:\\"\n"E:\\x","y"\n', Dialect()),
        # What is before the table.
        (f"A report\n\n{TABLE}".encode(), Dialect(skip=2)),
        (f"A report,,\nof May,,\n,,\n{TABLE}".encode(), Dialect(skip=3)),
        (f'"Two\nlines"\n{TABLE}'.encode(), Dialect(skip=2)),
        (f"# one\n# two, too\n{TABLE}".encode(), Dialect(skip=2)),
        (f"A report\n{ROWS}".encode(), Dialect(skip=1, header=False)),
        (f"\n\n{TABLE}".encode(), Dialect(skip=2)),
        (f'The "best" of it\n{TABLE}'.encode(), Dialect(skip=1)),
        (f'"The best" of it\n{TABLE}'.encode(), Dialect(skip=1)),
        (f"{'By:,me\n' * 9}\n{TABLE}".encode(), Dialect(skip=10)),
        (b'a,"b\n1,2\n', Dialect()),
        (b",n\na,1\nb,2\n", Dialect()),
        # Headers of several rows.
        (b"day,km,,pay\n,rail,air,\nx,1,2,3\ny,4,5,6\n", Dialect(header_rows=2)),
        (b"X,,Y,\na,b,a,b\n1,2,3,4\n5,6,7,8\n", Dialect(header_rows=2)),
        (b"t,v,x\ns,m/s,m\n0,1.5,2\n1,2.5,3\n", Dialect(header_rows=2)),
        (b"t,v,x\nn/a,n/a,n/a\n0,1.5,2\n1,2.5,3\n", Dialect()),
        (b"item,price\n,EUR\nchair,1.50\ntable,2.50\n", Dialect(header_rows=2)),
        (b"site,depth,ph\n,m,\nA,1.5,7\nB,2.5,8\n", Dialect(header_rows=2)),
        (
            b"Zeit;Temp;Temp\nUTC;K;K\n;in;out\n01.01.2020;1,5;2\n02.01.2020;1,5;3\n",
            Dialect(";", header_rows=3),
        ),
        (
            b"day,rain,rain\n,sum,most\nUTC,mm,mm/h\n2024-01-01,3.1,18\n2024-01-02,4,9\n",
            Dialect(header_rows=3),
        ),
        (f"id,x,y,note\nhills,,,low\n{'1,2,3,a\n' * 99}".encode(), Dialect()),
        (f"id,x,y,z\nhills,flat,,\n{'1,2,3,4\n' * 99}".encode(), Dialect()),
        (b"id,x,y\nA,foo,bar\nB,baz,qux\nC,5,6\n", Dialect()),
        (b"item,price\n,n/a\nchair,1.50\ntable,2.50\n", Dialect()),
        # The ends of rows.
        (b"a;b;\n1;2;\n3;4;\n", Dialect(separator=";")),
        (b"a;b\n1;2;\n3;4;\n", Dialect(separator=";", trailing=True)),
        (b"a;b;\n1;2\n3;4\n", Dialect(separator=";", short_rows=1)),
        (b"a;b\n1;2;;\n3;4;;\n", Dialect(separator=";", long_rows=2)),
        # Names of rows, as R writes them.
        (b'"x","y"\n"7",5,9\n"2",6,8\n', Dialect(row_names=True)),
        (b'"x","y"\n"ann",5,9\n"bob",6,8\n', Dialect(row_names=True)),
        (b"x\ty\n1\t5\t9\n2\t6\t8\n", Dialect("\t", row_names=True)),
        (b'"x" "y"\n"a b" 5 9\n"c" 6 8\n"d" 6 8\n', Dialect(" ", row_names=True)),
        (b'"x"\n"1",5\n"2",6\n', Dialect(row_names=True)),
        (b"notes\n\na,b,c,d\n1,2\n3,4\n", Dialect(skip=2, short_rows=2)),
        # Cells beyond the header that are no names of rows.
        (b"year,mean\n1979,3.5,7\n1979,4.5,8\n", Dialect(long_rows=1)),
        (b"year,mean\n1979,3.5,7\n1980,4.5,8\n", Dialect(long_rows=1)),
        (b"city,mean\nrome,3.5,7\noslo,4.5,8\n", Dialect(long_rows=1)),
        # Lines that stand in quotes as a whole, and columns of text in quotes.
        (b'"a,""b"""\n"1,""x, y"""\n"2,z"\n', Dialect(quoted_lines=True)),
        (b'"a;b;c"\n"1;x;2,5"\n"2;y;3,5"\n', Dialect(";", quoted_lines=True)),
        (b'"Last, First"\n"Smith, John"\n"Doe, Jane"\n', Dialect()),
        (b'"said"\n"say ""hi"", he said"\n"no ""x"", he said"\n', Dialect()),
        (b'"amount"\n"2,50"\n"3,10"\n', Dialect()),
        # Rows that do not agree, rows that may be read in two ways, and a single row.
        (b"a,b,c\n1,2\n3,4,5\n", Dialect()),
        (b"a,b\nred,x,low\nblue,y,high\n", Dialect()),
        (b"id,b\n1,5,7\n2,6,8\n", Dialect()),
        (b"thing,price\nbolt,2,50\nnut,0,10\n", Dialect()),
        (b"a,b\n1,2,3\n", Dialect()),
        (b"id,name\n1,Smith, John\n2,Doe, Jane\n", Dialect()),
        (b"Full name\nJohn F Kennedy\nMary B Jones\n", Dialect()),
        (b"Phone number\n0171 234 567\n0172 234 568\n", Dialect()),
        (f"{TABLE}Total,210,\n\nSource: us\n".encode(), Dialect()),
        (f"{TABLE}\nname,n\nx,1\ny,2\n".encode(), Dialect()),
    ],
)
def test_a_dialect_is_detected(tmp_path: Path, data: bytes, dialect: Dialect) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(data)

    assert detect_dialect(path) == dialect


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("sku,price\nA1,1.50\n", True),
        ("A1,1.50\nA2,2.50\n", False),
        ("A1,2024-01-02\nA2,2024-01-03\n", False),
        ("country,2023,2024\nfr,1,2\n", True),
        ("place,1,2,3,4\nrome,9,4,7,2\noslo,1,8,5,7\n", True),
        ("rome,1,2,3,4\noslo,2,3,4,5\n", False),
        ("1,2,3,4\n9,4,7,2\n", False),
        ("place,1/22/20,1/23/20\nrome,9,4\noslo,1,8\n", True),
        ("rome,1/22/20,7\noslo,1/23/20,8\n", False),
        ("foo,bar\nfoo,bar\n", True),
        ("north,x,A1\nnorth,x,A2\nnorth,x,A3\n", False),
        ("name,city\nann,rome\n", True),
        ("sku,price\n", True),
        ("1,2\n", False),
        ("ok,north\nok,south\nlate,north\n", False),
        ("b17-x,north\nc22-y,south\nd33-x,east\ne01-z,west\n", False),
        ("code,where\nc22-y,south\nd33-x,east\ne01-z,west\n", True),
        ("name,where\nann,rome\nname,where\nbob,oslo\n", True),
        ("x,http://a.example\ny,http://b.example\nz,http://c.example\n", False),
        ("name,n/a\nann,1\nbob,n/a\n", True),
        ("alpha2,English\naa,Afar\nab,Abkhazian\nae,Avestan\n", True),
        (f"ID,Name\n{CODES}", True),
        (f"Kürzel,Bezeichnung\n{CODES}", True),
        (CODES, False),
        ("smith,john,m\nmeier,anna,f\nmill,tom,m\nrose,ann,f\nfoo,ann,m\n", False),
        ("de,en\nHaus,house\nBaum,tree\nKatze,cat\n", True),
    ],
)
def test_a_value_on_top_of_values_is_no_header(
    tmp_path: Path, text: str, *, header: bool
) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(text)

    assert detect_dialect(path).header is header


def test_a_late_byte_decides_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 300_000 + b"\xe9,2\n")

    assert detect_dialect(path).encoding == "cp1252"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", '"sample.csv" is empty'),
        (b" \r\n\n", '"sample.csv" is empty'),
        (b"\xef\xbb\xbf\n", '"sample.csv" is empty'),
        (b"a\x00b,1\n", '"sample.csv" is not delimited text: it holds NUL bytes'),
        (b"\x00\x01\x00\x00" * 9, '"sample.csv" is not delimited text: it holds NUL'),
        (b"PK\x03\x04\x00\x00", '"sample.csv" is a workbook'),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(data)

    with pytest.raises(SourceError, match=message):
        detect_dialect(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "ad,n\nAyşe,1\nYılmaz,2\nÇağrı,3\n".encode("cp1254"),
            ("Çaðrý", "a guess", "--encoding cp1254"),
        ),
        ("ort,n\nPlzeň,1\n".encode("cp1250"), ("Plzeò", "--encoding cp1250")),
        (
            "氏名,都市\n山田太郎,名古屋\n".encode("euc-jp"),
            ("a guess", "--encoding euc_jp"),
        ),
    ],
)
def test_a_guess_is_called_a_guess_and_names_the_runner_up(
    content: bytes, said: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(content)

    found = detect(path)

    assert all(part in f'"{found.example}": {found.reason}' for part in said)
