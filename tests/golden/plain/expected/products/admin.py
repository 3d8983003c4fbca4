from django.contrib import admin

from products.models import Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("sku", "name", "price", "quantity", "active")
    list_filter = ("active",)
    search_fields = ("sku", "name")
