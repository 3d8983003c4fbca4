from django.contrib import admin

from parts.models import Part


@admin.register(Part)
class PartAdmin(admin.ModelAdmin):
    list_display = ("part", "price", "maker")
    search_fields = ("part",)
