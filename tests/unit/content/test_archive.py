"""A zip of a course: out and in byte for byte, and nothing else comes in."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content import archive
from lms.content.archive import pack, unpack
from lms.content.reader import MAX_BYTES, MAX_FILES

FILES = {
    "course.md": b"---\r\nkey: x\n---\n\xef\xbb\xbf",
    "1-why/1-\u00e9cole.md": "é".encode("latin-1"),
    "1-why/images/a.png": bytes(range(256)),
    "local.md": b"",
}


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as made:
        for name, data in entries:
            made.writestr(name, data)
    return buffer.getvalue()


def codes(data: bytes) -> list[tuple[str, str]]:
    return [(each.file, each.code) for each in unpack(data).problems]


def test_what_goes_out_comes_in_byte_for_byte() -> None:
    data = pack(FILES)
    assert unpack(data) == archive.SourceFiles(FILES)
    assert pack(dict(reversed(FILES.items()))) == data


@given(
    st.dictionaries(
        st.from_regex(r"[1-9]-[a-z\u00e0-\u00ff]{1,9}(/[1-9]-[a-z ]{0,9}\.md)?", fullmatch=True),
        st.binary(max_size=300),
        max_size=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_files_come_back(files: dict[str, bytes]) -> None:
    folders = {path.split("/")[0] for path in files if "/" in path}
    files = {path: data for path, data in files.items() if path not in folders}
    assert unpack(pack(files)).files == files


def test_one_folder_around_everything_is_taken_off() -> None:
    wrapped = {f"my course/{path}": data for path, data in FILES.items()}
    assert unpack(pack(wrapped)).files == FILES
    assert unpack(pack({"a/b.md": b"x"})).files == {"a/b.md": b"x"}
    assert unpack(pack({"a/course.md": b"x", "b.md": b""})).files == {"a/course.md": b"x", "b.md": b""}


def test_folders_hidden_names_and_what_a_mac_adds_are_passed_over() -> None:
    data = zipped(
        ("course/", b""),
        ("course/course.md", b"x"),
        ("course/.DS_Store", b"x"),
        ("course/.git/config", b"x"),
        ("__MACOSX/course/._course.md", b"x"),
        ("course/README.md", b"x"),
    )
    assert unpack(data) == archive.SourceFiles({"course.md": b"x"})


@pytest.mark.parametrize(
    "name",
    [
        "../evil.md",
        "a/../../evil.md",
        "/etc/passwd",
        "//server/x.md",
        "a//b.md",
        "./a.md",
        "C:/x.md",
        "C:\\x.md",
        "..\\evil.md",
        "a\\b.md",
        "a\nb.md",
        "a\x1bb.md",
        "a?.md",
        "a\u202emd.exe",
        "x" * 251,
        "a/b/c/d/e/f/g.md",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    found = unpack(zipped((name, b"x"), ("course.md", b"y")))
    assert found.files == {"course.md": b"y"}
    assert [each.code for each in found.problems] == ["file-place"]
    assert found.problems[0].file.isprintable()


def test_a_name_that_hides_its_end_behind_a_nul_is_refused() -> None:
    data = zipped(("a.mdX.exe", b"x")).replace(b"a.mdX.exe", b"a.md\x00.exe")
    found = unpack(data)
    assert found.files == {}
    assert [each.code for each in found.problems] == ["file-place"]


def test_links_and_devices_are_refused() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK):
        entry = zipfile.ZipInfo("course.md")
        entry.create_system = 3
        entry.external_attr = (kind | 0o777) << 16
        assert codes(zipped((entry, b"/etc/passwd"))) == [("course.md", "file-place")]


def test_names_in_utf_8_are_read_even_when_the_archive_does_not_say_so() -> None:
    data = zipped(("1-\u00e9.md", b"x"))
    unsaid = _without_flag(data, 0x800)
    assert unpack(unsaid).files == {"1-\u00e9.md": b"x"}
    assert unpack(zipped(("1-e\u0301.md", b"x"))).files == {"1-\u00e9.md": b"x"}


def test_names_in_another_code_page_are_not_guessed() -> None:
    data = _without_flag(zipped(("1-\u00e9.md", b"x")), 0x800).replace("\u00e9".encode(), b"\x82\x82")
    assert [code for _, code in codes(data)] == ["file-place"]


def _without_flag(data: bytes, flag: int) -> bytes:
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", changed, at + offset)
            struct.pack_into("<H", changed, at + offset, flags & ~flag)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def test_two_files_that_are_one_on_some_systems_are_refused() -> None:
    for other in ("Course.md", "COURSE.MD", "course.md"):
        with pytest.warns(UserWarning) if other == "course.md" else _nothing():
            data = zipped(("course.md", b"1"), (other, b"2"))
        found = unpack(data)
        assert found.files == {"course.md": b"1"}
        assert [each.code for each in found.problems] == ["file-place"]


class _nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


# ── Size ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_has_a_size() -> None:
    assert codes(zipped(("a.md", b"x" * MAX_BYTES))) == []
    found = unpack(zipped(("a.md", b"x" * (MAX_BYTES + 1)), ("b.md", b"x")))
    assert list(found.files) == ["b.md"]
    assert [(each.file, each.code) for each in found.problems] == [("a.md", "file-large")]


def test_a_bomb_is_stopped_while_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1_000_000)
    data = zipped(*((f"{n}.md", b"\x00" * 400_000) for n in range(1, 50)))
    assert len(data) < 40_000
    found = unpack(data)
    assert [each.code for each in found.problems] == ["course-large"]
    assert sum(map(len, found.files.values())) <= 1_000_000


def test_a_size_that_the_archive_lies_about_is_counted_all_the_same() -> None:
    data = zipped(("a.md", b"\x00" * (MAX_BYTES + 100_000)))
    lying = data.replace(struct.pack("<I", MAX_BYTES + 100_000), struct.pack("<I", 10))
    found = unpack(lying)
    assert found.files.get("a.md", b"") != b"\x00" * (MAX_BYTES + 100_000)
    assert [each.file for each in found.problems] == ["a.md"]


def test_a_course_has_so_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    many = pack({f"{n}.md": b"" for n in range(MAX_FILES + 1)})
    found = unpack(many)
    assert len(found.files) == MAX_FILES
    assert [each.code for each in found.problems] == ["course-large"]
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    assert [code for _, code in codes(pack({f"{n}.md": b"" for n in range(7)}))] == ["course-large"]


def test_a_large_archive_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ARCHIVE", 100)
    assert codes(b"x" * 100) == [("course.zip", "file-place")]
    assert codes(b"x" * 101) == [("course.zip", "course-large")]


# ── Damage ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_no_zip_is_said_to_be_none() -> None:
    for data in (b"", b"PK", b"%PDF-1.7", b"PK\x05\x06" + b"\x00" * 17, pack(FILES)[:-30]):
        assert codes(data) == [("course.zip", "file-place")]
    assert unpack(b"", "kurs.zip").problems[0].file == "kurs.zip"


def test_a_locked_or_oddly_packed_file_is_refused() -> None:
    assert codes(_with_flag(pack({"a.md": b"x"}))) == [("a.md", "file-place")]
    assert codes(zipped(("a.md", b"x" * 99), kind=zipfile.ZIP_LZMA)) == [("a.md", "file-place")]
    assert codes(zipped(("a.md", b"x" * 99), kind=zipfile.ZIP_STORED)) == []


def _with_flag(data: bytes) -> bytes:
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.find(mark) + offset] |= 1
    return bytes(changed)


def test_a_damaged_archive_never_raises_and_gives_no_wrong_byte() -> None:
    whole = pack(FILES)
    chance = random.Random(5)
    for _ in range(1_500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found = unpack(bytes(data))
        for path, content in found.files.items():
            if path in FILES and content != FILES[path]:
                pytest.fail(f"{path} came in changed")
