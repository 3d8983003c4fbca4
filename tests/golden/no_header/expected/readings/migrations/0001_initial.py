from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Reading",
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
                ("column_1", models.IntegerField()),
                ("column_2", models.TimeField()),
                ("column_3", models.FloatField()),
                ("column_4", models.CharField(max_length=10)),
            ],
        ),
    ]
