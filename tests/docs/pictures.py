"""The pictures of terminal sessions in the README, from what the commands print.

This command draws them anew: ``uv run python -m tests.docs.pictures``
"""

import io
import re
import shlex
import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from tests.processes import run
from tests.template.baking import REPOSITORY, bake, copy_template

FOLDER = REPOSITORY / "docs" / "pictures"
COLUMNS = 100
BAD_ROWS = """\
Article No.;Product name;Category;Manufacturer;EAN;List price (EUR);In stock;Weight (kg);Available since;Active;Notes
900002;Rake;Garden;Miller;4012345678900;24,90;2;1,800;01.03.2026;yes;
900003;Hose;Garden;Miller;4012345678901;12-50;7;1,200;31.02.2026;yes;
;Clamp;Hand tools;Miller;4012345678902;9,99;many;n/a;;yes;Sold in pairs
"""
SESSIONS = {
    "first_import": (
        "startimport products ../products.csv",
        "migrate -v0",
        "import_products --file ../products.csv",
        "import_products --file ../products.csv",
    ),
    "rejected_rows": ("import_products --file bad_rows.csv --on-error skip",),
}
# A picture that showed when it was drawn would be another one each time.
TIME, DRAWN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "2026-11-02 10:02"
# The own fonts of the library would be fetched from the network.
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>{title}</title>
<style>
text {{ font: {char_height}px Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }}
{styles}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">{backgrounds}{matrix}</g>
</svg>
"""


def draw() -> dict[str, str]:
    """Run the sessions in a new project; map the name of each picture to its SVG."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_template(folder / "template")
        project = bake(folder / "template", folder / "out")
        shutil.copy(REPOSITORY / "examples" / "products.csv", project.parent)
        (project / "bad_rows.csv").write_text(BAD_ROWS)
        return {
            name: picture(name, [(line, output(project, line)) for line in session])
            for name, session in SESSIONS.items()
        }


def output(project: Path, line: str) -> str:
    """Return what a command of the project prints on a terminal."""
    printed = run(
        ["python", "manage.py", *shlex.split(line), "--force-color"],
        project,
        variables={"COLUMNS": str(COLUMNS)},
    ).stdout
    return TIME.sub(DRAWN_TIME, printed)


def picture(name: str, session: list[tuple[str, str]]) -> str:
    """Draw commands and what they printed as a terminal."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True
    )
    for line, printed in session:
        console.print(Text(f"$ uv run manage.py {line}", style="bold"))
        console.print(Text.from_ansi(printed), soft_wrap=False)
    title = name.replace("_", " ").capitalize()
    return console.export_svg(
        title=title, theme=MONOKAI, code_format=FRAME.replace("{title}", title)
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, svg in draw().items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
