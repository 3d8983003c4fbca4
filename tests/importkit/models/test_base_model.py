"""A model with ``BaseModel`` records its times, and shows no value of a row."""

from datetime import timedelta

import pytest

from tests.importkit.shop.models import Store


def test_an_unsaved_row_has_a_name() -> None:
    assert str(Store(None)) == "Store(None)"
    assert repr(Store(name="Jane Doe")) == "Store(None)"


def test_meta_is_public() -> None:
    assert Store().meta is Store._meta


@pytest.mark.django_db
def test_the_times_of_creation_and_change_are_kept() -> None:
    store = Store.objects.create(name="North")
    created = store.created_at

    store.created_at -= timedelta(days=1)
    store.save()
    store.refresh_from_db()

    assert store.created_at == created - timedelta(days=1)
    assert store.updated_at > created
    assert str(store) == f"Store({store.pk})"
