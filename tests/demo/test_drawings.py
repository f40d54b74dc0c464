"""The drawn pictures: the same bytes on every machine, and sound PNG."""

import io
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from choir_app.demo import drawings
from choir_app.demo.pencil import Sheet, arc, box, disc, mixed, tilted
from choir_app.foundation.pictures import take_in

ALL_TOGETHER = "67d06c14a02c6ededff4bf229275138f29683f6574648558cda1466f61b42205"
"""What the pictures come to. Draw one anew and this changes: look at the picture, then write the new one down."""


class TestThePictures:
    def test_are_the_same_everywhere(self) -> None:
        together = sha256()
        for name in drawings.names():
            together.update(drawings.drawing(name))
        assert together.hexdigest() == ALL_TOGETHER

    @pytest.mark.parametrize("name", drawings.names())
    def test_open_in_full_size(self, name: str) -> None:
        with Image.open(io.BytesIO(drawings.drawing(name))) as picture:
            picture.load()
            assert (picture.format, picture.size, picture.mode) == ("PNG", (1600, 1000), "RGB")
            colours = picture.getcolors(maxcolors=100_000)
            assert colours
            assert max(count for count, _colour in colours) < 1600 * 1000 * 0.75, "something is drawn"

    def test_are_taken_in_like_any_upload(self, tmp_path: Path) -> None:
        picture = take_in(drawings.drawing("pots_and_steam"), data_folder=tmp_path)
        assert (picture.width, picture.height, picture.widths) == (1600, 1000, (480, 960, 1600))

    def test_one_that_nobody_drew(self) -> None:
        with pytest.raises(KeyError):
            drawings.drawing("a_photograph")


def opened(sheet: Sheet) -> Image.Image:
    return Image.open(io.BytesIO(sheet.png()))


class TestThePencil:
    def test_fills_where_it_is_told(self) -> None:
        sheet = Sheet("#ffffff", width=40, height=20)
        sheet.fill(box(10, 5, 10, 10), "#ff0000")
        picture = opened(sheet)
        assert picture.getpixel((15, 10)) == (255, 0, 0)
        assert picture.getpixel((5, 10)) == picture.getpixel((25, 10)) == (255, 255, 255)

    @pytest.mark.parametrize(
        "commands",
        [
            "M10 10H30V30H10Z",
            "m10 10h20v20h-20z",
            "M10 10L30 10 30 30 10 30Z",
            "M10 10l20 0 0 20-20 0z",
            "M10 20a10 10 0 0 1 20 0a10 10 0 0 1-20 0z",
        ],
    )
    def test_reads_paths(self, commands: str) -> None:
        sheet = Sheet("#ffffff", width=40, height=40)
        sheet.path(commands, "#000000")
        picture = opened(sheet)
        assert picture.getpixel((20, 20)) == (0, 0, 0)
        assert picture.getpixel((36, 20)) == (255, 255, 255)

    def test_bends_a_line_as_svg_does(self) -> None:
        sheet = Sheet("#ffffff", width=120, height=60)
        sheet.path("M10 30q20 -30 40 0t40 0", None, "#000000", 4)
        picture = opened(sheet)
        assert picture.getpixel((30, 15)) == (0, 0, 0), "the first wave goes up"
        assert picture.getpixel((70, 45)) == (0, 0, 0), "and the next one down"

    def test_draws_only_inside(self) -> None:
        sheet = Sheet("#ffffff", width=40, height=40)
        with sheet.inside(disc(20, 20, 10)):
            sheet.fill(box(0, 0, 40, 40), "#0000ff")
        picture = opened(sheet)
        assert picture.getpixel((20, 20)) == (0, 0, 255)
        assert picture.getpixel((2, 2)) == (255, 255, 255)

    def test_dashes_leave_gaps(self) -> None:
        sheet = Sheet("#ffffff", width=100, height=20)
        sheet.stroke([(0, 10), (100, 10)], "#000000", 2, dashes=20)
        picture = opened(sheet)
        assert [picture.getpixel((x, 10)) == (0, 0, 0) for x in (10, 30, 50, 70)] == [
            True,
            False,
            True,
            False,
        ]

    def test_mixes_and_turns(self) -> None:
        assert mixed("#000000", "#ffffff", 0.5) == "#808080"
        (x, y), *_rest = tilted([(10, 0)], 90, (0, 0))
        assert (round(x, 6), round(y, 6)) == (0, 10)
        assert arc(0, 0, 5, 5, 0, 90)[0] == (5, 0)
