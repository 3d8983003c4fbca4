from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Track",
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
                ("time", models.DecimalField(max_digits=12, decimal_places=2)),
                ("x", models.DecimalField(max_digits=12, decimal_places=2)),
                ("y", models.DecimalField(max_digits=12, decimal_places=2)),
                ("column_4", models.CharField(max_length=255, blank=True)),
            ],
        ),
    ]
