from django.contrib import admin

from prices.models import Price


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    list_display = ("artikel", "preis", "menge", "gultig_ab", "rabatt")
    list_filter = ("lieferbar",)
    search_fields = ("artikel",)
    date_hierarchy = "gultig_ab"
