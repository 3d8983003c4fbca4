from django.contrib import admin

from trips.models import Trip


@admin.register(Trip)
class TripAdmin(admin.ModelAdmin):
    list_display = ("day", "purpose", "travel_rail", "travel_air", "total")
    search_fields = ("purpose",)
    date_hierarchy = "day"
