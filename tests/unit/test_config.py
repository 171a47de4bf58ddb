"""Settings: a bad one stops the start by name; keys are made once and are private."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lms.config import BadSetting, load_config


def test_without_settings_everything_lies_in_the_instance_folder(tmp_path: Path) -> None:
    config = load_config({"LMS_INSTANCE_PATH": str(tmp_path / "new" / "folder")})
    assert config.database_url == f"sqlite:///{tmp_path}/new/folder/lms.db"
    assert (tmp_path / "new" / "folder").is_dir()


def test_keys_are_made_once_are_private_and_differ(tmp_path: Path) -> None:
    first = load_config({"LMS_INSTANCE_PATH": str(tmp_path)}).keys
    second = load_config({"LMS_INSTANCE_PATH": str(tmp_path)}).keys
    assert first == second and first.session != first.audit and len(first.session) >= 32
    assert [oct(path.stat().st_mode & 0o777) for path in sorted((tmp_path / "keys").iterdir())] == [
        "0o600"
    ] * 2


def test_two_starts_at_once_end_with_one_key(tmp_path: Path) -> None:
    seen: list[bytes] = []
    start = threading.Barrier(8)

    def load() -> None:
        start.wait()
        seen.append(load_config({"LMS_INSTANCE_PATH": str(tmp_path)}).keys.session)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len(set(seen)) == 1
    assert len(list((tmp_path / "keys").iterdir())) == 2


def test_a_key_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    load_config({"LMS_INSTANCE_PATH": str(tmp_path)})
    (tmp_path / "keys" / "session.key").chmod(0o644)
    with pytest.raises(BadSetting, match=r"session\.key can be read by others"):
        load_config({"LMS_INSTANCE_PATH": str(tmp_path)})


def test_secrets_do_not_show_when_a_config_is_printed(tmp_path: Path) -> None:
    config = load_config({
        "LMS_INSTANCE_PATH": str(tmp_path), "LMS_DATABASE_URL": "postgresql://u:hush@db/lms",
        "LMS_MAIL_SERVER": "smtp://u:hush@mail.example", "LMS_MAIL_FROM": "a@b.example",
    })  # fmt: skip
    assert "hush" not in repr(config) and config.keys.session.decode() not in repr(config)


def test_a_missing_driver_is_said_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.config.find_spec", lambda _name: None)
    with pytest.raises(BadSetting, match=r"\[postgres\]"):
        load_config({"LMS_INSTANCE_PATH": str(tmp_path), "LMS_DATABASE_URL": "postgresql://db/lms"})


@pytest.mark.parametrize("given", ["postgres://db/lms", "postgresql://db/lms", "postgresql+psycopg://db/lms"])
def test_a_postgresql_address_names_the_driver(tmp_path: Path, given: str) -> None:
    config = load_config({"LMS_INSTANCE_PATH": str(tmp_path), "LMS_DATABASE_URL": given})
    assert config.database_url == "postgresql+psycopg://db/lms"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_DATABSE_URL", "sqlite:////x.db"),
        ("LMS_DATABASE_URL", "mysql://x"),
        ("LMS_DATABASE_URL", "sqlite:///relative.db"),
        ("LMS_DATABASE_URL", "postgresql://h:abc/db"),
        ("LMS_DATABASE_URL", "postgresql://h:70000/db"),
        ("LMS_DATABASE_URL", "postgresql://[x/db"),
        ("LMS_DATABASE_URL", "postgresql://u@/db?host=a&host=b&port=1"),
        ("LMS_DATABASE_URL", "postgresql://h/db?row_factory=x"),
        ("LMS_DATABASE_URL", "postgresql://h/db?connect_timeout=soon"),
        ("LMS_DATABASE_URL", "sqlite:////x.db?mode=ro"),
        ("LMS_SITE_URL", "https://[x"),
        ("LMS_SITE_URL", "https://x:abc"),
        ("LMS_SITE_URL", "https://:80"),
        ("LMS_SITE_URL", "https://learning example.org"),
        ("LMS_SITE_URL", "https://learning.example.org/\x07"),
        ("LMS_SITE_URL", "learning.example.org"),
        ("LMS_SITE_URL", "ftp://learning.example.org"),
        ("LMS_CONTACT_EMAIL", "nobody"),
        ("LMS_MAIL_SERVER", "mail.example.org"),
        ("LMS_MAIL_SERVER", "smtp://[x"),
        ("LMS_MAIL_SERVER", "smtp://mail.example:abc"),
        ("LMS_MAIL_SERVER", "smtp://mail.example:70000"),
        ("LMS_MAIL_SERVER", "smtp://mail example"),
        ("LMS_OPERATOR_NAME", "Harbor \udcff"),
        ("LMS_CONTACT_EMAIL", "ann\x07@example.org"),
        ("LMS_PROXIES", "9" * 5_000),
        ("LMS_PROXIES", "many"),
        ("LMS_PROXIES", "-1"),
        ("LMS_SESSION_HOURS", "0"),
        ("LMS_LOG_LEVEL", "LOUD"),
        ("LMS_COURSES_PATH", "/no/such/folder"),
        ("LMS_COURSES_PATH", "~nobody-of-this-name/courses"),
        ("LMS_COURSES_PATH", "/" + "x" * 5_000),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name) as told:
        load_config({"LMS_INSTANCE_PATH": str(tmp_path), name: value})
    assert "\n" not in str(told.value) and str(told.value).isprintable()
    assert list(tmp_path.iterdir()) == [], "no keys for a site that does not start"


def test_a_mail_server_needs_a_sender(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="LMS_MAIL_FROM"):
        load_config({"LMS_INSTANCE_PATH": str(tmp_path), "LMS_MAIL_SERVER": "smtp://mail.example"})


def test_the_file_sets_what_the_environment_does_not(tmp_path: Path) -> None:
    (tmp_path / "lms.toml").write_text('session_hours = 3\noperator_name = "Harbor Valley"\n')
    config = load_config({"LMS_INSTANCE_PATH": str(tmp_path), "LMS_SESSION_HOURS": "5"})
    assert (config.session_hours, config.operator_name) == (5, "Harbor Valley")


@pytest.mark.parametrize(
    "text",
    [
        "not toml", "unknown = 1", "proxies = true", "proxies = [1]", "instance_path = 'x'",
        "proxies = " + "9" * 5_000, "proxies = 0x" + "f" * 5_000, "proxies = " + "[" * 5_000,
    ],
)  # fmt: skip
def test_a_bad_file_stops_the_start_and_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "lms.toml").write_text(text)
    with pytest.raises(BadSetting, match=r"lms\.toml"):
        load_config({"LMS_INSTANCE_PATH": str(tmp_path)})


def test_who_only_reads_makes_nothing(tmp_path: Path) -> None:
    for there in (tmp_path / "none", tmp_path):
        with pytest.raises(BadSetting, match=r"There is no site in .*lms serve"):
            load_config({"LMS_INSTANCE_PATH": str(there)}, make=False)
    assert list(tmp_path.iterdir()) == []
    made = load_config({"LMS_INSTANCE_PATH": str(tmp_path)})
    assert load_config({"LMS_INSTANCE_PATH": str(tmp_path)}, make=False) == made


def test_the_demonstration_keeps_to_itself(tmp_path: Path) -> None:
    (tmp_path / "lms.toml").write_text('database_url = "postgresql://real/db"')
    env = {
        "LMS_INSTANCE_PATH": str(tmp_path),
        "LMS_MAIL_SERVER": "smtp://m.example",
        "LMS_MAIL_FROM": "a@b.example",
    }
    config = load_config(env, demo=True)
    assert config.database_url == f"sqlite:///{tmp_path}/demo/lms.db"
    assert config.demo and config.mail_server == ""
    assert load_config({"LMS_INSTANCE_PATH": str(tmp_path)}).keys != config.keys


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (str(tmp_path / "file" / "below"), "~nobody-of-this-name/site", "/" + "x" * 5_000):
        with pytest.raises(BadSetting, match="LMS_INSTANCE_PATH"):
            load_config({"LMS_INSTANCE_PATH": path})
