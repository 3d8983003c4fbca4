from django.contrib import admin

from warehouse.models import Supplier


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin):
    list_display = ("name", "country", "since", "rating")
    search_fields = ("name",)
    date_hierarchy = "since"
