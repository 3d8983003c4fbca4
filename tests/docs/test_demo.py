from tests.processes import succeed
from tests.template.baking import REPOSITORY


def test_the_demo_imports_the_sample_and_shows_the_table() -> None:
    output = succeed(["python", "examples/demo.py"], REPOSITORY)

    steps = [line for line in output.splitlines() if line.startswith("$ ")]
    assert steps == [
        "$ cookiecutter gh:org/template",
        "$ manage.py startimport products products.csv",
        "$ manage.py migrate -v0",
        "$ pytest -q products",
        "$ manage.py import_products --file products.csv",
        "$ manage.py shell",
    ]
    assert "Products: 3,000 new" in output
    assert "│ 000013     ┆ Adjustable Drill" in output
    assert output.endswith("3,000 products in the table\n")
