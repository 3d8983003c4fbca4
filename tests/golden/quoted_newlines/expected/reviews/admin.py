from django.contrib import admin

from reviews.models import Opinion


@admin.register(Opinion)
class OpinionAdmin(admin.ModelAdmin):
    list_display = ("review_id", "text", "stars", "written")
    search_fields = ("=review_id", "text")
    date_hierarchy = "written"
