"""What is taken in as a picture, what is refused with which word, and what is left of it."""

import io
import struct
import zlib
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image, ImageCms

from choir_app.foundation import darkroom, pictures
from choir_app.foundation.pictures import (
    PictureFile,
    PictureRefused,
    crop,
    find,
    path_of,
    path_of_copy,
    take_in,
)


def a_picture(width: int = 2000, height: int = 1250, *, mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB").convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def opened(name: str, copy: int | str, *, data_folder: Path) -> Image.Image:
    """One copy of a kept picture, by its width or by what it is called."""
    path = path_of_copy(name, f"{copy}.webp" if isinstance(copy, int) else copy, data_folder=data_folder)
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
    def test_the_four_kinds_become_webp_and_avif_in_three_widths(self, kind: str, tmp_path: Path) -> None:
        picture = take_in(saved(a_picture(), kind), data_folder=tmp_path)
        assert (picture.width, picture.height, picture.widths) == (1600, 1000, (480, 960, 1600))
        for width in picture.widths:
            for ending in ("webp", "avif"):
                with opened(picture.name, f"{width}.{ending}", data_folder=tmp_path) as copy:
                    assert (copy.format, copy.size) == (ending.upper(), (width, width * 10 // 16))

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

    def test_colours_for_print_are_brought_to_the_screens(self, tmp_path: Path) -> None:
        printed = Image.new("CMYK", (64, 64), (0, 255, 255, 0))  # all magenta and yellow is red
        name = take_in(saved(printed), data_folder=tmp_path).name
        with opened(name, "64.avif", data_folder=tmp_path) as copy:
            red, green, blue = colour(copy, 30, 30)
        assert red > 200
        assert max(green, blue) < 60

    def test_sixteen_bits_a_colour(self, tmp_path: Path) -> None:
        rows = b"".join(b"\0" + struct.pack(">3H", 0xC000, 0x4000, 0x1000) * 40 for _row in range(30))
        head = struct.pack(">IIBBBBB", 40, 30, 16, 2, 0, 0, 0)
        deep = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        name = take_in(b"\x89PNG\r\n\x1a\n" + deep, data_folder=tmp_path).name
        with opened(name, 40, data_folder=tmp_path) as copy:
            assert all(abs(a - b) < 12 for a, b in zip(colour(copy, 20, 15), (0xC0, 0x40, 0x10), strict=True))

    @pytest.mark.parametrize("turned", range(1, 9))
    def test_however_the_telephone_was_held(self, turned: int, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = turned
        upright = Image.new("RGB", (200, 120), "white")
        upright.paste("black", (0, 0, 60, 40))  # a mark in the upper left corner
        ways = Image.Transpose
        as_kept = [
            None,
            ways.FLIP_LEFT_RIGHT,
            ways.ROTATE_180,
            ways.FLIP_TOP_BOTTOM,
            ways.TRANSPOSE,
            ways.ROTATE_90,
            ways.TRANSVERSE,
            ways.ROTATE_270,
        ][turned - 1]
        kept = upright if as_kept is None else upright.transpose(as_kept)
        picture = take_in(saved(kept, exif=exif.tobytes()), data_folder=tmp_path)
        assert (picture.width, picture.height) == (200, 120)
        with opened(picture.name, 200, data_folder=tmp_path) as copy:
            assert max(colour(copy, 15, 15)) < 40
            assert all(min(colour(copy, *corner)) > 215 for corner in ((185, 15), (15, 105), (185, 105)))

    @pytest.mark.parametrize("kind", ["PNG", "AVIF"])
    def test_the_first_of_many_frames_is_shown(self, kind: str, tmp_path: Path) -> None:
        frames = [Image.new("RGB", (90, 90), colour) for colour in ("red", "green", "blue")]
        moving = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        name = take_in(moving, data_folder=tmp_path).name
        with opened(name, "90.avif", data_folder=tmp_path) as copy:
            assert getattr(copy, "n_frames", 1) == 1
            assert colour(copy, 40, 40)[0] > 200


class TestCrops:
    def marked(self, tmp_path: Path) -> PictureFile:
        """A wide white picture with something black to the far right."""
        wide = Image.new("RGB", (1600, 800), "white")
        wide.paste("black", (1400, 300, 1500, 400))
        return take_in(saved(wide, "PNG"), data_folder=tmp_path)

    def test_every_shape_in_both_kinds_and_the_widths_that_fit(self, tmp_path: Path) -> None:
        picture = self.marked(tmp_path)
        assert picture.widths_in("1x1") == (480, 800)
        assert picture.widths_in("4x3") == (480, 960, 1067)
        assert picture.widths_in("16x9") == (480, 960, 1422)
        for shape, (across, down) in darkroom.CROPS.items():
            for width in picture.widths_in(shape):
                for ending in ("webp", "avif"):
                    called = picture.copy(width, shape, ending)
                    with opened(picture.name, called, data_folder=tmp_path) as copy:
                        assert copy.size == (width, picture.height_at(width, shape))
                        assert abs(copy.width * down - copy.height * across) <= across + down

    def test_what_the_eye_rests_on_is_in_every_crop(self, tmp_path: Path) -> None:
        picture = self.marked(tmp_path)
        with opened(picture.name, picture.copy(800, "1x1"), data_folder=tmp_path) as copy:
            assert min(colour(copy, 790, 350)) > 240, "the middle of the picture does not reach so far"
        moved = crop(picture.name, (9062, 4375), data_folder=tmp_path)
        assert moved is not None
        assert moved.copy(800, "1x1") == "1x1-9062-4375-800.webp"
        with opened(picture.name, moved.copy(800, "1x1"), data_folder=tmp_path) as copy:
            assert max(colour(copy, 650, 350)) < 20
        assert path_of_copy(picture.name, picture.copy(800, "1x1"), data_folder=tmp_path), (
            "an address never changes what it shows"
        )

    @pytest.mark.parametrize("point", [(0, 0), (10_000, 10_000), (5_000, 5_000), (0, 10_000), (1, 9_999)])
    @pytest.mark.parametrize("size", [(1600, 1000), (1000, 1600), (1, 1), (1600, 160), (3, 2)])
    @pytest.mark.parametrize("shape", darkroom.CROPS)
    def test_a_crop_never_leaves_the_picture(
        self, shape: str, size: tuple[int, int], point: tuple[int, int]
    ) -> None:
        left, upper, right, lower = darkroom.crop_box(*size, shape, *point)
        assert 0 <= left < right <= size[0]
        assert 0 <= upper < lower <= size[1]
        assert (right - left, lower - upper) == darkroom.crop_size(*size, shape)

    def test_a_picture_from_before_there_were_crops(self, tmp_path: Path) -> None:
        old = tmp_path / "pictures" / ("c" * 32)
        old.mkdir(parents=True)
        for width in (480, 700):
            a_picture(width, width // 2).save(old / f"{width}.webp", "WEBP")
        found = find("c" * 32, data_folder=tmp_path)
        assert found is not None
        assert found == PictureFile("c" * 32, 700, 350)
        assert found.copy(480, "16x9") == "480.webp", "the whole picture stands for its crops"
        assert found.widths_in("16x9") == (480, 700)
        before = (old / "700.webp").read_bytes()
        whole = crop("c" * 32, (5000, 5000), data_folder=tmp_path)
        assert whole == find("c" * 32, data_folder=tmp_path)
        assert whole is not None
        assert whole.has_crops
        assert (old / "700.avif").is_file()
        assert (old / "700.webp").read_bytes() == before
        assert [path.name for path in old.parent.iterdir()] == [old.name], "nothing half is left behind"

    def test_of_no_picture_there_is_no_crop(self, tmp_path: Path) -> None:
        assert crop("d" * 32, (1, 1), data_folder=tmp_path) is None
        assert crop("../x", (1, 1), data_folder=tmp_path) is None

    @pytest.mark.parametrize(
        "copy", ["", "..", "480", "../480.webp", "2x1-1-1-480.webp", "480.webp\n", "480.svg"]
    )
    def test_any_copy_may_be_asked_for(self, copy: str, tmp_path: Path) -> None:
        assert path_of_copy(self.marked(tmp_path).name, copy, data_folder=tmp_path) is None


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
        same = PictureFile(picture.name, 1200, 900, has_crops=True)
        assert find(picture.name, data_folder=tmp_path) == picture == same

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

    def test_one_width_for_who_cannot_choose(self) -> None:
        assert [self.picture.width_nearest(wanted) for wanted in (1, 480, 481, 1200, 9999)] == [
            480,
            480,
            960,
            1600,
            1600,
        ]
        assert self.picture.height_at(960) == 600
