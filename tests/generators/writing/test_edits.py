"""Splices keep every character of a person's source, or say why they cannot."""

import pytest

from generators.writing.classes import put_class
from generators.writing.edits import AlreadyThere, Cannot, Differs, Edited
from generators.writing.installed_apps import add_installed_app

MODEL = '''class Product(models.Model):
    """A product."""

    sku = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.sku'''
OTHER_MODEL = '''class Shop(models.Model):
    """A shop."""


'''
IMPORT = "from django.db import models\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("INSTALLED_APPS = []\n", 'INSTALLED_APPS = ["shop"]\n'),
        ("INSTALLED_APPS = ['a']\n", "INSTALLED_APPS = ['a', \"shop\"]\n"),
        ('INSTALLED_APPS = ["a",]\n', 'INSTALLED_APPS = ["a", "shop",]\n'),
        (
            'INSTALLED_APPS = [\n    "a",\n]\nDEBUG = True\n',
            'INSTALLED_APPS = [\n    "a",\n    "shop",\n]\nDEBUG = True\n',
        ),
        (
            'INSTALLED_APPS = [\n  "a"\n]\n',
            'INSTALLED_APPS = [\n  "a",\n  "shop"\n]\n',
        ),
        (
            'INSTALLED_APPS = [\r\n    "a",\r\n]\r\n',
            'INSTALLED_APPS = [\r\n    "a",\r\n    "shop",\r\n]\r\n',
        ),
        (
            'INSTALLED_APPS = [\n\t"a",  # first, really\n\t# more\n]\n',
            'INSTALLED_APPS = [\n\t"a",  # first, really\n\t"shop",\n\t# more\n]\n',
        ),
        (
            'INSTALLED_APPS = [\n    "a"  # no comma\n]\n',
            'INSTALLED_APPS = [\n    "a",  # no comma\n    "shop"\n]\n',
        ),
        (
            'INSTALLED_APPS = ["ä", "é",\n]\n',
            'INSTALLED_APPS = ["ä", "é",\n    "shop",\n]\n',
        ),
        (
            'INSTALLED_APPS: list[str] = [\n    *BASE,\n    "a", "b",\n]\n',
            'INSTALLED_APPS: list[str] = [\n    *BASE,\n    "a", "b",\n    "shop",\n]\n',
        ),
        (
            'INSTALLED_APPS = ["a"]\nif DEBUG:\n    INSTALLED_APPS += ["debug"]\n',
            'INSTALLED_APPS = ["a", "shop"]\nif DEBUG:\n    INSTALLED_APPS += ["debug"]\n',
        ),
        ("INSTALLED_APPS = [\n]\n", 'INSTALLED_APPS = [\n    "shop",\n]\n'),
        (
            'LOCAL_APPS: list[str] = [\n    # Here.\n]\nINSTALLED_APPS = ["a"]\n'
            "INSTALLED_APPS += LOCAL_APPS\n",
            'LOCAL_APPS: list[str] = [\n    # Here.\n    "shop",\n]\n'
            'INSTALLED_APPS = ["a"]\nINSTALLED_APPS += LOCAL_APPS\n',
        ),
        (
            'LOCAL_APPS = ["a"]\nINSTALLED_APPS = DJANGO_APPS + LOCAL_APPS\n',
            'LOCAL_APPS = ["a", "shop"]\nINSTALLED_APPS = DJANGO_APPS + LOCAL_APPS\n',
        ),
        (
            'LOCAL_APPS = []\nINSTALLED_APPS = ["a", *LOCAL_APPS]\n',
            'LOCAL_APPS = ["shop"]\nINSTALLED_APPS = ["a", *LOCAL_APPS]\n',
        ),
        (
            'LOCAL_APPS = ["a"]\nINSTALLED_APPS = ["b"]\n',
            'LOCAL_APPS = ["a"]\nINSTALLED_APPS = ["b", "shop"]\n',
        ),
    ],
)
def test_an_app_is_added_as_the_last_one_is_written(before: str, after: str) -> None:
    assert add_installed_app(before, "shop") == Edited(after)


@pytest.mark.parametrize(
    "item", ["shop", "shop.apps.ShopConfig", "shop.ShopConfig", "shop.config.Shop"]
)
def test_an_app_that_is_listed_is_already_there(item: str) -> None:
    settings = f'INSTALLED_APPS = ["a", "{item}"]\n'

    assert add_installed_app(settings, "shop") == AlreadyThere()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'A = ["django.x"]\nB = ["ours"]\nINSTALLED_APPS = A + B\n',
            'A = ["django.x"]\nB = ["ours", "shop"]\nINSTALLED_APPS = A + B\n',
        ),
        (
            'B = ["ours.apps.OursConfig"]\nINSTALLED_APPS = ["django.x", *B]\n',
            'B = ["ours.apps.OursConfig", "shop"]\nINSTALLED_APPS = ["django.x", *B]\n',
        ),
        (
            'LOCAL_APPS = ["django.x"]\nINSTALLED_APPS = ["ours"]\n'
            "INSTALLED_APPS += LOCAL_APPS\n",
            'LOCAL_APPS = ["django.x"]\nINSTALLED_APPS = ["ours", "shop"]\n'
            "INSTALLED_APPS += LOCAL_APPS\n",
        ),
        (
            'A = ["django.x"]\nPROJECT_APPS = []\nINSTALLED_APPS = A + PROJECT_APPS\n',
            'A = ["django.x"]\nPROJECT_APPS = ["shop"]\n'
            "INSTALLED_APPS = A + PROJECT_APPS\n",
        ),
    ],
)
def test_an_app_is_added_to_the_list_with_the_apps_of_the_project(
    before: str, after: str
) -> None:
    assert add_installed_app(before, "shop", ["ours"]) == Edited(after)


@pytest.mark.parametrize(
    "settings",
    [
        'A = ["a"]\nB = ["b"]\nINSTALLED_APPS = A + B\n',
        'A = ["ours"]\nB = ["ours.more"]\nINSTALLED_APPS = A + B\n',
    ],
)
def test_a_list_is_not_guessed(settings: str) -> None:
    own = ["ours", "ours.more"]

    assert add_installed_app(settings, "shop", own) == Cannot(
        "INSTALLED_APPS is made of several lists"
    )


@pytest.mark.parametrize(("local", "others"), [('["shop"]', "[]"), ("[]", '["shop"]')])
def test_an_app_in_either_list_is_already_there(local: str, others: str) -> None:
    settings = f"LOCAL_APPS = {local}\nINSTALLED_APPS = {others}\n"

    added = add_installed_app(f"{settings}INSTALLED_APPS += LOCAL_APPS\n", "shop")

    assert added == AlreadyThere()


def test_an_app_of_a_similar_name_is_not_the_app() -> None:
    settings = 'INSTALLED_APPS = ["shop.parts", "shops", "myshop"]\n'

    assert isinstance(add_installed_app(settings, "shop"), Edited)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("INSTALLED_APPS = [", "it is not valid Python in UTF-8"),
        ("", "INSTALLED_APPS is not one plain list"),
        ('INSTALLED_APPS = ("a",)\n', "INSTALLED_APPS is not one plain list"),
        ('INSTALLED_APPS = ["a"] + MORE\n', "INSTALLED_APPS is not one plain list"),
        (
            "LOCAL_APPS = []\nINSTALLED_APPS = []\nif A:\n    INSTALLED_APPS = LOCAL_APPS",
            "INSTALLED_APPS is not one plain list",
        ),
        (
            "LOCAL_APPS = []\nINSTALLED_APPS = [*map(str, LOCAL_APPS)] + MORE\n",
            "INSTALLED_APPS is not one plain list",
        ),
        (
            "LOCAL_APPS = []\nINSTALLED_APPS = LOCAL_APPS\n"
            "INSTALLED_APPS = [*INSTALLED_APPS]\n",
            "INSTALLED_APPS is not one plain list",
        ),
        ("INSTALLED_APPS = APPS = []\n", "INSTALLED_APPS is not one plain list"),
        (
            "INSTALLED_APPS = []\nINSTALLED_APPS = []\n",
            "INSTALLED_APPS is not one plain list",
        ),
        (
            "INSTALLED_APPS = []\nif DEBUG:\n    INSTALLED_APPS = []\n",
            "INSTALLED_APPS is not one plain list",
        ),
        (
            'INSTALLED_APPS = []\nif DEBUG:\n    INSTALLED_APPS += ["shop"]\n',
            'it names "shop" outside the list INSTALLED_APPS',
        ),
        (
            'INSTALLED_APPS = [\n    ("a"),\n    ("b"\n    "c"\n    )\n]\n',
            "its layout is too unusual to add to",
        ),
    ],
)
def test_settings_of_another_shape_are_left_alone(settings: str, reason: str) -> None:
    assert add_installed_app(settings, "shop") == Cannot(reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (IMPORT, f"{IMPORT}\n\n{MODEL}\n"),
        (
            f"{IMPORT}\n# Create your models here.\n\n\n",
            f"{IMPORT}\n# Create your models here.\n\n\n{MODEL}\n",
        ),
        (
            f"import os\n{IMPORT}\n\n{OTHER_MODEL}",
            f"import os\n{IMPORT}\n\n{OTHER_MODEL}{MODEL}\n",
        ),
        (
            f"{IMPORT}\n\ndef late():\n    models = 1\n",
            f"{IMPORT}\n\ndef late():\n    models = 1\n\n\n{MODEL}\n",
        ),
        (IMPORT.rstrip(), f"{IMPORT}\n\n{MODEL}\n"),
    ],
)
def test_a_model_is_appended(before: str, after: str) -> None:
    assert put_class(before, "Product", f"{MODEL}\n") == Edited(after)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_model_takes_the_line_ends_of_its_module(end: str) -> None:
    before = "from django.db import models\r\n"

    result = put_class(before, "Product", MODEL.replace("\n", end))

    assert isinstance(result, Edited)
    assert result.text == f"{IMPORT}\n\n{MODEL}\n".replace("\n", "\r\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_equal_model_is_already_there(end: str) -> None:
    module = f"{IMPORT}\n\n{MODEL}\n\n\n{OTHER_MODEL}".replace("\n", end)

    assert put_class(module, "Product", MODEL) == AlreadyThere()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_model_that_differs_can_be_replaced_in_its_place(end: str) -> None:
    old = '@register\nclass Product(models.Model):\n    """Ünlike."""'
    module = f"{IMPORT}\n\n{{}}  # é\n\n\n{OTHER_MODEL}".replace("\n", end)

    result = put_class(module.format(old.replace("\n", end)), "Product", MODEL)

    assert result == Differs(module.format(MODEL.replace("\n", end)))


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("class", "it is not valid Python in UTF-8"),
        ("models = 1\nglobal models\n", "it is not valid Python in UTF-8"),
        ("", 'it does not say "from django.db import models"'),
        (
            "import django.db.models as models\n",
            'it does not say "from django.db import models"',
        ),
        (
            "from .db import models\n",
            'it does not say "from django.db import models"',
        ),
        (
            f"if True:\n    {IMPORT}",
            'it does not say "from django.db import models"',
        ),
        (f"{IMPORT}from .base import *\n", "it imports *, which may bind any name"),
        (f"{IMPORT}str = None\n", "it hides the builtin str"),
        (
            f"{IMPORT}Product = None\n",
            "it gives the name Product to something else",
        ),
        (
            f"{IMPORT}if x:\n    class Product: ...\n",
            "it gives the name Product to something else",
        ),
        (
            f"{IMPORT}class Product: ...\nclass Product: ...\n",
            "it gives the name Product to something else",
        ),
        (
            f"{IMPORT}from shop.models import Product\n",
            "it gives the name Product to something else",
        ),
    ],
)
def test_a_module_that_may_not_take_a_model_is_left_alone(
    module: str, reason: str
) -> None:
    assert put_class(module, "Product", MODEL) == Cannot(reason)


@pytest.mark.parametrize(
    "rebinding",
    [
        "models = None",
        "models: int",
        "models += 1",
        "del models",
        "import models.fields",
        "import a as models",
        "from a import models",
        "for models in (): ...",
        "with a as models: ...",
        "if (models := 1): ...",
        "(models, a) = 1, 2",
        "def models(): ...",
        "class models: ...",
        "try: ...\nexcept E as models: ...",
        "match a:\n    case models: ...",
        "match a:\n    case [*models]: ...",
        "match a:\n    case {**models}: ...",
        "while a:\n    if b:\n        models = 1",
        "def f():\n    global models\n    models = 1",
        "@(models := f)\ndef g(): ...",
        "def g(a=(models := 1)): ...",
        "type models = int",
        "[models := 1 for a in b]",
        "from django.db import models, router as models",
    ],
)
def test_a_module_that_rebinds_models_is_left_alone(rebinding: str) -> None:
    result = put_class(f"{IMPORT}{rebinding}\n", "Product", MODEL)

    assert result == Cannot("it gives the name models to something else as well")
