from django.contrib import admin

from customers.models import Customer


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ("e_mail", "full_name", "signed_up", "last_seen", "newsletter")
    list_filter = ("newsletter",)
    search_fields = ("e_mail", "full_name")
    date_hierarchy = "signed_up"
