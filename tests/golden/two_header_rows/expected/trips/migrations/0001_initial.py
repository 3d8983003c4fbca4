from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Trip",
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
                ("day", models.DateField()),
                ("purpose", models.CharField(max_length=10)),
                (
                    "travel_rail",
                    models.DecimalField(
                        max_digits=12, decimal_places=2, null=True, blank=True
                    ),
                ),
                (
                    "travel_air",
                    models.DecimalField(
                        max_digits=12, decimal_places=2, null=True, blank=True
                    ),
                ),
                ("total", models.DecimalField(max_digits=12, decimal_places=2)),
            ],
        ),
    ]
