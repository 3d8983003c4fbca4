from django.contrib import admin

from prices.models import Price


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    list_display = ("artikel", "preis", "menge", "gultig_ab", "rabatt")
    search_fields = ("artikel",)
