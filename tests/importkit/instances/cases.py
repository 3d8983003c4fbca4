"""Draw the rows of several runs: natural keys, values, and parents by their natural keys."""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from tests.importkit.shop.models import (
    Author,
    Biography,
    Book,
    Club,
    Comrade,
    Loan,
    Membership,
    Player,
    Shelf,
    Team,
    Trip,
    Truck,
)

# By model the natural key: names of fields.
KEYS: Mapping[type[Model], tuple[str, ...]] = {
    Author: ("name",),
    Book: ("isbn",),
    Loan: ("book", "number"),
    Club: ("code",),
    Membership: ("author", "club"),
    Biography: ("author",),
    Team: ("name",),
    Player: ("name",),
    Comrade: ("name",),
    Truck: ("plate",),
    Trip: ("number",),
    Shelf: ("room", "place"),
}
# By model the fields that refer to another row, whose natural key has one field.
PARENTS: Mapping[type[Model], Mapping[str, type[Model]]] = {
    Author: {"mentor": Author},
    Book: {"author": Author},
    Loan: {"book": Book},
    Membership: {"author": Author, "club": Club},
    Biography: {"author": Author},
    Team: {"captain": Player},
    Player: {"team": Team},
    Comrade: {"friend": Comrade},
    Truck: {"owner": Author},
    Trip: {"vehicle": Truck},
    Shelf: {"book": Book},
}
# Models that frames can be written into; the others take instances.
FRAMES = (Author, Book, Loan, Club, Membership, Biography, Shelf)

# Comrades that are in the table before the first run: each new one needs another.
THERE = ("k", "l", "m")

# Models that are written together.
GROUPS = (
    (Author, Book, Loan),
    (Author, Club, Membership, Biography),
    (Author, Book, Shelf),
    (Author, Truck, Trip),
    (Team, Player),
    (Comrade,),
)

type Row = dict[str, Any]
type Rows = dict[type[Model], list[Row]]


@dataclass(frozen=True)
class OneRun:
    """The rows of one run.

    Attributes:
        rows: By model its rows, in which a parent is named by its natural key.
        frames: The models whose rows are given as a frame.
        flags: The options of the command.
    """

    rows: Rows
    frames: frozenset[type[Model]]
    flags: tuple[str, ...]


def drawn(seed: int, number: int) -> list[OneRun]:
    """Return the runs of a case: always the same for the same numbers."""
    random_ = random.Random(f"{seed} {number}")  # noqa: S311  not for secrets
    groups = random_.sample(GROUPS, random_.randint(1, 2))
    models = {model for group in groups for model in group}
    return [_run(random_, models) for _ in range(random_.randint(2, 4))]


def _run(draw: random.Random, models: Collection[type[Model]]) -> OneRun:
    frames = draw.choice(
        [frozenset(), frozenset(FRAMES), frozenset(FRAMES) - {Author, Club}]
    )
    rows = _rows(draw, is_circular=Author not in frames)
    if Author in frames:  # An instance cannot refer to a row of a frame.
        for row in rows.get(Truck, []):
            row["owner"] = None
    rows = {model: found for model, found in rows.items() if model in models}
    flags = draw.choice([(), ("--batch_size", "1"), ("--batch_size", "2")])
    mode = draw.choice([(), (), ("--mode", "sync")])
    return OneRun(rows, frames, (*flags, *mode))


def _rows(draw: random.Random, *, is_circular: bool) -> Rows:
    authors = _some(draw, "ABCD")
    books = _some(draw, "1234")
    clubs = _some(draw, "xyz")
    teams, trucks = _some(draw, "rgb"), _some(draw, "TUV")
    new = sorted(_some(draw, "no"))
    players = [(name, draw.choice(teams)) for name in _some(draw, "pqs") if teams]

    def one(names: Sequence[str]) -> str | None:
        return draw.choice([*names, None])

    def number() -> int:
        return draw.randint(0, 1)

    rows: Rows = {
        Author: [
            {
                "name": name,
                "country": draw.choice(["", "DE"]),
                "mentor": one(authors if is_circular else authors[:place]),
            }
            for place, name in enumerate(authors)
        ],
        Book: [
            {"isbn": isbn, "title": str(number()), "author": one(authors)}
            for isbn in books
        ],
        Loan: [
            {"book": book, "number": n, "due": None}
            for book in books
            for n in range(draw.randint(0, 2))
        ],
        Club: [{"code": code} for code in clubs],
        Membership: [
            {"author": author, "club": club, "since": number()}
            for author in authors
            for club in clubs
            if number()
        ],
        Biography: [
            {"author": author, "text": str(number())} for author in authors if number()
        ],
        Team: [
            {"name": name, "captain": one([p for p, _ in players])} for name in teams
        ],
        Player: [{"name": name, "team": team} for name, team in players],
        Comrade: [
            {"name": name, "friend": draw.choice([*THERE, *new[: new.index(name)]])}
            if name in new
            else {"name": name, "friend": draw.choice([*THERE, *new])}
            for name in [*THERE, *new]
        ],
        Truck: [
            {"plate": plate, "owner": one(authors), "load": number()}
            for plate in trucks
        ],
        Trip: [
            {"number": n, "vehicle": draw.choice(trucks)} for n in range(3) if trucks
        ],
        Shelf: [
            {"room": 1, "place": n, "book": one(books)} for n in range(3) if number()
        ],
    }
    for found in rows.values():
        draw.shuffle(found)
    models = list(rows)
    draw.shuffle(models)
    return {model: rows[model] for model in models}


def _some(draw: random.Random, names: str) -> list[str]:
    found = [name for name in names if draw.random() < 0.7]
    draw.shuffle(found)
    return found


def in_order(rows: Rows) -> Iterator[tuple[type[Model], list[Row]]]:
    """Yield the rows of parents before those of children, as far as there is an order."""
    for model in KEYS:
        if model in rows:
            yield model, rows[model]
