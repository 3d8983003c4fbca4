"""Instances refer to other instances of their run, whether these are found or created."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model
from django.db.models.signals import post_save

from importkit.models import BaseModel
from tests.importkit.instances import cases
from tests.importkit.shop.imports import Bulks, Import, run
from tests.importkit.shop.models import (
    Answer,
    Article,
    Author,
    Biography,
    Book,
    Club,
    Comrade,
    Counter,
    Membership,
    Player,
    Shelf,
    Team,
    Trip,
    Truck,
)

pytestmark = [pytest.mark.django_db]

type Instances = dict[type[Model], list[Model]]

KEYS: Mapping[type[Model], tuple[str, ...]] = {
    **cases.KEYS,
    Counter: ("code",),
    Answer: ("text",),
    Article: ("title",),
}
DRY = "Dry run: nothing was written."


def both(bulks: Callable[[Any], Instances], *flags: str, **keys: Any) -> list[str]:
    """Return what a run says, after a dry run has said the same numbers."""
    stated = keys.get("keys", KEYS)
    plan = run(Import(bulks, stated), "--dry_run", *flags).splitlines()
    numbers = [line for line in plan if not line.startswith("  ")]
    output = run(Import(bulks, stated), *flags).splitlines()
    assert numbers == [*output, DRY]
    return output


def books(_df: object) -> Instances:
    authors = {name: Author(name=name) for name in ("Ann", "Bob")}
    named = [("1", "Ann"), ("2", "Bob"), ("3", None)]
    return {
        Book: [Book(isbn=i, author=authors.get(str(name))) for i, name in named],
        Author: list(authors.values()),
    }


@pytest.mark.parametrize("keys", [(Author, Book), (Book,)])
def test_a_second_run_leaves_the_links_as_they_are(keys: list[type[Model]]) -> None:
    stated = {model: KEYS[model] for model in keys}
    both(books, keys=stated)
    if Author not in keys:
        Author.objects.all().delete()
        both(books, keys=stated)
        return

    assert both(books) == [
        "Books: 0 new, 0 changed, 3 unchanged.",
        "Authors: 0 new, 0 changed, 2 unchanged.",
    ]
    found = Book.objects.order_by("isbn").values_list("isbn", "author__name")
    assert list(found) == [("1", "Ann"), ("2", "Bob"), ("3", None)]


def test_a_changed_link_is_counted() -> None:
    both(books)

    def moved(_df: object) -> Instances:
        author = Author(name="Cid")
        return {Author: [author], Book: [Book(isbn="1", author=author)]}

    plan = run(Import(moved, KEYS), "--dry_run")
    output = run(Import(moved, KEYS))

    assert output.splitlines()[1] == "Books: 0 new, 1 changed (author 1), 0 unchanged."
    assert "  '1': author 'Ann' -> 'Cid'" in plan.splitlines()
    assert Book.objects.get(isbn="1").author == Author.objects.get(name="Cid")


def test_a_dry_run_leaves_the_instances_as_they_are() -> None:
    for _ in range(2):
        bulks = books(None)
        before = {
            id(row): dict(row.__dict__) for rows in bulks.values() for row in rows
        }
        assigned = {id(r): dict(r._state.fields_cache) for r in bulks[Book]}

        run(Import(bulks, KEYS), "--dry_run")

        for row in [*bulks[Book], *bulks[Author]]:
            assert row.__dict__ == before[id(row)]
            assert row._state.adding
        for row in bulks[Book]:
            assert row._state.fields_cache == assigned[id(row)]
        run(Import(bulks, KEYS))


def test_a_foreign_key_may_be_a_part_of_the_natural_key() -> None:
    def members(_df: object) -> Instances:
        authors = [Author(name=name) for name in ("Ann", "Bob")]
        clubs = [Club(code=code) for code in ("x", "y")]
        pairs = [(author, club) for author in authors for club in clubs]
        return {
            Membership: [Membership(author=a, club=c) for a, c in pairs],
            Author: list(authors),
            Club: list(clubs),
            Biography: [Biography(author=author) for author in authors],
        }

    assert both(members)[0] == "Memberships: 4 new, 0 changed, 0 unchanged."
    assert both(members) == [
        "Memberships: 0 new, 0 changed, 4 unchanged.",
        "Authors: 0 new, 0 changed, 2 unchanged.",
        "Clubs: 0 new, 0 changed, 2 unchanged.",
        "Biographys: 0 new, 0 changed, 2 unchanged.",
    ]
    found = Membership.objects.values_list("author__name", "club__code")
    assert sorted(found) == [("Ann", "x"), ("Ann", "y"), ("Bob", "x"), ("Bob", "y")]


def team(captain: str) -> Callable[[object], Instances]:
    """Return the rows of a team of three, which refer to each other in a circle."""

    def bulks(_df: object) -> Instances:
        team = Team(name="red")
        players = [Player(name=name, team=team) for name in ("a", "b", "c")]
        team.captain = next(p for p in players if p.name == captain)
        return {Player: list(players), Team: [team]}

    return bulks


def test_links_in_a_circle_are_compared_at_the_end() -> None:
    assert both(team("a"))[1] == "Teams: 1 new, 0 changed, 0 unchanged."
    stamp = Team.objects.get().updated_at

    assert both(team("a")) == [
        "Players: 0 new, 0 changed, 3 unchanged.",
        "Teams: 0 new, 0 changed, 1 unchanged.",
    ]
    assert Team.objects.get().updated_at == stamp
    assert both(team("b"))[1] == "Teams: 0 new, 1 changed (captain 1), 0 unchanged."
    red = Team.objects.get()
    assert red.captain == Player.objects.get(name="b")
    assert red.updated_at > stamp


def test_rows_that_need_each_other_may_be_in_the_table_already() -> None:
    first = Comrade(name="a", pk=99, friend_id=99)
    first.save()
    Comrade.objects.create(name="b", friend=first)

    def friends(_df: object) -> Instances:
        one, two = Comrade(name="a"), Comrade(name="b")
        one.friend, two.friend = two, one
        return {Comrade: [one, two]}

    assert both(friends) == ["Comrades: 0 new, 1 changed (friend 1), 1 unchanged."]
    assert Comrade.objects.get(name="a").friend.name == "b"
    assert both(friends) == ["Comrades: 0 new, 0 changed, 2 unchanged."]


def test_a_child_refers_to_a_row_of_two_tables() -> None:
    def trips(_df: object) -> Instances:
        truck = Truck(plate="T1", load=5)
        return {Trip: [Trip(number=1, vehicle=truck)], Truck: [truck]}

    both(trips)

    assert both(trips) == [
        "Trips: 0 new, 0 changed, 1 unchanged.",
        "Trucks: 0 new, 0 changed, 1 unchanged.",
    ]
    assert Trip.objects.get().vehicle.plate == "T1"


def test_a_value_that_is_left_to_the_database_is_not_compared() -> None:
    def counters(_df: object) -> Instances:
        return {Counter: [Counter(code="a"), Counter(code="b", number=3)]}

    both(counters)
    Counter.objects.filter(code="a").update(number=9)

    assert both(counters) == ["Counters: 0 new, 0 changed, 2 unchanged."]
    assert dict(Counter.objects.values_list("code", "number")) == {"a": 9, "b": 3}


def test_a_deferred_value_is_not_compared() -> None:
    Counter.objects.create(code="a", number=3, note="old")

    def counters(_df: object) -> Instances:
        row = Counter.objects.only("code").get()
        row.number = 4
        return {Counter: [row]}

    assert both(counters) == ["Counters: 0 new, 1 changed (number 1), 0 unchanged."]
    assert Counter.objects.get().note == "old"


def test_the_primary_key_may_have_two_columns() -> None:
    def shelves(_df: object) -> Instances:
        book = Book(isbn="1")
        return {
            Shelf: [Shelf(room=1, place=1, book=book), Shelf(room=1, place=2)],
            Book: [book],
        }

    assert both(shelves)[0] == "Shelfs: 2 new, 0 changed, 0 unchanged."
    assert both(shelves)[0] == "Shelfs: 0 new, 0 changed, 2 unchanged."
    assert Shelf.objects.get(place=1).book == Book.objects.get()


@pytest.mark.parametrize("is_frame", [True, False])
def test_rows_keep_their_place_among_the_rows_of_their_parent(is_frame: bool) -> None:
    book = Book.objects.create(isbn="1")

    def answers(*texts: str) -> Bulks:
        if is_frame:
            return {Answer: pl.DataFrame({"text": texts, "book": ["1"] * len(texts)})}
        return {Answer: [Answer(text=text, book=book) for text in texts]}

    run(Import(answers("b", "a"), KEYS))
    assert run(Import(answers("a", "b", "c"), KEYS), "--dry_run").startswith(
        "Answers: 1 new, 0 changed, 2 unchanged."
    )
    run(Import(answers("a", "b", "c"), KEYS))

    order = book.get_answer_order()  # type: ignore[attr-defined]
    assert [Answer.objects.get(pk=pk).text for pk in order] == ["b", "a", "c"]


@pytest.mark.parametrize("is_frame", [True, False])
def test_a_save_that_is_not_called_is_told_before_anything_is_written(
    is_frame: bool,
) -> None:
    def articles() -> Bulks:
        if is_frame:
            return {Article: pl.DataFrame({"title": ["One"]})}
        return {Article: [Article(title="One")]}

    told = (
        "shop.Article has a save() of its own: an import does not call it. Name "
        "shop.Article in get_models_with_signals to have each row saved by itself.\n"
    )
    assert run(Import(articles(), KEYS), "--dry_run") == (
        f"{told}Articles: 1 new, 0 changed, 0 unchanged.\n{DRY}\n"
    )
    assert run(Import(articles(), KEYS, signals=[Article])) == (
        "Articles: 1 new, 0 changed, 0 unchanged.\n"
    )
    assert Article.objects.get().slug == "one"


def test_a_receiver_that_is_not_called_is_told() -> None:
    def receive(**_given: object) -> None:
        """Do nothing."""

    post_save.connect(receive, sender=Counter)
    try:
        output = run(Import({Counter: [Counter(code="a")]}, KEYS))
    finally:
        post_save.disconnect(receive, sender=Counter)

    assert output.startswith("shop.Counter has receivers of post_save: an import ")


@pytest.mark.parametrize(
    ("bulks", "said"),
    [
        (None, "get_bulks_by_model returned nothing."),
        ([Author(name="a")], 'get_bulks_by_model returned a "list".'),
        ({"Author": []}, "get_bulks_by_model: 'Author' is not a model."),
        ({BaseModel: []}, "BaseModel is abstract, so that it has no table."),
        ({Author: None}, "Author has nothing in the place of rows."),
        ({Author: 5}, 'Author has a "int" in the place of rows.'),
        ({Author: "Ann"}, 'Author has a "str" in the place of rows.'),
        ({Author: Author()}, 'Author has a "Author" in the place of rows.'),
    ],
)
def test_bulks_that_are_no_rows_of_models_are_refused(bulks: Any, said: str) -> None:
    with pytest.raises(CommandError) as error:
        run(Import(lambda _df: bulks, KEYS))

    assert error.value.returncode == 2
    assert said in str(error.value)
    assert "Return a mapping of models to frames, or to instances" in str(error.value)
