from django.contrib import admin

from rates.models import Rate


@admin.register(Rate)
class RateAdmin(admin.ModelAdmin):
    list_display = ("day", "currency", "rate", "note")
    search_fields = ("currency", "note")
    date_hierarchy = "day"
