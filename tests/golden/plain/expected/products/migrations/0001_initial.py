from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Product",
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
                ("sku", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=50)),
                ("price", models.DecimalField(max_digits=12, decimal_places=2)),
                ("quantity", models.IntegerField()),
                ("active", models.BooleanField()),
                ("created", models.DateField(null=True, blank=True)),
            ],
        ),
    ]
