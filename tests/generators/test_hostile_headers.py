"""Whatever a header says, the code is valid, says the same, and ruff can format it."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generators.code.plan import ImportPlan, plan_new_model
from generators.code.rendering import Files, render
from generators.naming.names import Identifier
from generators.sample.facts import Sample
from importkit.source import Dialect
from tests.generators.planning import column, place

RUFF = Path(sys.executable).with_name("ruff")
EXAMPLES = 2_000

# The characters and words that have broken generators, beside any text at all.
NASTY = st.sampled_from(
    [
        *("'", '"', "\\", "\n", "\r", "\t", "\0", "\x7f", "\u2028", "\u202e", "\u200b"),
        *("\ufeff", "\N{PILE OF POO}", '"""', "{{ x }}", "{% raw %}", "é", "ß", "北"),
        *('"); import os', "class", "id", "pk", "save", "None", "_", "__", "2", " "),
        *("# ", "column_3", "name", "Name", "a" * 60),
    ]
)
HEADERS = st.lists(
    st.lists(NASTY | st.text(max_size=8), min_size=1, max_size=6).map("".join),
    min_size=1,
    max_size=9,
    unique=True,
)

# One column of each way in which columns are written.
KINDS = [
    *(column("a", "b"), column("a", "a", ""), column("x" * 600), column("", "")),
    *(column("1", "2"), column("1", "n/a"), column("12345678901", "1")),
    *(column("1.234,5", "2,25"), column("1,234.5", ""), column("1.5", "2.25")),
    *(column("1.5e-3", "2e5"), column("true", "false"), column("ja", "nein", "-")),
    *(column("2026-01-31", ""), column("31.01.2026"), column("12:30", "23:59:59")),
    *(column("2026-01-31 12:30"), column("2026-01-31T12:30:00Z")),
    column("31.01.2026 12:30"),
]
DIALECTS = st.builds(
    Dialect,
    separator=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'", None]),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    header=st.booleans(),
    header_rows=st.sampled_from([1, 2, 4]),
    trailing=st.booleans(),
    quoted_lines=st.booleans(),
    row_names=st.booleans(),
    short_rows=st.sampled_from([0, 0, 1]),
    long_rows=st.sampled_from([0, 0, 2]),
    skip=st.sampled_from([0, 1, 3]),
    escape=st.sampled_from([None, "\\"]),
)
NAMES = st.sampled_from(["products", "a", "dates", "x" * 50, "addresses_" * 5 + "2"])


@st.composite
def plans(draw: st.DrawFn) -> ImportPlan:
    """Plan an import of columns of any kind under any headers, with any key."""
    headers = draw(HEADERS)
    columns = [
        replace(draw(st.sampled_from(KINDS)), header=header) for header in headers
    ]
    key = draw(st.lists(st.sampled_from(headers), unique=True, max_size=3))
    name = Identifier(draw(NAMES).rstrip("_"))
    sample = Sample(draw(DIALECTS), tuple(columns), key=tuple(key))
    return plan_new_model(name, place(name), sample)


def test_hostile_headers_give_valid_code_that_says_the_same(
    tmp_path: Path,
) -> None:
    rendered: list[Files] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(plans())
    def check(plan: ImportPlan) -> None:
        files = render(plan)
        for path, source in files.items():
            ast.parse(source, path)
            assert all(line.isprintable() for line in source.split("\n")), path
        assert _renamed(files, plan) == _expected_names(plan)
        assert list(_row(files, plan)) == [item.column.header for item in plan.columns]
        rendered.append(files)

    check()

    assert len(rendered) >= EXAMPLES
    check_formatting(tmp_path, rendered)


def test_a_table_of_three_hundred_columns_is_no_different(tmp_path: Path) -> None:
    headers = [f'"{number}"); import os' for number in range(300)]
    columns = tuple(replace(KINDS[0], header=header) for header in headers)
    sample = Sample(Dialect(), columns)

    files = render(plan_new_model(Identifier("products"), place(), sample))

    assert [ast.parse(source) for source in files.values()]
    check_formatting(tmp_path, [files])


def test_an_identical_header_is_written_the_same_in_every_file() -> None:
    [header] = ['"); import os; ("\n\u202e']
    sample = Sample(Dialect(), (replace(KINDS[0], header=header),))

    files = render(plan_new_model(Identifier("products"), place(), sample))

    assert [path for path, source in files.items() if "import os" in source] == [
        "products/cleaning/products.py",
        "products/tests/test_import_products.py",
    ]


def check_formatting(folder: Path, rendered: list[Files]) -> None:
    """Check that ruff takes all files, and leaves them alone once it has formatted them."""
    for number, files in enumerate(rendered):
        for position, source in enumerate(files.values()):
            path = folder / f"{number // 100}" / f"file_{number}_{position}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(source, encoding="utf-8", newline="")
    ruff(folder)
    ruff(folder, "--diff")


def ruff(folder: Path, *options: str) -> None:
    result = subprocess.run(  # noqa: S603  our own ruff, on files of ours
        [RUFF, "format", "--isolated", "--no-cache", "--quiet", *options, folder],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout[:5_000] + result.stderr[:5_000]


def _renamed(files: Files, plan: ImportPlan) -> dict[str, str]:
    """Return the rename map as it stands in the source."""
    tree = ast.parse(files[f"{plan.name}/cleaning/{plan.name}.py"])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "get_rename_map":
            [statement] = node.body
            assert isinstance(statement, ast.Return)
            assert statement.value
            found: dict[str, str] = ast.literal_eval(statement.value)
            return found
    return {}


def _expected_names(plan: ImportPlan) -> dict[str, str]:
    return {
        item.column.header: str(item.name)
        for item in plan.columns
        if item.column.header != item.name
    }


def _row(files: Files, plan: ImportPlan) -> dict[str, str]:
    """Return the row of the generated tests."""
    tree = ast.parse(files[f"{plan.name}/tests/test_import_{plan.name}.py"])
    [row] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROW"
    ]
    found: dict[str, str] = ast.literal_eval(row)
    return found
