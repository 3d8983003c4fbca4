from django.contrib import admin

from contacts.models import Contact


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin):
    list_display = ("customer_no", "phone", "zip", "account", "visits")
    search_fields = ("customer_no", "phone")
