from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Rate",
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
                ("currency", models.CharField(max_length=10)),
                ("rate", models.DecimalField(max_digits=12, decimal_places=6)),
                ("note", models.CharField(max_length=20, blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "currency"), name="unique_rates_rates"
                    ),
                ],
            },
        ),
    ]
