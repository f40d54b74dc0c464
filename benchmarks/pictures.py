"""How long a picture takes from the upload until every copy of it lies on the disk."""

import io
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter

from choir_app.foundation import pictures

WIDTH, HEIGHT = 4000, 3000
"""Of a telephone's photograph: 12 megapixels."""


@dataclass(frozen=True)
class PictureTime:
    """What one photograph costs."""

    seconds: float
    """The median, from its bytes to all its copies."""
    seconds_of_a_new_point: float
    """The same for its crops around another point."""
    upload_bytes: int
    copies: int
    kept_bytes: int


def picture_time(rounds: int = 5) -> PictureTime:
    """Take in a JPEG of 12 megapixels so many times, each a little different, and crop it anew; the median of each."""
    taken: list[float] = []
    moved: list[float] = []
    upload = b""
    with tempfile.TemporaryDirectory() as folder:
        data_folder = Path(folder)
        for number in range(rounds):
            upload = a_photograph(number)
            began = time.perf_counter()
            kept = pictures.take_in(upload, data_folder=data_folder)
            taken.append(time.perf_counter() - began)
            began = time.perf_counter()
            pictures.crop(kept.name, (2500, 7500), data_folder=data_folder)
            moved.append(time.perf_counter() - began)
        first = pictures.take_in(upload + b"\x00", data_folder=data_folder)
        copies = list((data_folder / "pictures" / first.name).iterdir())
        return PictureTime(
            seconds=sorted(taken)[rounds // 2],
            seconds_of_a_new_point=sorted(moved)[rounds // 2],
            upload_bytes=len(upload),
            copies=len(copies),
            kept_bytes=sum(path.stat().st_size for path in copies),
        )


def a_photograph(number: int) -> bytes:
    """Something as hard to press as a photograph: soft light and grain, with the telephone's own place in it."""
    light = Image.radial_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    grain = Image.effect_noise((WIDTH, HEIGHT), 60).filter(ImageFilter.GaussianBlur(2)).convert("RGB")
    file = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = f"number {number}"
    Image.blend(light, grain, 0.4).save(file, "JPEG", quality=90, exif=exif.tobytes())
    return file.getvalue()
