"""Start a project from this template, import a file into it and show the table.

Run it with ``uv run examples/demo.py``. It works in a temporary folder that it removes.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
SAMPLE = TEMPLATE / "examples" / "products.csv"

SHOW = """
import polars as pl
from products.models import Product

fields = ["article_no", "product_name", "list_price_eur", "in_stock", "available_since"]
rows = Product.objects.order_by("pk").values(*fields)[:8]
with pl.Config(tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
    print(pl.DataFrame(list(rows)))
print(f"{Product.objects.count():,} products in the table")
"""


def main() -> None:
    """Do what a person with a CSV file would do, and show each command."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "my_shop"
        bake = ["cookiecutter", "--no-input", "-o", folder, str(TEMPLATE)]
        run(["-m", *bake, "project_name=My Shop"], shown="cookiecutter gh:org/template")
        manage(project, "startimport", "products", SAMPLE)
        manage(project, "migrate", "-v0")
        run(["-m", "pytest", "-q", "products"], project, shown="pytest -q products")
        manage(project, "import_products", "--file", SAMPLE)
        manage(project, "shell", "-v0", "-c", SHOW, shown="shell")


def manage(project: Path, *arguments: str | Path, shown: str = "") -> None:
    """Run a management command of the project."""
    words = [Path(word).name if word is SAMPLE else str(word) for word in arguments]
    command = shown or shlex.join(words)
    run(["manage.py", *map(str, arguments)], project, f"manage.py {command}")


def run(arguments: list[str], cwd: Path | None = None, shown: str = "") -> None:
    """Show a command and run it with this Python and a fresh environment."""
    print(f"\n$ {shown}", flush=True)  # noqa: T201 - the demonstration is what it prints
    ours = {"DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
    environment = {name: os.environ[name] for name in os.environ.keys() - ours}
    subprocess.run(  # noqa: S603 - the commands are those above
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        check=True,
    )


if __name__ == "__main__":
    main()
