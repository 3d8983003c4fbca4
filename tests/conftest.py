"""What holds for every test of the template."""

from hypothesis import settings

# The suite shares its machine with itself: slow is not wrong.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
