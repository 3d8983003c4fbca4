from django.contrib import admin

from oddities.models import Oddity


@admin.register(Oddity)
class OddityAdmin(admin.ModelAdmin):
    list_display = ("she_said_hi", "two_lines", "import_os", "class_value", "padded")
    search_fields = ("she_said_hi",)
