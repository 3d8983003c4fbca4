"""Which names are those of secrets: the one list for columns, fields, options and logs.

A name is taken apart into words (``apiToken``, ``api_token`` and ``API-Token`` are two
words), and the words say what it is.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that mean a secret wherever they stand, also inside of a longer word. Accents are
# left out, as in the names that are compared with them.
PASSWORDS = _each("""
    password passwort passwd passphrase passcode passkey kennwort losungswort wachtwoord
    contrasena contrasenya motdepasse palavrapasse adgangskode losenord passord salasana
    jelszo lykilord parolad slaptazod credential
    пароль гасло κωδικοςπροσβασης סיסמה كلمةالمرور كلمةالسر
    密码 密碼 口令 パスワード 暗証番号 비밀번호
""")
# Words that mean a secret as a word of their own.
SECRETS = _each("""
    secret secrets token pwd pw pin pincode puk otp totp cvv cvv2 cvc cvc2
    apikey apikeys privatekey secretkey accesskey
    geheimnis geheimzahl secreto segreto senha haslo heslo parola parool sifre mdp kodeord
""")
# Two words, of which each alone means something else.
PAIRS = frozenset(
    (first, second)
    for firsts, seconds in (
        ("api private secret access encryption signing ssh auth master", "key keys"),
        ("security recovery backup", "code codes answer"),
    )
    for first in firsts.split()
    for second in seconds.split()
)
# With one of these words the name is that of a number, a time or a state of a secret.
ABOUT = _each("""
    count counts limit used usage length type number total
    at on date time changed expired expires expiry age
    has is num max min policy required attempts tries
""")
WORD = re.compile(r"[^\W\d_]+\d*|\d+")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Letters that have no form without their stroke.
PLAIN_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "ı": "i", "đ": "d"})


@lru_cache(maxsize=1024)  # A log asks for texts, too, which have no end.
def names_secret(name: str) -> bool:
    """Return whether a name is that of a secret, such as ``Passwort`` or ``api_key``.

    Numbers that are about secrets are none: ``tokens_used``, ``password_changed_at``.

    Args:
        name: The name of a column, a field, an option or an argument.
    """
    words = _words(name)
    if not ABOUT.isdisjoint(words):
        return False
    joined = "".join(words)
    return (
        any(word in joined for word in PASSWORDS)
        or not SECRETS.isdisjoint(words)
        or any(pair in PAIRS for pair in pairwise(words))
    )


def _words(name: str) -> list[str]:
    """Return the words of a name in lower case and without accents."""
    parts = unicodedata.normalize("NFKD", name.translate(PLAIN_LETTERS))
    plain = "".join(char for char in parts if not _is_accent(char))
    text = unicodedata.normalize("NFC", plain)
    return [word.lower() for word in WORD.findall(HUMP.sub(" ", text))]


def _is_accent(mark: str) -> bool:
    """Return whether a mark is an accent of a Latin or Greek letter."""
    return "\u0300" <= mark <= "\u036f"
