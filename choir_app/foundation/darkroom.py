"""Where an uploaded picture is opened: a process of its own, with little memory and little time.

Started by `pictures.py` as `python darkroom.py <kind> <folder> <x> <y> <1 or 0>`, the upload on standard input; x and y
say where the eye shall rest, in basis points, the last whether the whole picture is wanted beside its crops. Nobody
trusts the upload, so nothing of the house is imported and nothing but new WebP and AVIF files comes out: no metadata,
no hidden layers, no bytes of the original. Answers with one line of JSON on standard output.
"""

import io
import json
import resource
import struct
import sys
from pathlib import Path
from typing import Any

WIDTHS = (480, 960, 1600)
CROPS = {"1x1": (1, 1), "4x3": (4, 3), "16x9": (16, 9)}
"""The shapes that cards and search engines ask for, as width to height."""
CENTRE = 5_000
WEBP = {"quality": 80, "method": 2}
AVIF = {"quality": 52, "speed": 8, "max_threads": 1}
"""About as good to look at as the WebP, in fewer bytes of most pictures. One more step of effort takes twice the time.
One thread: two pictures may be made at once."""
MOST_PIXELS = 50_000_000
LONGEST_TO_SHORTEST = 10
MEMORY_BYTES = 1_200_000_000
CPU_SECONDS = 20
FILE_BYTES = 20_000_000

_TURNED_ON_ITS_SIDE = {5, 6, 7, 8}


class Unfit(Exception):  # noqa: N818 - an answer, not a programming error
    """The picture cannot be used; carries the word for it that `pictures.py` knows."""


def widths_of(width: int) -> tuple[int, ...]:
    """The widths in which a picture this wide is kept: never larger than it came."""
    return (*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1]))


def crop_size(width: int, height: int, shape: str) -> tuple[int, int]:
    """The largest part of a picture that has this shape, as width and height."""
    across, down = CROPS[shape]
    if width * down > height * across:
        return max(1, round(height * across / down)), height
    return width, max(1, round(width * down / across))


def crop_box(width: int, height: int, shape: str, x_bp: int, y_bp: int) -> tuple[int, int, int, int]:
    """That part as left, upper, right, lower: as near as can be to having the resting point in its middle."""
    wide, high = crop_size(width, height, shape)
    left = min(max(0, round(width * x_bp / 10_000 - wide / 2)), width - wide)
    upper = min(max(0, round(height * y_bp / 10_000 - high / 2)), height - high)
    return left, upper, left + wide, upper + high


def main(kind: str, folder: Path, x_bp: int, y_bp: int, with_whole: int) -> dict[str, Any]:
    """Develop the upload on standard input into `folder` and say how it went."""
    _live_with_little()
    try:
        upload = sys.stdin.buffer.read()
        return develop(upload, kind=kind, folder=folder, rests_at=(x_bp, y_bp), with_whole=bool(with_whole))
    except Unfit as unfit:
        return {"unfit": str(unfit)}
    except MemoryError:
        return {"unfit": "heavy"}
    except Exception:  # noqa: BLE001 - a library that stumbles over a hostile file may raise anything at all
        return {"unfit": "broken"}


def develop(
    upload: bytes,
    *,
    kind: str,
    folder: Path,
    rests_at: tuple[int, int] = (CENTRE, CENTRE),
    with_whole: bool = True,
) -> dict[str, Any]:
    """Write the picture in its widths, whole and in every shape; answers the size of the widest whole one."""
    if kind == "WEBP":
        _look_at(*_webp_canvas(upload))  # Pillow takes memory for the whole canvas as soon as it opens a WebP

    from PIL import AvifImagePlugin, Image, ImageOps, WebPImagePlugin  # noqa: F401 - the two must be known to open

    Image.MAX_IMAGE_PIXELS = None  # we look ourselves, and more strictly
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    with Image.open(io.BytesIO(upload), formats=[kind]) as picture:
        _look_at(*picture.size)
        turned = _orientation(picture) in _TURNED_ON_ITS_SIDE
        seen_width, seen_height = reversed(picture.size) if turned else picture.size
        widths = widths_of(seen_width)
        largest = (widths[-1], max(1, round(seen_height * widths[-1] / seen_width)))
        wanted = (largest[1], largest[0]) if turned else largest
        picture.draft("RGB", wanted)
        profile = picture.info.get("icc_profile")
        whole = _in_plain_colours(picture, wanted, profile=profile)
        try:
            upright = ImageOps.exif_transpose(_with_exif_of(picture, whole))
        except Exception:  # noqa: BLE001 - a picture with nonsense in its EXIF block is still a picture
            upright = whole
    if with_whole:
        _print(upright, folder, "")
    x_bp, y_bp = rests_at
    for shape in CROPS:
        part = upright.crop(crop_box(upright.width, upright.height, shape, x_bp, y_bp))
        _print(part, folder, f"{shape}-{x_bp}-{y_bp}-")
    return {"width": upright.width, "height": upright.height, "widths": list(widths)}


def _print(whole: Any, folder: Path, before: str) -> None:
    """One picture in its widths, in both kinds, each made of nothing but its pixels."""
    from PIL import Image

    for width in widths_of(whole.width):
        height = max(1, round(whole.height * width / whole.width))
        copy = whole if width == whole.width else whole.resize((width, height), Image.Resampling.LANCZOS)
        clean = Image.frombytes("RGB", copy.size, copy.tobytes())
        clean.save(folder / f"{before}{width}.webp", "WEBP", **WEBP)
        clean.save(folder / f"{before}{width}.avif", "AVIF", **AVIF)


def _live_with_little() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _look_at(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise Unfit("broken")
    if width * height > MOST_PIXELS:
        raise Unfit(f"pixels {width * height}")
    if max(width, height) > LONGEST_TO_SHORTEST * min(width, height):
        raise Unfit("narrow")


def _webp_canvas(upload: bytes) -> tuple[int, int]:
    """Width and height as the header of a WebP file gives them (RFC 9649, sections 2.5 to 2.7)."""
    kind, head = upload[12:16], upload[20:30]
    if len(head) < 10:
        raise Unfit("broken")
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise Unfit("broken")


def _orientation(picture: Any) -> int:
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 - what cannot be read does not turn the picture
        return 1


def _with_exif_of(picture: Any, whole: Any) -> Any:
    """The plain picture with the orientation, and nothing else, of the one it came from."""
    whole.getexif()[0x0112] = _orientation(picture)
    return whole


def _in_plain_colours(picture: Any, wanted: tuple[int, int], *, profile: bytes | None) -> Any:
    """The picture in its wanted size, as sRGB, on white where it was transparent."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):  # 16 bits a pixel, as some scanners save
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.mode in ("P", "PA", "LA", "La", "RGBa", "1") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        picture = picture.convert("RGB")
    if picture.size != wanted:
        picture = picture.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.mode == "RGBA":
        under = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(under, picture).convert("RGB")
    if profile:
        picture = _as_srgb(picture, profile)
    return picture.convert("RGB")


def _as_srgb(picture: Any, profile: bytes) -> Any:
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a profile that does not fit the picture: its colours are near enough as they are


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))))
