from django.contrib import admin

from towns.models import Town


@admin.register(Town)
class TownAdmin(admin.ModelAdmin):
    list_display = ("column_1", "column_2", "column_3")
    search_fields = ("column_1",)
