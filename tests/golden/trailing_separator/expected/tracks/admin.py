from django.contrib import admin

from tracks.models import Track


@admin.register(Track)
class TrackAdmin(admin.ModelAdmin):
    list_display = ("time", "x", "y", "column_4")
    search_fields = ("column_4",)
