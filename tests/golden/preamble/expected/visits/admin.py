from django.contrib import admin

from visits.models import Visit


@admin.register(Visit)
class VisitAdmin(admin.ModelAdmin):
    list_display = ("day", "visitors", "note_if_any")
    search_fields = ("note_if_any",)
    date_hierarchy = "day"
