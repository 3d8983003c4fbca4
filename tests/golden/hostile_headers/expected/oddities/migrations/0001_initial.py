from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Oddity",
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
                ("she_said_hi", models.CharField(max_length=10)),
                ("two_lines", models.CharField(max_length=10)),
                ("import_os", models.CharField(max_length=10)),
                ("class_value", models.CharField(verbose_name="class", max_length=10)),
                ("padded", models.CharField(max_length=10)),
                ("gnp_exe", models.CharField(max_length=10)),
                ("emoji", models.CharField(verbose_name="emoji 😀", max_length=10)),
                ("bei_jing", models.CharField(verbose_name="北京", max_length=10)),
                ("def_init_self", models.CharField(max_length=10)),
                (
                    "s_x_y",
                    models.CharField(verbose_name="%s {{ x }} {% y %}", max_length=10),
                ),
                ("back_slash", models.CharField(max_length=10)),
                ("single", models.CharField(max_length=10)),
            ],
            options={
                "verbose_name_plural": "oddities",
            },
        ),
    ]
