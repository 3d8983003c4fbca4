from django.contrib import admin

from measurements.models import Measurement


@admin.register(Measurement)
class MeasurementAdmin(admin.ModelAdmin):
    list_display = ("value", "value_2", "column_3", "unit", "class_value")
    search_fields = ("source_id",)
