from django.apps import AppConfig


class OdditiesConfig(AppConfig):
    name = "oddities"
