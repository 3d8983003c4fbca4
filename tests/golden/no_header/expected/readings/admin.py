from django.contrib import admin

from readings.models import Reading


@admin.register(Reading)
class ReadingAdmin(admin.ModelAdmin):
    list_display = ("column_1", "column_2", "column_3", "column_4")
    search_fields = ("column_4",)
