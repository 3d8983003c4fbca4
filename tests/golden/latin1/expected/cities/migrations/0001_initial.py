from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="City",
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
                ("ville", models.CharField(max_length=50)),
                ("region", models.CharField(verbose_name="Région", max_length=50)),
                ("code_postal", models.CharField(max_length=10, unique=True)),
                ("population", models.IntegerField()),
                (
                    "densite",
                    models.DecimalField(
                        verbose_name="Densité", max_digits=12, decimal_places=2
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "cities",
            },
        ),
    ]
