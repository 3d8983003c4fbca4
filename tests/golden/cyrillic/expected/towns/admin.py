from django.contrib import admin

from towns.models import Town


@admin.register(Town)
class TownAdmin(admin.ModelAdmin):
    list_display = ("gorod", "naselenie", "oblast")
    search_fields = ("gorod",)
