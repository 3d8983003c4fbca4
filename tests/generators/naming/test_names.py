"""The one door from data to source lets nothing through but names and literals."""

import ast
import keyword
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.naming.names import (
    check_import_name,
    class_name,
    identifiers,
    literal,
    verbose_name,
)

RUFF = Path(sys.executable).with_name("ruff")

# The characters and words that have broken generators, beside any text at all.
NASTY = st.sampled_from(
    [
        *("'", '"', "\\", "\n", "\r", "\t", "\0", "\x7f", "\u2028", "\u202e", "\u200b"),
        *("\ufeff", "\ud800", "\N{PILE OF POO}", '"""', "{{x}}", "{% y %}", "é", "ß"),
        *('"); import os', "class", "id", "pk", "save", "objects", "_", "__", "2"),
        *("name", "name_2", "Name", "ID", "column_1", " "),
    ]
)
TEXT = st.lists(NASTY | st.text(max_size=8), max_size=6).map("".join)
HEADERS = st.lists(TEXT, max_size=12)


def ruff_format_changes(tmp_path: Path, sources: list[str]) -> str:
    """Return what ruff would change; nothing when all is as it would write it."""
    for number, source in enumerate(sources):
        tmp_path.joinpath(f"case_{number}.py").write_text(source, encoding="utf-8")
    return subprocess.run(  # noqa: S603 - ruff itself, on files of this test
        [RUFF, "format", "--isolated", "--diff", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@given(TEXT)
@settings(max_examples=2000, deadline=None)
def test_a_literal_reads_back_as_the_text_and_hides_nothing(text: str) -> None:
    source = literal(text)

    assert ast.literal_eval(source) == text
    assert source.isprintable()


@given(HEADERS)
@settings(max_examples=2000, deadline=None)
def test_names_are_valid_unique_and_free_for_any_headers(headers: list[str]) -> None:
    names = identifiers(headers)

    assert len(set(names)) == len(names) == len(headers)
    for name in names:
        assert name.isidentifier()
        assert name.isascii()
        assert name == name.lower()
        assert not keyword.iskeyword(name)
        assert not hasattr(Model, name)
        assert name not in {"id", "pk", "objects", "meta", "models", "str", "df"}
        assert "__" not in name
        assert not name.startswith("_")
        assert not name.endswith("_")
        assert len(name) <= 50


def test_names_and_literals_are_written_as_ruff_writes_them(tmp_path: Path) -> None:
    sources: list[str] = []

    @given(HEADERS)
    @settings(max_examples=1000, deadline=None, database=None)
    def collect(headers: list[str]) -> None:
        items = zip(identifiers(headers), headers, strict=True)
        lines = [f"    {name!s}={literal(header)},\n" for name, header in items]
        body = f"call(\n{''.join(lines)})\n" if lines else "call()\n"
        sources.append(body)

    collect()

    assert len(sources) >= 1000
    assert ruff_format_changes(tmp_path, sources) == ""


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('5" pipe', "'5\" pipe'"),
        ("""both " and '""", '''"both \\" and '"'''),
        ("back\\slash", '"back\\\\slash"'),
        ("line\u2028end\r\n", '"line\\u2028end\\r\\n"'),
        ("a\u202eb\u200bc", '"a\\u202eb\\u200bc"'),
        ("Größe €", '"Größe €"'),
    ],
)
def test_a_literal_is_quoted_as_a_person_would(text: str, source: str) -> None:
    assert literal(text) == source


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        (["SKU", "Product name"], ["sku", "product_name"]),
        (["unitPrice", "HTTPCode", "IDs"], ["unit_price", "http_code", "ids"]),
        (["Größe (cm)", "Prénom", "Ærø"], ["grosse_cm", "prenom", "aero"]),
        (["customer's name"], ["customers_name"]),
        (["class", "save", "objects"], ["class_value", "save_value", "objects_value"]),
        (["models", "str", "df"], ["models_value", "str_value", "df_value"]),
        (["id", "Id", "source_id"], ["source_id_2", "source_id_3", "source_id"]),
        (["pk", "type"], ["pk_value", "type"]),
        (["", "  ", "\u200b", "%"], ["column_1", "column_2", "column_3", "column_4"]),
        (["2024", "1st half"], ["column_2024", "column_1st_half"]),
        (["name", "name", "name_2"], ["name", "name_3", "name_2"]),
        (["name_2", "name", "name"], ["name_2", "name", "name_3"]),
        (["", "column_1"], ["column_1_2", "column_1"]),
        (["_line_", "a__b"], ["line", "a_b"]),
        (["x" * 60, "x" * 60], ["x" * 50, "x" * 48 + "_2"]),
        (['"); import os; ("'], ["import_os"]),
    ],
)
def test_headers_become_the_names_one_expects(
    headers: list[str], names: list[str]
) -> None:
    assert list(identifiers(headers)) == names


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Цена за ед.", "tsena_za_ed"),
        ("ЦенаЗаЕд", "tsena_za_ed"),
        ("ЩУКА", "shchuka"),
        ("Объём", "obem"),
        ("τιμή", "timi"),
        ("السعر", "lsr"),
        ("العدد ٣", "ldd_3"),
        ("מחיר", "mhyr"),
        ("मूल्य", "muly"),
        ("数量", "shu_liang"),
        ("商品コード", "shang_pin_kodo"),
        ("2024年", "column_2024_nian"),
        ("数量ID", "shu_liang_id"),
        ("단위 가격", "danwi_gagyeog"),
        ("\u1100\u1161\u1100\u1167\u11a8", "gagyeog"),
        ("ＡＢＣ１２", "abc12"),
        ("ｃｌａｓｓ", "class_value"),
        ("ｉｄ", "source_id"),
        ("e\u0301te\u0301", "ete"),
        ("Stra\u00adße", "strasse"),
        ("GRÖẞE", "grosse"),
        ("L’été – prévu", "lete_prevu"),
        ("\u202eab\u200bc", "abc"),
        ("½ day", "column_1_2_day"),
        ("Area (㎡)", "area_m2"),
        ("µg/m³", "ug_m3"),
        ("μg/l", "ug_l"),
        ("μέτρα", "metra"),
        ("Temp (°C)", "temp_c"),
        ("Preis (€)", "preis"),
        ("€", "eur"),
        ("🍎", "apple"),
        ("Sales 🍎", "sales"),
        ("数" * 30, "shu_" * 12 + "sh"),
    ],
)
def test_a_header_of_any_script_becomes_a_name_that_can_be_typed(
    header: str, name: str
) -> None:
    assert identifiers([header]) == (name,)


@pytest.mark.parametrize(
    "header", ["Preis", "Unit Price", "unitPrice", "UNIT-PRICE", "ＡＢＣ", "", "\u200b"]
)
def test_a_name_that_says_what_the_header_says_needs_no_verbose_name(
    header: str,
) -> None:
    assert verbose_name(header, *identifiers([header])) is None


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("数量", "数量"),
        ("Größe", "Größe"),
        ("Straße", "Straße"),
        ("class", "class"),
        ("id", "id"),
        ("2024", "2024"),
        ("Preis\n (€)", "Preis (€)"),
        ("Share %", "Share %"),
        ("x" * 60, "x" * 60),
    ],
)
def test_a_header_that_a_name_cannot_keep_is_the_verbose_name(
    header: str, read: str
) -> None:
    assert verbose_name(header, *identifiers([header])) == read


@pytest.mark.parametrize(
    ("import_name", "model"),
    [
        ("products", "Product"),
        ("order_lines", "OrderLine"),
        ("categories", "Category"),
        ("addresses", "Address"),
        ("boxes", "Box"),
        ("branches", "Branch"),
        ("dishes", "Dish"),
        ("buses", "Bus"),
        ("statuses", "Status"),
        ("status", "Status"),
        ("address", "Address"),
        ("analysis", "Analysis"),
        ("news", "News"),
        ("series", "Series"),
        ("houses", "House"),
        ("purchases", "Purchase"),
        ("invoices", "Invoice"),
        ("employees", "Employee"),
        ("movies", "Movie"),
        ("people", "Person"),
        ("staff", "Staff"),
        ("s", "S"),
        ("ties", "Tie"),
        ("q3_figures", "Q3Figure"),
        ("commands", "CommandRecord"),
        ("paths", "PathRecord"),
        ("nones", "NoneRecord"),
    ],
)
def test_a_model_is_named_in_the_singular(import_name: str, model: str) -> None:
    assert class_name(import_name) == model


@pytest.mark.parametrize("name", ["products", "order_lines", "q3", "naive_b"])
def test_a_good_import_name_is_taken_as_it_is(name: str) -> None:
    assert check_import_name(name) == name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "Order Lines",
            '"Order Lines" cannot name an import: it must be a lower-case Python name'
            ' (letters, digits, underscores). Try "order_lines".',
        ),
        (
            "_products",
            '"_products" cannot name an import: its underscores must be single, '
            'between letters or digits. Try "products".',
        ),
        (
            "class",
            '"class" cannot name an import: it is a Python keyword. '
            'Try "class_records".',
        ),
        (
            "match",
            '"match" cannot name an import: it is a Python keyword. '
            'Try "match_records".',
        ),
        (
            "calendar",
            '"calendar" cannot name an import: it is a module of Python\'s standard '
            'library. Try "calendar_records".',
        ),
        (
            "3 shops",
            '"3 shops" cannot name an import: it must be a lower-case Python name '
            '(letters, digits, underscores). Try "import_3_shops".',
        ),
        (
            "\u202e",
            '"\\u202e" cannot name an import: it must be a lower-case Python name '
            '(letters, digits, underscores). Try "products".',
        ),
        (
            "a" * 51,
            f'"{"a" * 51}" cannot name an import: it is longer than 50 characters. '
            f'Try "{"a" * 43}".',
        ),
    ],
)
def test_a_bad_import_name_is_refused_with_a_better_one(
    name: str, message: str
) -> None:
    with pytest.raises(ValueError, match="cannot name an import") as error:
        check_import_name(name)

    assert str(error.value) == message


@given(TEXT)
@settings(max_examples=500, deadline=None)
def test_every_suggested_import_name_is_a_good_one(text: str) -> None:
    try:
        check_import_name(text)
    except ValueError as error:
        suggestion = ast.literal_eval(str(error).rpartition("Try ")[2].rstrip("."))

        assert check_import_name(suggestion) == suggestion
        assert class_name(suggestion).isidentifier()


def test_many_equal_headers_are_numbered_in_their_order() -> None:
    names = identifiers(["price", *["Price"] * 3, "price_3"])

    assert names == ("price", "price_2", "price_4", "price_5", "price_3")
