from django.db import models


class Oddity(models.Model):
    """One row of a CSV file."""

    # Guess: lengths and digits leave more room than the 2 sample rows needed.
    she_said_hi = models.CharField(max_length=10)
    two_lines = models.CharField(max_length=10)
    import_os = models.CharField(max_length=10)
    class_value = models.CharField(verbose_name="class", max_length=10)
    padded = models.CharField(max_length=10)
    gnp_exe = models.CharField(max_length=10)
    emoji = models.CharField(verbose_name="emoji 😀", max_length=10)
    bei_jing = models.CharField(verbose_name="北京", max_length=10)
    def_init_self = models.CharField(max_length=10)
    s_x_y = models.CharField(verbose_name="%s {{ x }} {% y %}", max_length=10)
    back_slash = models.CharField(max_length=10)
    single = models.CharField(max_length=10)

    class Meta:
        verbose_name_plural = "oddities"

    def __str__(self) -> str:
        return self.she_said_hi
