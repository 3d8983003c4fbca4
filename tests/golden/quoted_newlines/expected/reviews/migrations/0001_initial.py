from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Opinion",
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
                ("review_id", models.BigIntegerField(unique=True)),
                ("text", models.CharField(max_length=100, blank=True)),
                ("stars", models.IntegerField()),
                ("written", models.DateTimeField()),
            ],
        ),
    ]
