from django.contrib import admin

from cities.models import City


@admin.register(City)
class CityAdmin(admin.ModelAdmin):
    list_display = ("code_postal", "ville", "region", "population", "densite")
    search_fields = ("code_postal", "ville")
