"""``startimport --model``: a model that exists decides what is imported, and how."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.generators.startimport.runs import REPOSITORY, Start
from tests.importkit.shop.models import Label, Product


@pytest.mark.django_db
def test_an_existing_model_decides_and_what_it_lacks_is_listed(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    path = tmp_path / "sample.csv"
    path.write_text("SKU,Price,Store,Tags,Colour\nA-1,x,1,[],red\n", encoding="utf-8")
    out = StringIO()

    call_command(
        "startimport", "wares", path, "--model", "shop.Product", "--dry_run", stdout=out
    )

    lines = [line.split(maxsplit=3) for line in out.getvalue().splitlines()]
    described = {line[0]: line[1:3] for line in lines if len(line) > 3}
    assert described["SKU"] == ["sku", "String"]
    assert described["Store"] == ["store_id", "Int64"]
    assert "Colour  not a field of shop.Product" in out.getvalue()
    assert described["Tags"] == ["tags", "String"]
    assert "text in the sample, but the field takes decimal" in out.getvalue()
    assert "create  tests/importkit/shop/cleaning/wares.py" in out.getvalue()
    assert "models.py" not in out.getvalue()


@pytest.mark.django_db
def test_what_an_existing_model_does_not_take_is_told_before_the_files(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    path = tmp_path / "sample.csv"
    rows = "ab,a,s,1\n\nlonger than it may be,b,l,x\n"
    path.write_text(f"code,wrods,Format,Levle\n{rows}", encoding="utf-8")
    out = StringIO()

    flags = ["--model", "shop.Demanding", "--field", "wrods=words", "--dry_run"]
    call_command("startimport", "wares", path, *flags, stdout=out)

    assert out.getvalue().startswith(
        """\
sample.csv: 2 rows, 4 columns, separator ",", utf-8
   no natural key: no column is unique in shop.Demanding, so that each import adds all rows again;
     state the columns that make a row known again with --natural-key, for example
     --natural-key "code"

   header  field  type    empty  first values
   code    code   String         ab | longer than it may be
                  up to 21 characters, but the field takes 8
   wrods   words  String         a | b
                  as shop.Demanding says
   Format  size   String         s | l
                  a guess: all 2 distinct values are choices of the field

Not imported:
   Levle  not a field of shop.Demanding; nearest: "level" (80% alike), "even" (67% alike)

State the field of a column with --field HEADER=FIELD.

A dry run of this import: shop.Demanding 1 new.
Of the 2 rows that were checked, 1 would not be imported into shop.Demanding:
   "code": longer than 8 characters [length], 1 row, line 4
      Correct the text, or change the length that the field allows.

        skip  tests/importkit/shop/__init__.py
"""
    )


def test_fields_are_told_only_of_a_model_that_exists(start: Start) -> None:
    with pytest.raises(CommandError) as caught:
        start("gadgets", "--field", "sku=sku")

    assert str(caught.value) == (
        "--field states which field of an existing model a column fills: name the model "
        "with --model, or leave --field out."
    )
    assert caught.value.returncode == 2


def test_a_required_field_without_a_column_is_named(
    settings: Settings, sample: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    sample.write_text("id\n1\n", encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command("startimport", "wares", sample, "--model", "shop.Labelling")

    assert str(caught.value).startswith('shop.Labelling requires "product", "label"')
    assert caught.value.returncode == 2


def test_a_column_of_raw_passwords_is_refused_with_code_that_hashes(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    path = tmp_path / "sample.csv"
    path.write_text("username,Password\nann,hunter2\nbob,hunter3\n", encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command(
            "startimport", "people", path, "--model", "auth.User", "--app", "shop"
        )

    assert '"Password" is not imported into "password" of auth.User' in str(
        caught.value
    )
    assert "raw.map_elements(make_password, return_dtype=pl.String)" in str(
        caught.value
    )
    assert "hunter" not in str(caught.value)


@pytest.mark.django_db
def test_the_output_says_what_the_import_would_do_and_writes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    Label.objects.create(name="new")
    Product.objects.create(sku="A-1", price=1)
    path = tmp_path / "sample.csv"
    rows = 'A-1,2,[1]\nA-2,3,"{""a"": 1}"\nA-3,x,[]\nA-4,4,[1\n'
    path.write_text(f"SKU,Price,Tags\n{rows}", encoding="utf-8")
    out = StringIO()

    flags = ["--model", "shop.Product", "--dry_run"]
    call_command("startimport", "wares", path, *flags, stdout=out)

    assert """
A dry run of this import: shop.Product 1 new, 1 changed, 0 unchanged.
Of the 4 rows that were checked, 2 would not be imported into shop.Product:
   "Price": not a number of up to 6 digits and 2 decimals [unreadable], 1 row, line 4
      Correct it, widen the field, or declare how it is read in get_col_parser_map.
   "Tags": not JSON [unreadable], 1 row, line 5
""" in out.getvalue()
    assert [str(row) for row in Product.objects.all()] == ["A-1"]


@pytest.mark.django_db
def test_rows_of_a_part_of_a_file_are_tried_as_well(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    path = tmp_path / "sample.csv"
    path.write_text("SKU,Price\nA-1,2\nA-2,3\nA-3,4\n", encoding="utf-8")
    out = StringIO()

    flags = ["--model", "shop.Product", "--dry_run", "--rows", "2"]
    call_command("startimport", "wares", path, *flags, stdout=out)

    assert "A dry run of this import: shop.Product 2 new," in out.getvalue()


def test_an_abstract_model_is_refused_with_those_that_inherit_from_it(
    settings: Settings, sample: Path
) -> None:
    settings.BASE_DIR = REPOSITORY

    with pytest.raises(
        CommandError, match=r'"auth.AbstractUser" is abstract .*: auth.User'
    ):
        call_command("startimport", "wares", sample, "--model", "auth.AbstractUser")
