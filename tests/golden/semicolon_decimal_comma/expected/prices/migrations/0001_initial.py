from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Price",
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
                ("artikel", models.CharField(max_length=50)),
                ("preis", models.DecimalField(max_digits=12, decimal_places=2)),
                ("menge", models.IntegerField(null=True, blank=True)),
                ("gultig_ab", models.DateField(verbose_name="Gültig ab")),
                (
                    "rabatt",
                    models.DecimalField(
                        max_digits=12, decimal_places=2, null=True, blank=True
                    ),
                ),
                ("lieferbar", models.BooleanField()),
            ],
        ),
    ]
