"""Bad input of our own making: what hostile, hurried and unlucky people send.

Corpora that nobody here wrote belong to a benchmark; these are few enough to be sent to every field.
"""

import struct
import zlib
from functools import cache

TAG = "<x-kanin onmouseover=alert(1)>"
"""What must never be found on a page as it was typed."""

LONG = 100_000

WORDS: tuple[str | bytes, ...] = (
    "",
    "   \t ",
    "\u00a0\u2003\u3000",
    "a\x00b",
    b"a%ED%A0%80b",  # half of a surrogate pair
    b"a%FF%FEb",
    b"a%ZZ%",
    "\ufeffmed bom",
    "\u202eevil\u202c",
    "\u2067\u200f\u05d0\u05d1\u2069",
    "a\u200bb\u200d\u2060c",
    "e\u0301\u0323",
    "Z" + "\u0315\u0300" * 15,
    "Z" + "\u0315\u0300" * 3_000,
    "\u1e9b\u0323",
    "\ufdfa" * 40,
    "👩‍👩‍👧‍👦🏳️‍🌈🇸🇪",
    "\U0010fffd\U000e0041",
    "\uffff",
    "Ａmina Ünïcodé Иван 李明 أمينة עמית ሃና",
    "İıŞşß",
    "å" * LONG,
    "a" * LONG,
    "a" * 121,
    TAG,
    f"\"'>{TAG}",
    "<script>alert(1)</script>",
    "</textarea></script><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1)) ![b](data:text/html,x) <javascript:alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;amp; &#0;",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    "%s %d %n %(name)s %(x",
    "{0} {name} {",
    "'; DROP TABLE accounts; --",
    '" OR 1=1 --',
    "\\",
    "%' ESCAPE '_",
    "a\r\nSet-Cookie: x=1\r\n\r\nb",
    "a\nBcc: alla@example.org",
    "../../../../etc/passwd",
    "C:\\CON.txt",
    "=1+1;@SUM(A1)",
    "0",
    "-1",
    "null",
    "1e309",
    "NaN",
    "y",
    "http://[::1",
    "https://\u2064@exempel.se:99999/ö",
    "850709-9805",
    "19850709 9805",
)
"""What is typed where words are asked for; bytes are sent exactly as they stand, already made for an address."""

NUMBERS = (
    "",
    "-0",
    "-1",
    "00000000000000000012",
    "1.250",
    "1,5",
    "1e3",
    "1e309",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "9" * 20,
    "9" * 5_000,
    "-" + "9" * 20,
    "10000000000",
    "9999999999999999,99",
    "١٢٣",
    "１２",
    "²",
    "Ⅻ",
    "twelve",
    "12\x00",
    "12; DROP",
    TAG,
)
DAYS = (
    "",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-13-01",
    "1900-01-01",
    "2100-12-31",
    "1990-01-01",
    "20260616",
    "2026-W25-2",
    "2026-06-16T18:00+99:99",
    "16/6",
    "i morgon",
    "٢٠٢٦-٠٦-١٦",
    "2026-06-16\x00",
    "T" * 50_000,
    TAG,
)
HOURS = ("", "24:00", "25.61", "-1:00", "1", "99999", "18:00:00.5", "١٨:٠٠", "kl 18", "1" * 5_000, TAG)
CHOICES = (
    "",
    "0",
    "None",
    "finns-inte",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff ",
    "a\x00b",
    "administrator",
    "'; --",
    "å" * 5_000,
    TAG,
)

JUNK = (
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    1e308,
    "",
    "a",
    "a\x00b",
    "\ud800",
    "e\u0301" * 50,
    "Z" + "\u0315\u0300" * 3_000,
    "å" * 20_000,
    "850709-9805",
    TAG,
    [],
    [[[[]]]],
    {},
    {"$gt": ""},
    "2026-02-30T18:00Z",
    "9999-12-31T23:59:59+00:01",
    "2026-06-16T18:00:00Z",
    "00000000-0000-0000-0000-000000000000",
)
"""Values of JSON for every key of the wire."""


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A grey PNG that says it is so wide and so high; with fewer `rows` it ends too early."""

    def piece(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    shrinker = zlib.compressobj(9)
    row = b"\x00" + b"\x80" * width
    body = (
        b"".join(shrinker.compress(row) for _ in range(height if rows is None else rows)) + shrinker.flush()
    )
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", body) + piece(b"IEND", b"")


@cache  # a hundred megapixels take a while to shrink
def files() -> dict[str, tuple[str, bytes]]:
    """Files that are no pictures, or none that one wants; by what is wrong: name and content."""
    return {
        "empty": ("tom.png", b""),
        "words": ("bild.jpg", b"Det var en gang en gryta."),
        "a page": ("bild.png", b"<!doctype html><script>alert(1)</script>"),
        "a drawing": ("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        "a head alone": ("bild.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
        "a torn one": ("bild.png", png(2_000, 2_000, rows=3)),
        "a lying head": (
            "bild.png",
            png(10, 10).replace(struct.pack(">II", 10, 10), struct.pack(">II", 60_000, 60_000)),
        ),
        "a hundred megapixels": ("bild.png", png(10_000, 10_000)),
        "a thread": ("bild.png", png(4_000, 1)),
        "a nasty name": ("../../\x01\u202egnp.\"'<x-kanin>;\r\nX: y" + "å" * 300 + ".png", b"GIF89a"),
    }
