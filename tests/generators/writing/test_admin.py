"""The admin of a new model is appended to an admin.py where that is proved to be safe."""

import pytest

from generators.writing.classes import put_admin
from generators.writing.edits import AlreadyThere, Cannot, Edited

CLASS = """\
@admin.register(Gadget)
class GadgetAdmin(admin.ModelAdmin):
    list_display = ("sku",)
"""
SOURCE = f"""\
from django.contrib import admin

from shop.models import Gadget


{CLASS}"""
STARTAPP = "from django.contrib import admin\n\n# Register your models here.\n"
IMPORTS = "from django.contrib import admin\nfrom shop.models import Gadget\n"
OTHER = "from .models import Order\n\n\nadmin.site.register(Order)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{IMPORTS}\n\n{CLASS}"),
        (STARTAPP, f"{IMPORTS}\n# Register your models here.\n\n\n{CLASS}"),
        (
            f"from django.contrib import admin\n{OTHER}",
            "from django.contrib import admin\nfrom .models import Order\n"
            "from shop.models import Gadget\n\n\nadmin.site.register(Order)\n"
            f"\n\n{CLASS}",
        ),
        (
            '"""Ours."""\n\nfrom django.contrib import (\n    messages,\n)\n\nX = 1',
            '"""Ours."""\n\nfrom django.contrib import (\n    messages,\n)\n'
            f"{IMPORTS}\nX = 1\n\n\n{CLASS}",
        ),
    ],
)
def test_the_class_is_appended_with_the_imports_that_it_needs(
    before: str, after: str
) -> None:
    assert put_admin(before, "Gadget", SOURCE) == Edited(after)


def test_line_ends_stay_as_they_are() -> None:
    added = put_admin(STARTAPP.replace("\n", "\r\n"), "Gadget", SOURCE)

    assert isinstance(added, Edited)
    assert added.text.count("\r\n") == added.text.count("\n") > 5


@pytest.mark.parametrize(
    "before",
    [
        SOURCE,
        "from django.contrib import admin\nfrom shop import models\n\n"
        "admin.site.register(models.Gadget)\n",
        "from shop.models import Gadget\n",
    ],
)
def test_a_module_that_knows_the_model_is_left_alone(before: str) -> None:
    assert put_admin(before, "Gadget", SOURCE) == AlreadyThere()


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("x = (", "it is not valid Python in UTF-8"),
        ("from django.contrib.gis.admin import *\n", "it imports *"),
        ("from django.contrib.gis import admin\n", "it gives the name admin to"),
        (
            "from django.contrib.admin import AdminSite\n\nsite = AdminSite()\n",
            "it has an AdminSite of its own",
        ),
        ("class GadgetAdmin: ...\n", "it gives the name GadgetAdmin to"),
        (
            "from django.contrib import admin\nfrom django.apps import apps\n\n"
            "for model in apps.get_models():\n    admin.site.register(model)\n",
            "it registers models in a loop",
        ),
        ("import os; x = 1\n", "its layout is too unusual"),
    ],
)
def test_what_may_mean_something_else_is_left_to_its_owner(
    before: str, reason: str
) -> None:
    added = put_admin(before, "Gadget", SOURCE)

    assert isinstance(added, Cannot)
    assert added.reason.startswith(reason)
