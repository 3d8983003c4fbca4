"""What holds for every file of the repository."""

import re

from tests.processes import succeed
from tests.template.baking import FOLDER, REPOSITORY, template_files


def test_the_code_is_clean_formatted_and_strictly_typed() -> None:
    succeed(["ruff", "check"], REPOSITORY)
    succeed(["ruff", "format", "--check"], REPOSITORY)
    succeed(["mypy", "--cache-dir", "/dev/null"], REPOSITORY, timeout=300)


def test_the_layers_and_doors_of_the_generator_are_kept() -> None:
    path = {"PYTHONPATH": str(REPOSITORY / FOLDER)}

    succeed(["lint-imports", "--no-cache"], REPOSITORY, variables=path)


def test_links_of_the_documents_lead_somewhere() -> None:
    for name in template_files():
        if name.endswith(".md") and "{{" not in name:
            folder = (REPOSITORY / name).parent
            links = re.findall(r"\]\(([^)#]+)\)", (REPOSITORY / name).read_text())
            missing = [
                link
                for link in links
                if "://" not in link and not (folder / link).exists()
            ]
            assert missing == [], name
