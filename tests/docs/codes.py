"""The table of codes in the guide. This command writes it:

PYTHONPATH="{{cookiecutter.project_slug}}" uv run python -m tests.docs.codes
"""

import re
from pathlib import Path

from importkit.problems import Code

GUIDE = Path(__file__).parents[2] / "{{cookiecutter.project_slug}}/docs/codes.md"
TABLE = re.compile(r"^\| code \|.*?\n(?=\n|\Z)", re.DOTALL | re.MULTILINE)


def table() -> str:
    """Return the table in Markdown."""
    head = "| code | what is wrong | for example | what you can do | what the sender can do |"
    rows = [
        f"| `{code}` | {code.meaning} | {code.example} | {code.remedy} | {code.for_sender} |"
        for code in Code
    ]
    return "\n".join([head, "| --- " * 5 + "|", *rows, ""])


if __name__ == "__main__":
    GUIDE.write_text(TABLE.sub(lambda _: table(), GUIDE.read_text(), count=1))
