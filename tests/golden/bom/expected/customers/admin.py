from django.contrib import admin

from customers.models import Customer


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ("e_mail", "full_name", "signed_up", "last_seen", "newsletter")
    search_fields = ("e_mail",)
