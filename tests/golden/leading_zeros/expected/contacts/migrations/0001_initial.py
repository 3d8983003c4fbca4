from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contact",
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
                ("customer_no", models.CharField(max_length=20, unique=True)),
                ("phone", models.CharField(max_length=50, blank=True)),
                ("zip", models.CharField(max_length=10)),
                ("account", models.CharField(max_length=10)),
                ("visits", models.IntegerField()),
            ],
        ),
    ]
