from warehouse.models import Shelf


def test_a_shelf_is_called_by_its_code() -> None:
    assert str(Shelf(code="A1")) == "A1"
