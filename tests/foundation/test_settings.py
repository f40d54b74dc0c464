"""Settings: every one has a default, and a wrong one is named in one sentence."""

from pathlib import Path

import pytest

from choir_app.foundation.settings import WrongSetting, read_settings


def given(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"CHOIR_DATA_DIR": str(tmp_path), **more}


def test_nothing_given_is_enough(tmp_path: Path) -> None:
    settings = read_settings(given(tmp_path))
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 8000, "sv")
    assert settings.database_url.endswith("choir.sqlite3")
    assert settings.demo
    assert not settings.demo_is_asked_for
    assert settings.mail.host is None


def test_the_secret_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = read_settings(given(tmp_path)).secret_key
    assert len(first) >= 32
    assert read_settings(given(tmp_path)).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("host", "asked", "demo"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("localhost", "", True),
        ("0.0.0.0", "", False),  # noqa: S104 - a setting, not a server
        ("0.0.0.0", "1", True),  # noqa: S104 - likewise
        ("127.0.0.1", "0", False),
    ],
)
def test_the_demo_comes_by_itself_only_on_a_loopback_address(
    tmp_path: Path, host: str, asked: str, demo: bool
) -> None:
    assert read_settings(given(tmp_path, HOST=host, CHOIR_DEMO=asked)).demo is demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHOIR_CONTACT", "nobody"),
        ("CHOIR_CONTACT", 'a@b"><script>'),
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "²"),
        ("WORKERS", "-1"),
        ("CHOIR_DEMO", "yes"),
        ("CHOIR_LANGUAGE", "xx"),
        ("CHOIR_URL", "choir.example.org"),
        ("DATABASE_URL", "mysql://somewhere"),
        ("SECRET_KEY", "short"),
        ("SMTP_PORT", "mail"),
        ("SMTP_SECURITY", "ssl3"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read_settings(given(tmp_path, **{name: value}))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongSetting, match="CHOIR_DATA_DIR"):
        read_settings({"CHOIR_DATA_DIR": str(tmp_path / "file" / "below")})


@pytest.mark.parametrize("beginning", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_way_of_writing_postgresql_is_understood(tmp_path: Path, beginning: str) -> None:
    assert (
        read_settings(given(tmp_path, DATABASE_URL=f"{beginning}u@h/n")).database_url
        == "postgresql+psycopg://u@h/n"
    )
