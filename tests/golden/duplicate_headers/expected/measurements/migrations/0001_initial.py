from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Measurement",
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
                ("value", models.DecimalField(max_digits=12, decimal_places=3)),
                ("value_2", models.IntegerField()),
                ("column_3", models.CharField(max_length=10, blank=True)),
                ("unit", models.CharField(max_length=10)),
                (
                    "class_value",
                    models.CharField(verbose_name="class", max_length=10, blank=True),
                ),
                ("source_id", models.BigIntegerField(verbose_name="id", unique=True)),
                ("unit_2", models.CharField(max_length=10)),
            ],
        ),
    ]
