"""Each place to read that a message names is in the guides that go with a project."""

import re
from pathlib import Path

import pytest

from importkit import guides
from tests.docs.test_links import leads_nowhere
from tests.template.baking import FOLDER, REPOSITORY

PROJECT = REPOSITORY / FOLDER
NAMED = {
    name: value
    for name, value in vars(guides).items()
    if name.isupper() and isinstance(value, str)
}
PLACE = re.compile(r"\bdocs/\w+\.md")
CODE = [
    path
    for package in ("importkit", "generators")
    for path in (PROJECT / package).rglob("*.py")
]


@pytest.mark.parametrize("name", NAMED)
def test_a_place_that_a_message_names_exists(name: str) -> None:
    assert not leads_nowhere(PROJECT / "README.md", NAMED[name])


@pytest.mark.parametrize("name", NAMED)
def test_each_place_is_named_by_a_message(name: str) -> None:
    assert any(f"guides.{name}" in path.read_text() for path in CODE)


def test_messages_take_the_names_of_places_from_their_list() -> None:
    found = [path for path in CODE if PLACE.search(path.read_text())]

    assert found == [Path(guides.__file__)]
