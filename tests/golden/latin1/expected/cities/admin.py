from django.contrib import admin

from cities.models import City


@admin.register(City)
class CityAdmin(admin.ModelAdmin):
    list_display = ("ville", "region", "code_postal", "population", "densite")
    search_fields = ("code_postal",)
