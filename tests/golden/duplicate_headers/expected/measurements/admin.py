from django.contrib import admin

from measurements.models import Measurement


@admin.register(Measurement)
class MeasurementAdmin(admin.ModelAdmin):
    list_display = ("source_id", "value", "value_2", "column_3", "unit")
    search_fields = ("=source_id", "column_3")
