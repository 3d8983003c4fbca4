"""Which Python the command asks."""

import os
from pathlib import Path

import pytest

from tests.adding.running import PYTHON, add


@pytest.mark.parametrize("named", ["relative", "on the path"])
def test_a_python_is_named_as_in_the_folder_where_one_stands(
    named: str, site: Path
) -> None:
    program = site.parent / "mine" / "bin" / "python_of_ours"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {PYTHON} "$@"\n')
    program.chmod(0o755)
    paths = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    asked = Path("mine/bin", program.name) if named == "relative" else program.name

    printed = add(site, python=Path(asked), variables={"PATH": paths})

    shown = program if named == "relative" else program.name
    assert f"({shown})" in printed.splitlines()[0]
