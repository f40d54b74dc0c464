"""What is taken in as a picture, what is refused with which word, and what is left of it."""

import io
import struct
import zlib
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image, ImageCms

from choir_app.foundation import darkroom, pictures
from choir_app.foundation.pictures import PictureFile, PictureRefused, find, path_of, take_in


def a_picture(width: int = 2000, height: int = 1250, *, mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB").convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def opened(name: str, width: int, *, data_folder: Path) -> Image.Image:
    path = path_of(name, width, data_folder=data_folder)
    assert path is not None
    return Image.open(path)


def colour(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = picture.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png_that_says(width: int, height: int, body: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def refusal_of(upload: bytes, *, data_folder: Path) -> str:
    with pytest.raises(PictureRefused) as no:
        take_in(upload, data_folder=data_folder)
    assert no.value.field == "picture"
    shelf = data_folder / "pictures"
    assert not shelf.exists() or list(shelf.iterdir()) == [], "nothing half is left behind"
    return no.value.message


class TestWhatIsKept:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
    def test_the_four_kinds_become_webp_in_three_widths(self, kind: str, tmp_path: Path) -> None:
        picture = take_in(saved(a_picture(), kind), data_folder=tmp_path)
        assert (picture.width, picture.height, picture.widths) == (1600, 1000, (480, 960, 1600))
        for width in picture.widths:
            with opened(picture.name, width, data_folder=tmp_path) as copy:
                assert (copy.format, copy.size) == ("WEBP", (width, width * 10 // 16))

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
    def test_every_way_to_hold_colours(self, mode: str, tmp_path: Path) -> None:
        plain = Image.linear_gradient("L")
        picture = (
            plain.convert("I").point(lambda level: level * 257).convert(mode) if mode == "I;16" else plain
        )
        name = take_in(saved(picture.convert(mode), "PNG"), data_folder=tmp_path).name
        with opened(name, 256, data_folder=tmp_path) as copy:
            dark, bright = (colour(copy, 128, row)[0] for row in (8, 247))
        assert dark < 40 < 215 < bright

    def test_a_small_picture_is_not_blown_up(self, tmp_path: Path) -> None:
        assert take_in(saved(a_picture(700, 400)), data_folder=tmp_path).widths == (480, 700)
        assert take_in(saved(a_picture(480, 300)), data_folder=tmp_path).widths == (480,)
        assert take_in(saved(a_picture(1, 1), "PNG"), data_folder=tmp_path).widths == (1,)

    def test_the_same_upload_twice_is_one_picture(self, tmp_path: Path) -> None:
        upload = saved(a_picture())
        first, second = (take_in(upload, data_folder=tmp_path) for _time in range(2))
        assert first == second
        assert len(list((tmp_path / "pictures").iterdir())) == 1

    def test_the_same_upload_at_the_same_moment_is_one_picture(self, tmp_path: Path) -> None:
        upload, answers = saved(a_picture(600, 400)), []
        at_once = [
            Thread(target=lambda: answers.append(take_in(upload, data_folder=tmp_path))) for _time in range(4)
        ]
        for thread in at_once:
            thread.start()
        for thread in at_once:
            thread.join()
        assert len(answers) == 4
        assert len(set(answers)) == 1
        assert [path.name for path in (tmp_path / "pictures").iterdir()] == [answers[0].name]

    def test_what_was_transparent_is_white(self, tmp_path: Path) -> None:
        glass = Image.new("RGBA", (64, 64), (200, 0, 0, 0))
        name = take_in(saved(glass, "PNG"), data_folder=tmp_path).name
        with opened(name, 64, data_folder=tmp_path) as copy:
            assert copy.mode == "RGB"
            assert min(colour(copy, 32, 32)) > 250

    def test_a_picture_that_lies_on_its_side_is_turned(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        lying = Image.new("RGB", (1000, 400), "white")
        lying.paste("black", (0, 0, 300, 400))
        picture = take_in(saved(lying, exif=exif.tobytes()), data_folder=tmp_path)
        assert (picture.width, picture.height) == (400, 1000)
        with opened(picture.name, 400, data_folder=tmp_path) as copy:
            assert max(colour(copy, 200, 100)) < 20
            assert min(colour(copy, 200, 900)) > 235

    def test_where_and_by_whom_it_was_taken_is_gone(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = "a secret word", "a photographer"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (65.0, 49.0, 30.0)
        upload = saved(a_picture(), exif=exif.tobytes(), comment=b"a secret word")
        assert Image.open(io.BytesIO(upload)).getexif().get_ifd(0x8825)
        picture = take_in(upload, data_folder=tmp_path)
        for width in picture.widths:
            path = path_of(picture.name, width, data_folder=tmp_path)
            assert path is not None
            assert b"secret" not in path.read_bytes()
            with Image.open(path) as copy:
                assert not dict(copy.getexif())
                assert not {"exif", "xmp", "icc_profile", "comment"} & set(copy.info)

    def test_colours_are_brought_to_srgb(self, tmp_path: Path) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        misfit = saved(Image.new("RGB", (64, 64), (180, 40, 40)), "PNG", icc_profile=profile.tobytes())
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        fitting = saved(Image.new("RGB", (64, 64), (180, 40, 40)), "PNG", icc_profile=srgb)
        nonsense = saved(Image.new("RGB", (64, 64), (180, 40, 40)), "PNG", icc_profile=b"nonsense")
        for upload in (misfit, fitting, nonsense):
            name = take_in(upload, data_folder=tmp_path).name
            with opened(name, 64, data_folder=tmp_path) as copy:
                assert all(abs(a - b) < 6 for a, b in zip(colour(copy, 9, 9), (180, 40, 40), strict=True))
                assert "icc_profile" not in copy.info

    def test_a_moving_picture_stands_still(self, tmp_path: Path) -> None:
        frames = [Image.new("RGB", (90, 90), colour) for colour in ("red", "green", "blue")]
        moving = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
        name = take_in(moving, data_folder=tmp_path).name
        with opened(name, 90, data_folder=tmp_path) as copy:
            assert getattr(copy, "n_frames", 1) == 1

    def test_what_hides_behind_the_picture_is_gone(self, tmp_path: Path) -> None:
        polyglot = saved(a_picture(300, 200)) + b"<script>alert(1)</script>PK\x03\x04"
        name = take_in(polyglot, data_folder=tmp_path).name
        path = path_of(name, 300, data_folder=tmp_path)
        assert path is not None
        assert b"script" not in path.read_bytes()


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("upload", "word"),
        [
            pytest.param(b"", "tom", id="empty"),
            pytest.param(b"hello", "ingen bild", id="text"),
            pytest.param(b"%PDF-1.7 ...", "ingen bild", id="pdf"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ingen bild", id="svg"),
            pytest.param(b"<!doctype html><script>1</script>", "ingen bild", id="html"),
            pytest.param(b"GIF89a" + bytes(40), "ingen bild", id="gif"),
            pytest.param(b"BM" + bytes(60), "ingen bild", id="bmp"),
            pytest.param(b"MZ" + bytes(60), "ingen bild", id="program"),
            pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC", id="heic"),
            pytest.param(b"\xff\xd8\xff", "inte hel", id="only the first bytes of a JPEG"),
            pytest.param(b"\x89PNG\r\n\x1a\n", "inte hel", id="only the first bytes of a PNG"),
            pytest.param(b"RIFF\x04\0\0\0WEBP", "inte hel", id="only the first bytes of a WebP"),
            pytest.param(b"RIFF\x20\0\0\0WEBPVP8X" + bytes(20), "inte hel", id="a WebP of zeros"),
            pytest.param(b"\0\0\0\x1cftypavif" + bytes(20), "inte hel", id="an AVIF of zeros"),
            pytest.param(b"\xff\xd8\xff\xe0" + b"<script>" * 90, "inte hel", id="HTML with a JPEG's head"),
            pytest.param(a_png_that_says(10_000, 10_000), "100 miljoner", id="100 megapixels"),
            pytest.param(
                a_png_that_says(2**31 - 1, 2**31 - 1), "miljoner", id="as large as a header can say"
            ),
            pytest.param(a_png_that_says(0, 10), "inte hel", id="no width"),
            pytest.param(a_png_that_says(8000, 20), "lång och smal", id="a ribbon"),
            pytest.param(a_png_that_says(900, 900), "inte hel", id="no pixels behind the header"),
        ],
    )
    def test_with_a_word_that_says_what_to_do(self, upload: bytes, word: str, tmp_path: Path) -> None:
        message = refusal_of(upload, data_folder=tmp_path)
        assert word in message
        assert message.endswith(".")

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
    def test_a_picture_cut_off_in_the_middle(self, kind: str, tmp_path: Path) -> None:
        whole = saved(Image.effect_noise((400, 300), 80), kind)
        assert "inte hel" in refusal_of(whole[: len(whole) // 2], data_folder=tmp_path)

    def test_a_small_file_that_would_fill_the_memory(self, tmp_path: Path) -> None:
        bomb = a_png_that_says(30_000, 30_000, bytes(30_000 * 100))
        assert len(bomb) < 10_000
        assert "900 miljoner" in refusal_of(bomb, data_folder=tmp_path)

    def test_a_webp_canvas_larger_than_its_picture(self, tmp_path: Path) -> None:
        inner = saved(a_picture(16, 16), "WEBP")[12:]
        canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (16_382).to_bytes(3, "little") * 2
        body = b"WEBP" + canvas + inner
        assert "269 miljoner" in refusal_of(
            b"RIFF" + struct.pack("<I", len(body)) + body, data_folder=tmp_path
        )

    def test_a_picture_whose_text_swells(self, tmp_path: Path) -> None:
        swollen = chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(300_000_000), 9))
        sound = saved(a_picture(20, 20), "PNG")
        assert "inte hel" in refusal_of(sound[:33] + swollen + sound[33:], data_folder=tmp_path)

    def test_a_file_that_is_too_heavy(self, tmp_path: Path) -> None:
        message = refusal_of(b"\xff\xd8\xff" + bytes(pictures.MOST_BYTES), data_folder=tmp_path)
        assert "21 MB" in message
        assert "högst 20 MB" in message

    def test_one_that_takes_too_long(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pictures, "_SECONDS", 0.001)
        assert "för tung" in refusal_of(saved(a_picture()), data_folder=tmp_path)

    def test_one_that_the_darkroom_dies_of(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        dying = tmp_path / "dying.py"
        dying.write_text("import os\nos.abort()\n")
        monkeypatch.setattr(darkroom, "__file__", str(dying))
        assert "för tung" in refusal_of(saved(a_picture()), data_folder=tmp_path)

    def test_the_name_of_the_field_is_the_callers(self, tmp_path: Path) -> None:
        with pytest.raises(PictureRefused) as no:
            take_in(b"", data_folder=tmp_path, field="door_picture")
        assert no.value.field == "door_picture"


class TestTheDarkroom:
    def test_knows_no_secrets(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        telling = tmp_path / "telling.py"
        telling.write_text(
            "import os, json, sys\nopen(sys.argv[2] + '/480.webp', 'w').write(json.dumps(dict(os.environ)))\n"
            "print(json.dumps({'width': 480, 'height': 1, 'widths': [480]}))\n"
        )
        monkeypatch.setattr(darkroom, "__file__", str(telling))
        monkeypatch.setenv("SECRET_KEY", "hush")
        picture = take_in(saved(a_picture()), data_folder=tmp_path)
        path = path_of(picture.name, 480, data_folder=tmp_path)
        assert path is not None
        assert "hush" not in path.read_text()

    def test_looks_at_the_size_before_it_opens_a_webp(self) -> None:
        with pytest.raises(darkroom.Unfit, match="pixels"):
            darkroom.develop(
                b"RIFF\x20\0\0\0WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\xff" * 2,
                kind="WEBP",
                folder=Path(),
            )

    @pytest.mark.parametrize("lossless", [True, False])
    @pytest.mark.parametrize("mode", ["RGB", "RGBA"])
    def test_reads_the_canvas_as_pillow_does(self, lossless: bool, mode: str) -> None:
        picture = a_picture(333, 77).convert(mode)
        if mode == "RGBA":
            picture.putalpha(100)
        upload = saved(picture, "WEBP", lossless=lossless)
        assert darkroom._webp_canvas(upload) == (333, 77)


class TestReadingBack:
    def test_by_name(self, tmp_path: Path) -> None:
        picture = take_in(saved(a_picture(1200, 900)), data_folder=tmp_path)
        assert find(picture.name, data_folder=tmp_path) == picture == PictureFile(picture.name, 1200, 900)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "..",
            "../../etc/passwd",
            "/etc/passwd",
            "0" * 32,
            "0" * 31 + "\n",
            "A" * 32,
            "٠" * 32,
            "a\0" * 16,
        ],
    )
    def test_any_text_may_be_asked_for(self, name: str, tmp_path: Path) -> None:
        take_in(saved(a_picture(200, 100)), data_folder=tmp_path)
        assert find(name, data_folder=tmp_path) is None
        assert path_of(name, 480, data_folder=tmp_path) is None

    def test_a_width_that_is_not_kept(self, tmp_path: Path) -> None:
        picture = take_in(saved(a_picture(200, 100)), data_folder=tmp_path)
        assert path_of(picture.name, 201, data_folder=tmp_path) is None
        assert path_of(picture.name, -1, data_folder=tmp_path) is None

    def test_a_half_made_picture_is_not_found(self, tmp_path: Path) -> None:
        (tmp_path / "pictures" / ("a" * 32)).mkdir(parents=True)
        assert find("a" * 32, data_folder=tmp_path) is None


class TestOnAPage:
    picture = PictureFile("a" * 32, 1600, 1000)

    def test_the_browser_chooses_the_width(self) -> None:
        srcset = self.picture.srcset(lambda name, width: f"/bilder/{name[:2]}/{width}.webp")
        assert srcset == "/bilder/aa/480.webp 480w, /bilder/aa/960.webp 960w, /bilder/aa/1600.webp 1600w"

    def test_one_width_for_who_cannot_choose(self) -> None:
        assert [self.picture.width_nearest(wanted) for wanted in (1, 480, 481, 1200, 9999)] == [
            480,
            480,
            960,
            1600,
            1600,
        ]
        assert self.picture.height_at(960) == 600
