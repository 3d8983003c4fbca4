from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Town",
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
                ("gorod", models.CharField(verbose_name="Город", max_length=20)),
                ("naselenie", models.IntegerField(verbose_name="Население")),
                ("oblast", models.CharField(verbose_name="Область", max_length=20)),
            ],
        ),
    ]
