"""Names of secrets are told from names that only contain their letters."""

import pytest

from importkit.secret_names import names_secret

SECRETS = [
    "password",
    "Passwort",
    "userPassword",
    "PASSWORD_HASH",
    "passwd",
    "pwd",
    "API-Key",
    "apiKey",
    "api_keys",
    "APIToken",
    "private_key",
    "AccessKey",
    "client_secret",
    "token",
    "auth_token",
    "PIN",
    "Pin-Code",
    "cvv",
    "CVV2",
    "otp",
    "Contraseña",
    "Hasło",
    "Lösenord",
    "Şifre",
    "Senha",
    "Heslo",
    "Пароль",
    "密码",
    "パスワード",
    "비밀번호",
    "wachtwoord",
    "adgangskode",
]
OTHERS = [
    "tokens",
    "tokens_used",
    "token_count",
    "secretary",
    "password_changed_at",
    "has_password",
    "pinned",
    "spin",
    "passenger",
    "passport",
    "author",
    "monkey",
    "keyboard",
    "primary_key",
    "key",
    "compass",
    "tokenized",
    "iban",
    "passed",
]


@pytest.mark.parametrize(
    "name", [*SECRETS, "Mot de passe", "private key", "Security code", "mot-de-passe"]
)
def test_a_name_of_a_secret_is_one_in_every_spelling_and_language(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize("name", [*OTHERS, "", "Date of the password", "secret count"])
def test_a_name_about_a_secret_or_with_its_letters_is_none(name: str) -> None:
    assert not names_secret(name)
