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
                ("column_1", models.CharField(max_length=20)),
                ("column_2", models.IntegerField()),
                ("column_3", models.CharField(max_length=20)),
            ],
        ),
    ]
