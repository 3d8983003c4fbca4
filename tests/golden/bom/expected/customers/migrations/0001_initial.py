from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("e_mail", models.EmailField(unique=True)),
                ("full_name", models.CharField(max_length=20)),
                ("signed_up", models.DateTimeField()),
                ("last_seen", models.TimeField(null=True, blank=True)),
                ("newsletter", models.BooleanField()),
                ("access_token", models.CharField(max_length=10, blank=True)),
            ],
        ),
    ]
