"""The pictures of the demo network's news: 1600 x 1000, flat enamel colours, drawn by us and by nobody's camera.

`drawing("pots_and_steam")` gives the picture that a post of texts.py names, as PNG. The same bytes everywhere.
"""

from collections.abc import Callable, Sequence
from math import cos, sin

from choir_app.demo.pencil import Line, Point, Sheet, arc, box, disc, mixed, tilted

WHITE = "#ffffff"
CANVAS = "#f6f9fd"
STEAM = "#eaf0f7"
INK = "#131d36"
INK_2 = "#404c62"
GREY = "#758193"
FOG = "#d5dde6"
RIM = "#192e6b"
COBALT = "#1e44b2"
SOFT = "#e2edff"
MUSTARD, RHUBARB, DILL, SKY = "#f9ca4a", "#fd9996", "#84d99c", "#7ac4f3"
MUSTARD_DARK, RHUBARB_DARK, DILL_DARK, SKY_DARK = "#715005", "#9e2b36", "#1c5e39", "#0f588a"
MUSTARD_SOFT, RHUBARB_SOFT, DILL_SOFT = "#fdf1cd", "#ffebeb", "#e0f5e4"
LINGON = "#ae102e"
VOICES = (MUSTARD, RHUBARB, DILL, SKY)

LINE = 8
"""How thick every outline is."""

DRAWINGS: dict[str, Callable[[], Sheet]] = {}


def drawing(name: str) -> bytes:
    """The picture of this name as PNG; raises KeyError for a name that nobody has drawn."""
    return DRAWINGS[name]().png()


def _drawn(make: Callable[[], Sheet]) -> Callable[[], Sheet]:
    DRAWINGS[make.__name__] = make
    return make


# --- the posts' pictures ------------------------------------------------------------------------


@_drawn
def video_meeting() -> Sheet:
    """A video meeting in four tiles; two of the four cameras are off."""
    sheet = Sheet(SOFT)
    sheet.fill(disc(800, 560, 640), mixed(SOFT, WHITE, 0.55))
    sheet.fill(box(0, 830, 1600, 170), MUSTARD)
    sheet.stroke([(0, 830), (1600, 830)], INK, LINE)
    sheet.fill(box(0, 834, 1600, 14), mixed(MUSTARD, WHITE, 0.45))

    sheet.shape(box(370, 96, 860, 640, 40), INK, INK, LINE)
    tiles = [(404, 130), (810, 130), (404, 426), (810, 426)]
    for number, (x, y) in enumerate(tiles):
        tile = box(x, y, 386, 276, 20)
        if number in (1, 2):
            sheet.fill(tile, mixed(INK, SKY, 0.14))
            _camera_off(sheet, x + 193, y + 138)
            continue
        with sheet.inside(tile):
            if number == 0:
                sheet.fill(tile, MUSTARD_SOFT)
                _shelf_of_books(sheet, x + 10, y + 92)
                _person(sheet, x + 215, y + 300, jumper=COBALT, skin=_skin(0.12), hair=INK_2, style="short")
            else:
                sheet.fill(tile, DILL_SOFT)
                _plant(sheet, x + 318, y + 276, 0.8)
                _person(
                    sheet, x + 165, y + 300, jumper=RHUBARB, skin=_skin(0.3), hair=MUSTARD_DARK, style="long"
                )
    sheet.shape(box(340, 736, 920, 44, 8), FOG, INK, LINE)
    sheet.path("M300 780 H1300 L1360 836 Q1364 856 1340 856 H260 Q236 856 240 836 Z", WHITE, INK, LINE)
    sheet.shape(box(700, 792, 200, 26, 10), STEAM, INK, 5)

    _cup(sheet, 1440, 880, RHUBARB, 1.15)
    pages = tilted(box(70, 786, 190, 100, 8), -6, (165, 836))
    sheet.shape(pages, WHITE, INK, LINE)
    for row in range(3):
        sheet.stroke(
            tilted([(96, 812 + row * 22), (230 - row * 30, 812 + row * 22)], -6, (165, 836)), GREY, 5
        )
    _pencil(sheet, 255, 880)
    return sheet


@_drawn
def coffee_table() -> Sheet:
    """Coffee is on the table when the first ones come."""
    sheet = Sheet(RHUBARB_SOFT)
    sheet.fill(box(0, 0, 1600, 150), mixed(RHUBARB_SOFT, RHUBARB, 0.28))
    for number in range(17):
        x = number * 100 - 10
        sheet.fill(
            [(x, 0), (x + 100, 0), (x + 50, 104)],
            VOICES[number % 4] if number % 2 else mixed(WHITE, RHUBARB_SOFT, 0.4),
        )
    sheet.stroke([(-10, 2), (1610, 2)], INK, LINE)
    sheet.fill(box(0, 720, 1600, 280), WHITE)
    sheet.fill(box(0, 720, 1600, 26), RIM)
    for x in range(40, 1600, 160):
        sheet.fill([(x, 746), (x + 80, 746), (x + 80, 1000), (x, 1000)], SOFT)

    _vase(sheet, 318, 724)
    _coffee_pot(sheet, 620, 724)
    for number, (x, colour) in enumerate([(815, MUSTARD), (965, DILL), (1110, SKY)]):
        _cup(sheet, x, 724, colour, 1 - 0.04 * number)
    _buns(sheet, 1410, 724)
    _cup(sheet, 130, 724, RHUBARB, 0.98)
    return sheet


@_drawn
def pots_on_steps() -> Sheet:
    """Four pots, each a step higher than the one before."""
    sheet = Sheet(MUSTARD_SOFT)
    sheet.fill(disc(1180, 380, 330), mixed(MUSTARD_SOFT, MUSTARD, 0.6))
    tops = [800, 664, 528, 392]
    for number, top in enumerate(tops):
        x = 150 + number * 340
        width = 1600 - x if number == 3 else 340
        sheet.fill(box(x, top, width, 1000 - top), WHITE if number % 2 else CANVAS)
        sheet.stroke([(x, 1010), (x, top)], INK, LINE)
        sheet.fill(box(x - 4, top, width + 8, 22), RIM)
    sheet.stroke([(0, 936), (150, 936)], INK, LINE)
    sheet.fill(box(0, 936, 146, 70), mixed(MUSTARD_SOFT, MUSTARD, 0.35))
    for number, (top, size) in enumerate(zip(tops, (9.4, 11, 12.4, 13.6), strict=True)):
        _pot(sheet, number + 1, 320 + number * 340, top, size)
    return sheet


@_drawn
def shared_report() -> Sheet:
    """A report, and the four towns that it comes from and goes to."""
    sheet = Sheet(DILL_SOFT)
    sheet.fill(box(0, 760, 1600, 240), mixed(DILL_SOFT, DILL, 0.7))
    sheet.stroke([(0, 760), (1600, 760)], INK, LINE)
    places = [(230, 330), (600, 210), (1000, 210), (1370, 330)]
    for number, (x, y) in enumerate(places):
        middle = 800 + (x - 800) * 0.12
        sheet.stroke(_bow((middle, 640), ((x + middle) / 2, y + 250), (x, y + 130)), DILL_DARK, 7, dashes=22)
        ring = disc(x, y, 150)
        with sheet.inside(ring):
            sheet.fill(
                box(x - 150, y - 150, 300, 300),
                (MUSTARD_SOFT, SOFT, RHUBARB_SOFT, mixed(SKY, WHITE, 0.5))[number],
            )
            _skyline(sheet, number, x, y + 64)
        sheet.stroke([*ring, ring[0]], RIM, 12)

    for turn in (-1, 1):
        sheet.path(
            f"M800 690 C{800 + turn * 120} 630 {800 + turn * 300} 628 {800 + turn * 430} 668 V900"
            f" C{800 + turn * 300} 862 {800 + turn * 120} 864 800 922 Z",
            WHITE,
            INK,
            LINE,
        )
        for row in range(4):
            if turn > 0 and row > 0:
                continue
            y = 706 + row * 44
            end = 360 if row != 3 else 230
            sheet.stroke(
                _bow((800 + turn * 60, y + 12), (800 + turn * 190, y - 26), (800 + turn * end, y)), GREY, 7
            )
    for number, (height, colour) in enumerate(zip((44, 74, 60, 104), VOICES, strict=True)):
        sheet.shape(box(880 + number * 74, 852 - height - number * 3, 50, height, 6), colour, INK, 6)
    sheet.stroke([(800, 690), (800, 920)], INK, LINE)
    _pencil(sheet, 1330, 930)
    return sheet


@_drawn
def courtyard() -> Sheet:
    """A yard between houses at dusk, with light in the windows."""
    dusk = mixed(RIM, SKY, 0.22)
    sheet = Sheet(dusk)
    sheet.fill(disc(1290, 200, 92), MUSTARD_SOFT)
    sheet.fill(disc(1252, 176, 80), dusk)
    for x, y in [(120, 90), (420, 150), (720, 80), (960, 190), (1500, 110), (600, 250), (1100, 70)]:
        sheet.fill(disc(x, y, 5), SOFT)
    sheet.fill(box(0, 830, 1600, 170), DILL_DARK)
    _block(
        sheet, 60, 300, 400, 540, mixed(RHUBARB_DARK, RHUBARB, 0.45), columns=3, rows=4, lit={0, 4, 5, 7, 11}
    )
    _block(
        sheet, 1140, 360, 420, 480, mixed(MUSTARD_DARK, MUSTARD, 0.55), columns=3, rows=3, lit={1, 3, 4, 8}
    )
    _block(
        sheet, 500, 420, 600, 420, mixed(SKY_DARK, SKY, 0.45), columns=5, rows=3, lit={0, 2, 6, 8, 9, 11, 14}
    )
    _balcony(sheet, 1170, 568)
    _balcony(sheet, 84, 568, pot=False)
    sheet.fill(box(0, 836, 1600, 170), mixed(DILL_DARK, DILL, 0.28))
    sheet.stroke([(0, 836), (1600, 836)], INK, LINE)
    sheet.path("M620 1000 Q800 900 800 838 H880 Q900 920 1040 1000 Z", mixed(DILL_DARK, MUSTARD_SOFT, 0.6))
    _tree(sheet, 470, 900, 1.0, mixed(DILL_DARK, DILL, 0.65))
    _tree(sheet, 1150, 926, 0.8, mixed(DILL_DARK, DILL, 0.5))
    _bench(sheet, 220, 930)
    for number, x in enumerate((1270, 1350, 1430, 1510)):
        _chair(sheet, x, 950, VOICES[number], 0.62)
    return sheet


@_drawn
def rehearsal_room() -> Sheet:
    """The room before everybody comes: a half circle of chairs."""
    sheet = Sheet(SOFT)
    sheet.fill(box(0, 690, 1600, 310), mixed(MUSTARD_SOFT, MUSTARD, 0.3))
    for x in range(-200, 1900, 230):
        sheet.stroke([(x + (x - 800) * 0.5, 1000), (x, 694)], mixed(MUSTARD_SOFT, MUSTARD, 0.55), 5)
    sheet.fill(box(0, 664, 1600, 30), WHITE)
    sheet.stroke([(0, 664), (1600, 664)], INK, 6)
    sheet.stroke([(0, 694), (1600, 694)], INK, LINE)

    for x in (560, 800, 1040):
        pane = box(x - 100, 130, 200, 330, 10)
        with sheet.inside(pane):
            sheet.fill(pane, mixed(MUSTARD, RHUBARB, 0.35))
            sheet.fill(disc(960, 400, 90), MUSTARD_SOFT)
            sheet.path("M400 400 Q600 330 800 392 T1200 380 V480 H400 Z", mixed(RIM, RHUBARB, 0.3))
        sheet.shape(pane, None, INK, LINE)
        sheet.stroke([(x, 134), (x, 456)], INK, 6)
        sheet.stroke([(x - 98, 290), (x + 98, 290)], INK, 6)
    sheet.shape(box(436, 470, 728, 26, 6), WHITE, INK, LINE)
    for x in (420, 1180):
        sheet.stroke([(x, 0), (x, 90)], INK, 6)
        sheet.path(f"M{x - 80} 150 Q{x - 70} 86 {x} 86 T{x + 80} 150 Z", MUSTARD, INK, LINE)

    _piano(sheet, 60, 690)
    _notice_board(sheet, 1290, 170)
    _pot(sheet, 2, 190, 438, 5.6)

    for number, (x, y) in enumerate(
        [(330, 800), (486, 758), (640, 734), (800, 726), (960, 734), (1114, 758), (1270, 800)]
    ):
        _chair(sheet, x, y + 40, VOICES[number % 4], 0.92)
    for number, (x, y) in enumerate([(250, 934), (1350, 934)]):
        _chair(sheet, x, y + 30, VOICES[3 - number], 1.06)
    _music_stand(sheet, 800, 975)
    return sheet


@_drawn
def words_on_wall() -> Sheet:
    """Words of a song as notes on the wall, each with a picture."""
    sheet = Sheet(mixed(SOFT, WHITE, 0.35))
    sheet.fill(box(0, 860, 1600, 140), mixed(RHUBARB_SOFT, RHUBARB, 0.45))
    sheet.fill(box(0, 836, 1600, 26), WHITE)
    sheet.stroke([(0, 836), (1600, 836)], INK, 6)
    sheet.stroke([(0, 864), (1600, 864)], INK, LINE)
    notes: list[tuple[float, float, float, str, Callable[[Sheet, float, float], None]]] = [
        (330, 240, -5, MUSTARD, _boat),
        (800, 214, 3, RHUBARB, _sun),
        (1270, 246, -2, DILL, _small_house),
        (330, 600, 4, SKY, _bridge),
        (800, 586, -3, MUSTARD, _heart),
        (1270, 604, 5, RHUBARB, _key),
    ]
    for x, y, turn, colour, picture in notes:
        shadow = tilted(box(x - 178 + 10, y - 150 + 12, 356, 300, 10), turn, (x, y))
        sheet.fill(shadow, mixed(SOFT, GREY, 0.3))
        sheet.shape(tilted(box(x - 178, y - 150, 356, 300, 10), turn, (x, y)), colour, INK, LINE)
        picture(sheet, x, y + 6)
        sheet.shape(tilted(box(x - 52, y - 172, 104, 40, 4), turn * -1.5, (x, y - 152)), STEAM, INK, 5)
    for number, x in enumerate(range(160, 1600, 214)):
        _chair_back(sheet, x, 1010, VOICES[(number + 1) % 4])
    return sheet


@_drawn
def pots_and_steam() -> Sheet:
    """Four pots, four voices: from the saucepan that sings high to the stockpot that sings low."""
    sheet = Sheet(SOFT)
    sheet.fill(disc(800, 620, 560), mixed(SOFT, WHITE, 0.6))
    sheet.fill(box(0, 786, 1600, 220), WHITE)
    sheet.fill(box(0, 786, 1600, 28), RIM)
    for x in range(0, 1600, 100):
        for row, y in enumerate(range(814, 1000, 62)):
            sheet.stroke([(x + 50 * (row % 2), y), (x + 50 * (row % 2), y + 62)], FOG, 4)
            sheet.stroke([(0, y + 62), (1600, y + 62)], FOG, 4)
    for number, (x, size) in enumerate([(232, 11.5), (560, 15), (945, 17.5), (1345, 21)]):
        _pot(sheet, number + 1, x, 786, size, lid_lifted=number in (1, 3))
        top = 786 - size * (13.6, 15.8, 14.4, 17.4)[number]
        for wave, away in enumerate((-1, 0, 1)):
            _steam(
                sheet,
                x + away * size * 2.5 - (size * 1.4 if number == 0 else 0),
                top - 40 - (wave == 1) * 22,
                size / 17,
            )
    return sheet


@_drawn
def harbour_town() -> Sheet:
    """A harbour in the evening; the yellow window on the fourth floor is the choir's."""
    sheet = Sheet(mixed(RHUBARB_SOFT, MUSTARD_SOFT, 0.5))
    sheet.fill(disc(1120, 560, 190), mixed(MUSTARD, RHUBARB, 0.25))
    sheet.fill(box(0, 0, 1600, 240), mixed(RHUBARB_SOFT, RHUBARB, 0.35))
    for y, x, width in [(180, 180, 300), (250, 900, 380), (120, 1180, 260)]:
        sheet.fill(box(x, y, width, 36, 18), mixed(RHUBARB_SOFT, WHITE, 0.5))
    sheet.path("M0 640 Q300 560 620 610 T1200 590 T1600 620 V720 H0 Z", mixed(SKY_DARK, RHUBARB, 0.55))

    _suspension_bridge(sheet)
    _crane(sheet, 1310, 700)
    for number, (x, top, width, colour) in enumerate(
        [(40, 420, 150, DILL), (190, 300, 190, RHUBARB), (380, 380, 130, SKY), (510, 470, 160, MUSTARD)]
    ):
        sheet.shape(box(x, top, width, 690 - top), colour, INK, LINE)
        _windows(sheet, x, top, width, 690 - top, number)
    sheet.shape(box(232, 244, 106, 60), RHUBARB_DARK, INK, LINE)

    sheet.fill(box(0, 690, 1600, 310), SKY)
    sheet.fill(box(0, 690, 720, 36), RIM)
    sheet.stroke([(0, 690), (1600, 690)], INK, LINE)
    for x, y, width, colour in [
        (60, 760, 90, DILL),
        (210, 752, 150, RHUBARB),
        (400, 770, 90, mixed(SKY, WHITE, 0.5)),
        (540, 758, 110, MUSTARD),
        (1000, 740, 260, MUSTARD_SOFT),
        (1040, 790, 180, MUSTARD_SOFT),
        (1080, 840, 100, MUSTARD_SOFT),
        (240, 812, 90, RHUBARB),
        (560, 812, 70, MUSTARD),
        (80, 806, 60, DILL),
    ]:
        sheet.fill(box(x, y, width, 16, 8), mixed(SKY, colour, 0.75))
    for x, y in [(760, 800), (420, 900), (1320, 870), (900, 930), (140, 940), (1180, 950)]:
        sheet.stroke(_bow((x, y), (x + 35, y - 20), (x + 70, y)), mixed(SKY, WHITE, 0.7), 7)
        sheet.stroke(_bow((x + 70, y), (x + 105, y - 20), (x + 140, y)), mixed(SKY, WHITE, 0.7), 7)
    _ferry(sheet, 760, 880)
    return sheet


@_drawn
def chairs_outside() -> Sheet:
    """The chairs carried out under the tree."""
    sheet = Sheet(mixed(SKY, WHITE, 0.55))
    sheet.fill(disc(1400, 150, 84), MUSTARD)
    for x, y, width in [(120, 130, 260), (1020, 90, 220)]:
        sheet.fill(box(x, y, width, 44, 22), WHITE)
        sheet.fill(box(x + 50, y - 34, width - 130, 60, 30), WHITE)
    sheet.shape(box(250, 210, 900, 520), mixed(MUSTARD_SOFT, MUSTARD, 0.35), INK, LINE)
    sheet.path("M214 214 L300 120 H1100 L1186 214 Z", RHUBARB_DARK, INK, LINE)
    for row, y in enumerate((268, 486)):
        for column in range(5):
            x = 300 + column * 172
            is_open = (row, column) in {(0, 1), (0, 3), (1, 0), (1, 2), (1, 4)}
            sheet.shape(box(x, y, 108, 148), RIM if is_open else SOFT, INK, LINE)
            if is_open:
                sheet.shape([(x, y), (x - 36, y + 18), (x - 36, y + 166), (x, y + 148)], WHITE, INK, 6)
                sheet.shape(
                    [(x + 108, y), (x + 144, y + 18), (x + 144, y + 166), (x + 108, y + 148)], WHITE, INK, 6
                )
                sheet.fill(box(x + 6, y + 98, 96, 46), MUSTARD)
            else:
                sheet.stroke([(x + 54, y), (x + 54, y + 148)], INK, 6)
                sheet.stroke([(x, y + 64), (x + 108, y + 64)], INK, 6)
    edge = [*_bow((-10, 724), (400, 686), (800, 712)), *_bow((800, 712), (1200, 738), (1610, 700))]
    sheet.fill([*edge, (1610, 1000), (-10, 1000)], DILL)
    sheet.stroke(edge, INK, LINE)
    for x, y in [(90, 800), (300, 960), (1180, 950), (720, 960), (1010, 800), (1500, 960), (520, 860)]:
        for away in (-10, 0, 10):
            sheet.stroke([(x + away, y), (x + away * 1.8, y - 30 + abs(away))], DILL_DARK, 5)
    _tree(sheet, 1370, 850, 1.75, mixed(DILL_DARK, DILL, 0.55))
    for number, (x, y) in enumerate(
        [(200, 900), (350, 858), (506, 834), (664, 828), (822, 834), (978, 858), (1128, 900)]
    ):
        _chair(sheet, x, y + 30, VOICES[number % 4], 1.0)
    _music_stand(sheet, 664, 990, small=True)
    return sheet


@_drawn
def coat_hooks() -> Sheet:
    """A long board of hooks in four colours, with somebody's coat on most of them."""
    sheet = Sheet(mixed(SOFT, WHITE, 0.2))
    sheet.fill(box(0, 560, 1600, 330), mixed(SKY, WHITE, 0.45))
    for x in range(0, 1640, 80):
        sheet.stroke([(x, 560), (x, 890)], mixed(SKY, WHITE, 0.1), 5)
    sheet.fill(box(0, 542, 1600, 22), WHITE)
    sheet.stroke([(0, 542), (1600, 542)], INK, 6)
    sheet.stroke([(0, 564), (1600, 564)], INK, 6)
    sheet.fill(box(0, 886, 1600, 120), mixed(MUSTARD_SOFT, MUSTARD, 0.5))
    sheet.stroke([(0, 886), (1600, 886)], INK, LINE)
    sheet.shape(box(90, 150, 1420, 96, 14), mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.35), INK, LINE)
    for x in (150, 620, 1080, 1450):
        sheet.stroke([(x - 40, 184), (x + 30, 184)], mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.6), 5)
    hooks = [180 + number * 155 for number in range(9)]
    for number, x in enumerate(hooks):
        sheet.shape(disc(x, 198, 22), VOICES[number % 4], INK, 7)
    _coat(sheet, hooks[0], 220, COBALT, 430)
    _scarf(sheet, hooks[1], 216, RHUBARB, WHITE)
    _coat(sheet, hooks[2], 220, MUSTARD, 350)
    _bag(sheet, hooks[4], 216, DILL)
    _coat(sheet, hooks[6], 220, RHUBARB_DARK, 470)
    _scarf(sheet, hooks[7] + 10, 216, SKY, MUSTARD)
    _coat(sheet, hooks[8], 220, DILL_DARK, 310, small=True)
    for x in (hooks[3], hooks[5]):
        sheet.stroke([(x, 198), (x, 238), *arc(x + 16, 238, 16, 18, 180, 20)], INK, 10)
    shoes = [
        (200, COBALT),
        (330, COBALT),
        (520, RHUBARB),
        (650, RHUBARB),
        (1000, INK_2),
        (1130, INK_2),
        (1330, MUSTARD),
        (1430, MUSTARD),
    ]
    for number, (x, colour) in enumerate(shoes):
        _shoe(sheet, x, 940 + (number % 2) * 12, colour, 0.7 if colour == MUSTARD else 1.0)
    return sheet


@_drawn
def northern_town() -> Sheet:
    """A town by the water, with mountains behind and a jetty."""
    sheet = Sheet(mixed(SKY, WHITE, 0.5))
    sheet.fill(disc(500, 190, 92), MUSTARD)
    sheet.shape(
        [(-40, 660), (260, 330), (470, 560), (760, 210), (1050, 540), (1270, 350), (1660, 660)],
        mixed(SKY, RIM, 0.3),
        INK,
        LINE,
    )
    sheet.shape([(668, 321), (760, 210), (856, 318), (806, 304), (764, 346), (716, 306)], WHITE, INK, 6)
    sheet.shape([(1192, 412), (1270, 350), (1352, 416), (1300, 400), (1262, 432)], WHITE, INK, 6)
    sheet.path(
        "M-10 640 Q300 560 640 616 T1240 596 T1610 630 V760 H-10 Z", mixed(DILL_DARK, DILL, 0.5), INK, LINE
    )
    for x, y, size in [
        (60, 640, 1.1),
        (150, 660, 0.9),
        (1380, 640, 1.2),
        (1470, 660, 0.95),
        (1550, 648, 1.3),
        (1010, 640, 0.8),
        (1080, 650, 0.95),
        (560, 640, 0.8),
    ]:
        _spruce(sheet, x, y + 40, size)
    for x, y, colour, size in [
        (270, 700, RHUBARB_DARK, 1.0),
        (420, 690, WHITE, 0.85),
        (760, 700, DILL, 0.95),
        (900, 690, RHUBARB, 0.85),
        (1190, 706, MUSTARD, 1.05),
    ]:
        _cottage(sheet, x, y, colour, size)
    _church(sheet, 565, 690)
    sheet.fill(box(0, 712, 1600, 290), SKY)
    sheet.stroke([(0, 712), (1600, 712)], INK, LINE)
    for x, y in [(120, 800), (700, 780), (1340, 820), (420, 930), (1180, 940), (880, 860), (60, 930)]:
        sheet.stroke(_bow((x, y), (x + 40, y - 22), (x + 80, y)), mixed(SKY, WHITE, 0.7), 7)
        sheet.stroke(_bow((x + 80, y), (x + 120, y - 22), (x + 160, y)), mixed(SKY, WHITE, 0.7), 7)
    sheet.path("M980 716 H1110 L1220 1000 H900 Z", mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.35), INK, LINE)
    for row, y in enumerate((762, 812, 868, 930)):
        half = 66 + (y - 716) * 0.33
        sheet.stroke([(1050 - half + row, y), (1050 + half, y)], mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.65), 5)
    _rowing_boat(sheet, 640, 880)
    return sheet


# --- what they are made of ----------------------------------------------------------------------

_POT_PARTS: dict[int, tuple[str, str, str, tuple[float, float, float], float]] = {
    1: (
        "M3.5 10h12v5.5a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4z",
        "M15.5 12.2h6",
        "M4.6 10c.4-2.4 2.3-3.6 4.9-3.6s4.5 1.2 4.9 3.6z",
        (3.1, 15.9, 10),
        19.5,
    ),
    2: (
        "M4.5 10.5h15v4.5a5.5 5.5 0 0 1-5.5 5.5h-4a5.5 5.5 0 0 1-5.5-5.5z",
        "M4.5 13H2.6M19.5 13h1.9",
        "M5.6 10.5c.5-2.7 3-4.1 6.4-4.1s5.9 1.4 6.4 4.1z",
        (4.1, 19.9, 10.5),
        20.5,
    ),
    3: (
        "M6.8 11h9.4l1.6 7.2a2.2 2.2 0 0 1-2.1 2.8H7.3a2.2 2.2 0 0 1-2.1-2.8z",
        "M17 15.2l4.2-4M6.9 11L5.8 8.8a5.9 5.9 0 0 1 11.4 0L16.1 11",
        "M8.3 11c.4-1.5 1.5-2.2 3.2-2.2s2.8.7 3.2 2.2z",
        (6.4, 16.6, 11),
        21,
    ),
    4: (
        "M5 8.5h14v10a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 5 18.5z",
        "M5 11.5H2.8v3H5M19 11.5h2.2v3H19",
        "M6.2 8.5V7.3a1.6 1.6 0 0 1 1.6-1.6h8.4a1.6 1.6 0 0 1 1.6 1.6v1.2z",
        (4.6, 19.4, 8.5),
        21,
    ),
}
_KNOBS: dict[int, Line] = {
    1: [(9.5, 6.4), (9.5, 4.8)],
    2: [(12, 6.4), (12, 4.6)],
    3: [(11.5, 8.8), (11.5, 7.8)],
    4: [(12, 5.7), (12, 3.9)],
}


def _pot(sheet: Sheet, kind: int, x: float, ground: float, size: float, *, lid_lifted: bool = False) -> None:
    """One of the four pots, standing on `ground`, `size` units to each of the symbol's 24."""
    body, ears, lid, (left, right, rim), foot = _POT_PARTS[kind]
    at = (x - (9.5 if kind == 1 else 12) * size, ground - foot * size - LINE / 2)
    thick = max(6, size * 0.72)
    colour = VOICES[kind - 1]
    sheet.path(ears, None, INK, thick, at=at, scale=size)
    sheet.path(body, colour, None, at=at, scale=size)
    shine = {1: "M5.4 12.2v3.2", 2: "M6.6 13v2.4", 3: "M8.2 13.4l-.8 4", 4: "M7.2 11v6.6"}[kind]
    sheet.path(shine, None, mixed(colour, WHITE, 0.65), thick * 0.95, at=at, scale=size)
    sheet.path(body, None, INK, thick, at=at, scale=size)
    lid_at = (at[0] - size * 0.2, at[1] - size * 1.1) if lid_lifted else at
    turn = -9 if lid_lifted else 0
    lid_at = (lid_at[0], lid_at[1] + size * 1.75) if lid_lifted else lid_at
    sheet.path(
        "M" + "L".join(f"{px} {py}" for px, py in _KNOBS[kind]),
        None,
        INK,
        thick,
        at=lid_at,
        scale=size,
        turned=turn,
    )
    sheet.path(lid, WHITE, INK, thick, at=lid_at, scale=size, turned=turn)
    sheet.stroke(
        [(at[0] + left * size, at[1] + rim * size), (at[0] + right * size, at[1] + rim * size)],
        RIM,
        thick * 1.45,
    )


def _steam(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.path("M0 0q-26 -26 0 -52t0 -52", None, GREY, 9 * max(0.8, size), at=(x, y), scale=max(0.72, size))


def _cup(sheet: Sheet, x: float, ground: float, colour: str, size: float = 1.0) -> None:
    at = (x, ground - 4)
    sheet.path("M44 -84 h22 a26 26 0 0 1 0 52 h-30", None, INK, LINE, at=at, scale=size)
    sheet.path(
        "M-54 -104 H54 V-46 A44 44 0 0 1 10 -2 H-10 A44 44 0 0 1 -54 -46 Z", colour, None, at=at, scale=size
    )
    sheet.path("M-36 -80 v30", None, mixed(colour, WHITE, 0.65), 10 * size, at=at, scale=size)
    sheet.path(
        "M-54 -104 H54 V-46 A44 44 0 0 1 10 -2 H-10 A44 44 0 0 1 -54 -46 Z",
        None,
        INK,
        LINE,
        at=at,
        scale=size,
    )
    sheet.path("M-58 -104 H58", None, RIM, 12 * size, at=at, scale=size)


def _coffee_pot(sheet: Sheet, x: float, ground: float) -> None:
    at = (x, ground - 4)
    sheet.path("M70 -250 C170 -250 176 -90 88 -70", None, INK, 26, at=at)
    sheet.path("M70 -250 C170 -250 176 -90 88 -70", None, RHUBARB_DARK, 12, at=at)
    sheet.path("M-78 -190 L-156 -262 L-128 -280 L-60 -236 Z", LINGON, INK, LINE, at=at)
    body = "M-70 -290 H70 L104 -20 Q106 0 86 0 H-86 Q-106 0 -104 -20 Z"
    sheet.path(body, LINGON, None, at=at)
    sheet.path("M-56 -240 L-72 -90", None, mixed(LINGON, WHITE, 0.5), 18, at=at)
    sheet.path(body, None, INK, LINE, at=at)
    sheet.path("M-66 -294 Q-60 -350 0 -350 T66 -294 Z", LINGON, INK, LINE, at=at)
    sheet.path("M0 -352 V-372", None, INK, 20, at=at)
    sheet.path("M-78 -292 H78", None, RIM, 16, at=at)
    for number, away in enumerate((-40, 0, 40)):
        _steam(sheet, x - 140 + away, ground - 310 - (number == 1) * 20, 0.95)


def _buns(sheet: Sheet, x: float, ground: float) -> None:
    brown = mixed(MUSTARD, MUSTARD_DARK, 0.35)
    for away, up in [(-78, 70), (4, 70), (86, 70), (-36, 136), (46, 136)]:
        middle = (x + away, ground - up)
        sheet.shape(disc(*middle, 48, 42), brown, INK, LINE)
        spiral = [
            (middle[0] + (36 - n * 0.52) * cos(n / 5), middle[1] + (30 - n * 0.44) * sin(n / 5))
            for n in range(60)
        ]
        sheet.stroke(spiral, MUSTARD_DARK, 6)
        for dx, dy in [(-14, -12), (10, -16), (18, 8), (-8, 14)]:
            sheet.fill(disc(middle[0] + dx, middle[1] + dy, 4), WHITE)
    sheet.path("M-160 -34 H160 Q140 -4 100 -4 H-100 Q-140 -4 -160 -34 Z", WHITE, INK, LINE, at=(x, ground))
    sheet.path("M-166 -34 H166", None, RIM, 12, at=(x, ground))


def _vase(sheet: Sheet, x: float, ground: float) -> None:
    for turn, height, colour in [(-18, 300, MUSTARD), (0, 350, RHUBARB), (19, 290, WHITE)]:
        stem = tilted([(x, ground - 110), (x, ground - height)], turn, (x, ground - 60))
        sheet.stroke(stem, DILL_DARK, 9)
        top = stem[1]
        for petal in range(0, 360, 60):
            sheet.shape(disc(*tilted([(top[0], top[1] - 30)], petal, top)[0], 20), colour, INK, 5)
        sheet.shape(disc(*top, 17), MUSTARD_DARK if colour == MUSTARD else MUSTARD, INK, 5)
    sheet.path("M-46 -190 H46 L60 -20 Q60 -4 44 -4 H-44 Q-60 -4 -60 -20 Z", SKY, INK, LINE, at=(x, ground))
    sheet.path("M-54 -190 H54", None, RIM, 14, at=(x, ground))
    sheet.path("M-30 -150 L-38 -70", None, mixed(SKY, WHITE, 0.65), 12, at=(x, ground))


def _skin(share: float) -> str:
    """A skin from the palette's own brown and rose, lighter or darker."""
    return mixed(mixed(MUSTARD_SOFT, RHUBARB, 0.35), MUSTARD_DARK, share)


def _person(sheet: Sheet, x: float, y: float, *, jumper: str, skin: str, hair: str, style: str) -> None:
    """Somebody in front of a camera, from the shoulders up."""
    if style == "long":
        sheet.path("M-78 -150 C-96 -260 96 -260 78 -150 L88 -60 H-88 Z", hair, INK, 7, at=(x, y))
    sheet.path("M-150 20 C-150 -60 -90 -84 -40 -92 H40 C90 -84 150 -60 150 20 Z", jumper, INK, 7, at=(x, y))
    sheet.path("M-26 -120 H26 V-88 Q0 -64 -26 -88 Z", skin, INK, 6, at=(x, y))
    sheet.shape(disc(x, y - 165, 62, 70), skin, INK, 7)
    if style == "short":
        sheet.path(
            "M-64 -168 C-70 -262 70 -262 64 -168 C50 -196 20 -206 -10 -204 C-36 -202 -54 -192 -64 -168 Z",
            hair,
            INK,
            6,
            at=(x, y),
        )
        for side in (-27, 27):
            sheet.shape(disc(x + side, y - 160, 20), None, INK, 5)
        sheet.stroke([(x - 7, y - 160), (x + 7, y - 160)], INK, 5)
    else:
        sheet.path(
            "M-64 -160 C-70 -258 70 -258 64 -160 C52 -200 8 -206 -6 -214 C-20 -196 -54 -192 -64 -160 Z",
            hair,
            INK,
            6,
            at=(x, y),
        )
    for side in (-26, 26):
        sheet.fill(disc(x + side, y - 160, 6.5), INK)
    sheet.stroke(_bow((x - 22, y - 126), (x, y - 108), (x + 22, y - 126)), INK, 6)


def _camera_off(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill(disc(x, y, 78), mixed(INK, SKY, 0.32))
    sheet.shape(box(x - 44, y - 26, 60, 52, 12), None, WHITE, 8)
    sheet.shape([(x + 18, y - 6), (x + 44, y - 24), (x + 44, y + 24), (x + 18, y + 6)], None, WHITE, 8)
    sheet.stroke([(x - 50, y - 48), (x + 50, y + 48)], mixed(INK, SKY, 0.32), 22)
    sheet.stroke([(x - 50, y - 48), (x + 50, y + 48)], RHUBARB, 9)


def _shelf_of_books(sheet: Sheet, x: float, y: float) -> None:
    for number, (height, colour) in enumerate([(60, RHUBARB), (72, DILL), (54, SKY), (66, MUSTARD)]):
        sheet.shape(box(x + number * 26, y - height, 22, height, 3), colour, INK, 5)
    sheet.stroke([(x - 10, y), (x + 120, y)], INK, 8)


def _plant(sheet: Sheet, x: float, ground: float, size: float) -> None:
    for turn in (-50, -22, 8, 36):
        leaf = [(0, 0), *_bow((0, 0), (-34, -70), (0, -150)), *_bow((0, -150), (34, -70), (0, 0))]
        placed = tilted(
            [(x + px * size, ground - 60 * size + py * size) for px, py in leaf],
            turn,
            (x, ground - 60 * size),
        )
        sheet.shape(placed, DILL, INK, 6)
    sheet.path("M-46 -80 H46 L34 0 H-34 Z", RHUBARB_DARK, INK, 7, at=(x, ground), scale=size)


def _pencil(sheet: Sheet, x: float, y: float) -> None:
    whole = tilted(box(x - 90, y - 11, 150, 22), -24, (x, y))
    tip = tilted([(x + 60, y - 11), (x + 96, y), (x + 60, y + 11)], -24, (x, y))
    sheet.shape(whole, RHUBARB, INK, 6)
    sheet.shape(tip, MUSTARD_SOFT, INK, 6)


def _bow(start: Point, pull: Point, end: Point) -> Line:
    return [
        (
            (1 - share) ** 2 * start[0] + 2 * share * (1 - share) * pull[0] + share**2 * end[0],
            (1 - share) ** 2 * start[1] + 2 * share * (1 - share) * pull[1] + share**2 * end[1],
        )
        for share in (step / 30 for step in range(31))
    ]


def _skyline(sheet: Sheet, number: int, x: float, ground: float) -> None:
    """A town in a circle: a church in the north, a tower by the lake, chimneys, a bridge with a crane."""
    sheet.fill(box(x - 160, ground, 320, 120), (DILL, SKY, DILL, SKY)[number])
    sheet.stroke([(x - 160, ground), (x + 160, ground)], INK, 7)
    if number == 0:
        _spruce(sheet, x - 94, ground + 2, 0.62)
        _cottage(sheet, x - 24, ground, RHUBARB_DARK, 0.62)
        _church(sheet, x + 66, ground, 0.66)
    elif number == 1:
        sheet.shape(box(x - 20, ground - 150, 40, 150), RHUBARB, INK, 6)
        sheet.shape([(x - 30, ground - 150), (x, ground - 196), (x + 30, ground - 150)], RIM, INK, 6)
        _cottage(sheet, x - 84, ground, MUSTARD, 0.62)
        _cottage(sheet, x + 80, ground, WHITE, 0.6)
    elif number == 2:
        for away, height in [(-96, 130), (-52, 166)]:
            sheet.shape(box(x + away, ground - height, 28, height), RHUBARB_DARK, INK, 6)
        sheet.shape(box(x - 20, ground - 92, 136, 92), MUSTARD, INK, 6)
        for away in (0, 44, 88):
            sheet.shape(box(x + away - 10, ground - 66, 26, 34), SOFT, INK, 5)
    else:
        for away in (-72, 72):
            sheet.stroke([(x + away, ground), (x + away, ground - 140)], INK, 10)
        sheet.stroke([(x - 170, ground - 30), (x + 170, ground - 30)], INK, 8)
        sheet.stroke(_bow((x - 72, ground - 138), (x, ground + 50), (x + 72, ground - 138)), INK, 6)
        for side in (-1, 1):
            sheet.stroke([(x + side * 72, ground - 138), (x + side * 170, ground - 40)], INK, 6)


def _block(
    sheet: Sheet,
    x: float,
    top: float,
    width: float,
    height: float,
    colour: str,
    *,
    columns: int,
    rows: int,
    lit: set[int],
) -> None:
    """A block of flats with light in some of its windows."""
    sheet.shape(box(x, top, width, height), colour, INK, LINE)
    sheet.fill(box(x - 12, top - 16, width + 24, 26), INK)
    across = width / columns
    down = (height - 60) / rows
    for number in range(columns * rows):
        left, upper = x + (number % columns + 0.5) * across - 34, top + 40 + number // columns * down
        sheet.shape(
            box(left, upper, 68, min(88, down - 34), 4),
            MUSTARD if number in lit else mixed(RIM, INK, 0.4),
            INK,
            6,
        )
        if number in lit:
            sheet.stroke([(left + 34, upper), (left + 34, upper + min(88, down - 34))], INK, 5)


def _balcony(sheet: Sheet, x: float, y: float, *, pot: bool = True) -> None:
    if pot:
        _pot(sheet, 2, x + 62, y, 4.6)
    sheet.fill(box(x - 10, y, 150, 60), mixed(INK, SKY, 0.35))
    for away in range(0, 141, 20):
        sheet.stroke([(x - 8 + away, y), (x - 8 + away, y + 58)], INK, 5)
    sheet.stroke([(x - 16, y), (x + 146, y)], INK, 9)
    sheet.stroke([(x - 16, y + 60), (x + 146, y + 60)], INK, 9)


def _tree(sheet: Sheet, x: float, ground: float, size: float, colour: str) -> None:
    sheet.path(
        "M-16 0 L-11 -150 H11 L16 0 Z",
        mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.75),
        INK,
        LINE,
        at=(x, ground),
        scale=size,
    )
    crown = "M0 -330 C76 -336 112 -282 100 -236 C130 -190 96 -124 36 -132 C12 -112 -24 -114 -42 -132 C-104 -126 -128 -192 -96 -238 C-112 -290 -66 -336 0 -330 Z"
    sheet.path(crown, colour, INK, LINE, at=(x, ground), scale=size)
    for px, py in [(-44, -250), (10, -284), (46, -222), (-20, -190)]:
        sheet.path(
            "M0 0q14 -14 28 0",
            None,
            mixed(colour, DILL_DARK, 0.6),
            6,
            at=(x + px * size, ground + py * size),
            scale=size,
        )


def _spruce(sheet: Sheet, x: float, ground: float, size: float) -> None:
    sheet.path("M-8 0 V-24 H8 V0 Z", MUSTARD_DARK, INK, 6, at=(x, ground), scale=size)
    sheet.path(
        "M0 -176 L34 -112 H20 L50 -62 H32 L62 -18 H-62 L-32 -62 H-50 L-20 -112 H-34 Z",
        DILL_DARK,
        INK,
        6,
        at=(x, ground),
        scale=size,
    )


def _cottage(sheet: Sheet, x: float, ground: float, colour: str, size: float) -> None:
    at = (x, ground)
    sheet.path("M28 -156 H52 V-96 H28 Z", RHUBARB_DARK, INK, 6, at=at, scale=size)
    sheet.path("M-62 -92 H62 V0 H-62 Z", colour, INK, 7, at=at, scale=size)
    sheet.path("M-78 -88 L0 -158 L78 -88 Z", INK_2, INK, 7, at=at, scale=size)
    sheet.path("M-42 -68 H-8 V-34 H-42 Z", MUSTARD_SOFT, INK, 5, at=at, scale=size)
    sheet.path("M12 -66 H42 V0 H12 Z", WHITE if colour != WHITE else RHUBARB, INK, 5, at=at, scale=size)


def _church(sheet: Sheet, x: float, ground: float, size: float = 1.0) -> None:
    at = (x, ground)
    sheet.path("M-20 -84 H84 V0 H-20 Z", WHITE, INK, 7, at=at, scale=size)
    sheet.path("M-24 -82 L0 -130 H72 L92 -82 Z", RIM, INK, 7, at=at, scale=size)
    sheet.path("M-48 -150 H4 V0 H-48 Z", WHITE, INK, 7, at=at, scale=size)
    sheet.path("M-56 -148 L-22 -252 L12 -148 Z", RIM, INK, 7, at=at, scale=size)
    sheet.path("M-34 0 V-34 Q-22 -52 -10 -34 V0 Z", RHUBARB_DARK, INK, 5, at=at, scale=size)
    sheet.path("M20 -50 h22 v24 h-22 z M52 -50 h22 v24 h-22 z", SOFT, INK, 5, at=at, scale=size)


def _chair(sheet: Sheet, x: float, ground: float, colour: str, size: float) -> None:
    """A chair seen from the front."""
    at = (x, ground)
    for side in (-1, 1):
        sheet.path(f"M{side * 42} -66 L{side * 46} 0", None, INK, 9 * size, at=at, scale=size)
        sheet.path(f"M{side * 34} -70 L{side * 32} -18", None, INK, 7 * size, at=at, scale=size)
    sheet.path(
        "M-40 -176 Q-40 -196 -22 -196 H22 Q40 -196 40 -176 V-84 H-40 Z",
        colour,
        INK,
        LINE * max(0.8, size),
        at=at,
        scale=size,
    )
    sheet.path("M-20 -168 H20", None, mixed(colour, WHITE, 0.6), 9 * size, at=at, scale=size)
    sheet.path(
        "M-50 -94 H50 Q56 -94 56 -84 L58 -70 Q58 -62 50 -62 H-50 Q-58 -62 -58 -70 L-56 -84 Q-56 -94 -50 -94 Z",
        mixed(colour, INK, 0.12),
        INK,
        LINE * max(0.8, size),
        at=at,
        scale=size,
    )


def _chair_back(sheet: Sheet, x: float, ground: float, colour: str) -> None:
    sheet.path("M-74 0 V-150 Q-74 -190 -36 -190 H36 Q74 -190 74 -150 V0 Z", colour, INK, LINE, at=(x, ground))
    sheet.path("M-36 -152 H36", None, mixed(colour, WHITE, 0.6), 14, at=(x, ground))


def _bench(sheet: Sheet, x: float, ground: float) -> None:
    for side in (-90, 90):
        sheet.stroke([(x + side, ground), (x + side, ground - 60)], INK, 10)
    for up in (56, 92, 118):
        sheet.shape(
            box(x - 120, ground - up - 10, 240, 20, 4), mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.5), INK, 6
        )


def _piano(sheet: Sheet, x: float, ground: float) -> None:
    sheet.shape(box(x, ground - 250, 290, 300, 8), RIM, INK, LINE)
    sheet.shape(box(x - 14, ground - 268, 318, 30, 6), COBALT, INK, LINE)
    sheet.shape(box(x - 6, ground - 110, 330, 56, 6), COBALT, INK, LINE)
    sheet.shape(box(x + 10, ground - 124, 296, 26), WHITE, INK, 6)
    for away in range(1, 14):
        sheet.stroke([(x + 10 + away * 21, ground - 122), (x + 10 + away * 21, ground - 100)], INK, 4)
    for away in (1, 2, 4, 5, 6, 8, 9, 11, 12, 13):
        sheet.fill(box(x + 4 + away * 21, ground - 122, 12, 14), INK)
    sheet.shape(box(x + 70, ground - 218, 150, 84, 4), WHITE, INK, 6)
    for row in range(4):
        sheet.stroke(
            [(x + 88, ground - 198 + row * 16), (x + 202 - row * 14, ground - 198 + row * 16)], GREY, 4
        )


def _notice_board(sheet: Sheet, x: float, y: float) -> None:
    sheet.shape(box(x, y, 240, 190, 8), mixed(MUSTARD_SOFT, MUSTARD_DARK, 0.3), INK, LINE)
    for px, py, turn, colour in [
        (24, 24, -4, WHITE),
        (132, 20, 5, DILL),
        (30, 104, 4, SKY),
        (136, 100, -5, RHUBARB),
    ]:
        sheet.shape(tilted(box(x + px, y + py, 84, 66, 3), turn, (x + px + 42, y + py + 33)), colour, INK, 5)
        sheet.fill(disc(x + px + 42, y + py + 6, 8), LINGON)


def _music_stand(sheet: Sheet, x: float, ground: float, *, small: bool = False) -> None:
    size = 0.62 if small else 0.9
    at = (x, ground)
    sheet.path("M0 -20 V-190", None, INK, 12 * size, at=at, scale=size)
    sheet.path("M-60 0 L0 -40 L60 0", None, INK, 12 * size, at=at, scale=size)
    sheet.path("M-112 -310 H112 L124 -190 H-124 Z", INK_2, INK, LINE, at=at, scale=size)
    sheet.path("M-92 -330 L0 -318 L92 -330 L98 -206 L0 -196 L-98 -206 Z", WHITE, INK, 7, at=at, scale=size)
    sheet.path("M0 -318 V-198", None, INK, 6, at=at, scale=size)
    for row in range(3):
        y = -296 + row * 28
        sheet.path(f"M-78 {y} L-18 {y + 8} M18 {y + 8} L78 {y}", None, GREY, 6, at=at, scale=size)


def _boat(sheet: Sheet, x: float, y: float) -> None:
    sheet.path("M-100 40 H100 L66 88 H-66 Z", RHUBARB_DARK, INK, 7, at=(x, y))
    sheet.path("M0 30 V-108", None, INK, 9, at=(x, y))
    sheet.path("M10 -104 L86 20 H10 Z", WHITE, INK, 7, at=(x, y))
    sheet.path("M-10 -84 L-70 20 H-10 Z", SKY, INK, 7, at=(x, y))
    sheet.path("M-130 108q22 -18 44 0t44 0t44 0t44 0t44 0t44 0", None, SKY_DARK, 8, at=(x, y))


def _sun(sheet: Sheet, x: float, y: float) -> None:
    for turn in range(0, 360, 45):
        sheet.stroke(tilted([(x, y - 84), (x, y - 118)], turn, (x, y)), INK, 12)
    sheet.shape(disc(x, y, 62), MUSTARD, INK, 7)


def _small_house(sheet: Sheet, x: float, y: float) -> None:
    _cottage(sheet, x, y + 104, RHUBARB_DARK, 1.4)


def _bridge(sheet: Sheet, x: float, y: float) -> None:
    sheet.path("M-140 60 V0 Q0 -110 140 0 V60 H96 A96 78 0 0 0 -96 60 Z", RHUBARB_SOFT, INK, 7, at=(x, y))
    sheet.path("M-140 0 Q0 -110 140 0", None, INK, 10, at=(x, y))
    for away, up in [(-92, -34), (-46, -52), (0, -58), (46, -52), (92, -34)]:
        sheet.stroke([(x + away, y + up + 2), (x + away, y + up - 36)], INK, 6)
    sheet.path("M-140 -36 Q0 -150 140 -36", None, INK, 6, at=(x, y))
    sheet.path("M-132 92q22 -18 44 0t44 0t44 0t44 0t44 0t44 0", None, SKY_DARK, 8, at=(x, y))


def _heart(sheet: Sheet, x: float, y: float) -> None:
    sheet.path(
        "M0 100 C-130 20 -124 -90 -54 -90 C-22 -90 -6 -66 0 -48 C6 -66 22 -90 54 -90 C124 -90 130 20 0 100 Z",
        RHUBARB,
        INK,
        8,
        at=(x, y),
    )
    sheet.path("M-72 -42 C-70 -58 -62 -64 -50 -64", None, WHITE, 10, at=(x, y))


def _key(sheet: Sheet, x: float, y: float) -> None:
    for width, colour in ((38, INK), (22, MUSTARD)):
        sheet.stroke([(x - 20, y), (x + 120, y)], colour, width)
        sheet.stroke([(x + 112, y), (x + 112, y + 46)], colour, width)
        sheet.stroke([(x + 62, y), (x + 62, y + 36)], colour, width)
        ring = disc(x - 74, y, 50)
        sheet.stroke([*ring, ring[0]], colour, width)


def _windows(sheet: Sheet, x: float, top: float, width: float, height: float, number: int) -> None:
    across, rows = max(2, round(width / 62)), 4 if height > 240 else 3
    for row in range(rows):
        for column in range(across):
            left = x + (column + 0.5) * width / across - 15
            upper = top + 34 + row * (height - 40) / rows
            is_ours = number == 1 and row == 0 and column == 1
            colour = (
                MUSTARD
                if is_ours
                else mixed(WHITE, SOFT, 0.5)
                if (row + column + number) % 3
                else mixed(RIM, SKY, 0.3)
            )
            sheet.shape(
                box(
                    left - (5 if is_ours else 0),
                    upper - (5 if is_ours else 0),
                    40 if is_ours else 30,
                    48 if is_ours else 36,
                    2,
                ),
                colour,
                INK,
                6 if is_ours else 5,
            )


def _suspension_bridge(sheet: Sheet) -> None:
    for x in (820, 1140):
        sheet.shape(box(x - 13, 330, 26, 380, 4), RIM, INK, 6)
    sheet.shape(box(640, 596, 980, 22), RIM, INK, 6)
    cable = _bow((820, 340), (980, 820), (1140, 340))
    sheet.stroke(cable, INK, 7)
    sheet.stroke(_bow((820, 340), (740, 560), (660, 596)), INK, 7)
    sheet.stroke(_bow((1140, 340), (1300, 580), (1600, 594)), INK, 7)
    for x, y in cable[3:-3:3]:
        sheet.stroke([(x, y), (x, 596)], INK, 4)


def _crane(sheet: Sheet, x: float, ground: float) -> None:
    for side in (-1, 1):
        sheet.stroke([(x + side * 74, ground), (x + side * 34, ground - 190)], LINGON, 18)
    sheet.stroke([(x - 60, ground - 70), (x + 60, ground - 70)], LINGON, 12)
    sheet.stroke([(x - 60, ground - 72), (x + 44, ground - 176)], LINGON, 9)
    sheet.shape(box(x - 56, ground - 270, 112, 84, 6), LINGON, INK, LINE)
    sheet.shape(box(x - 40, ground - 254, 42, 38, 4), SOFT, INK, 6)
    sheet.stroke([(x + 20, ground - 266), (x + 220, ground - 440)], LINGON, 16)
    sheet.stroke([(x - 20, ground - 268), (x + 40, ground - 350), (x + 220, ground - 440)], INK, 6)
    sheet.stroke([(x + 220, ground - 440), (x + 220, ground - 250)], INK, 5)
    sheet.stroke(arc(x + 220, ground - 236, 14, 14, -90, 150), INK, 7)


def _ferry(sheet: Sheet, x: float, y: float) -> None:
    sheet.shape(box(x - 90, y - 108, 170, 52, 8), WHITE, INK, LINE)
    for away in (-66, -20, 26):
        sheet.shape(box(x + away, y - 96, 30, 24, 4), SKY, INK, 5)
    sheet.shape(box(x - 30, y - 152, 70, 46, 6), MUSTARD, INK, LINE)
    sheet.path("M-150 -60 H150 L118 0 H-118 Z", RIM, INK, LINE, at=(x, y))
    sheet.path("M-136 -34 H136", None, WHITE, 8, at=(x, y))
    sheet.path("M-170 10q24 -18 48 0t48 0t48 0t48 0t48 0t48 0t48 0", None, WHITE, 8, at=(x, y))


def _rowing_boat(sheet: Sheet, x: float, y: float) -> None:
    sheet.path(
        "M-150 -40 H150 C140 10 96 24 60 24 H-60 C-96 24 -140 10 -150 -40 Z", RHUBARB, INK, LINE, at=(x, y)
    )
    sheet.path("M-158 -40 H158", None, RIM, 13, at=(x, y))
    sheet.path("M-60 -44 L-170 40", None, INK, 16, at=(x, y))
    sheet.path("M-60 -44 L-170 40", None, MUSTARD, 6, at=(x, y))
    sheet.path("M150 -44 C230 -30 250 -70 322 -62", None, INK, 6, at=(x, y))
    sheet.path("M-190 44q24 -18 48 0t48 0t48 0t48 0t48 0t48 0t48 0", None, WHITE, 8, at=(x, y))


def _coat(sheet: Sheet, x: float, y: float, colour: str, length: float, *, small: bool = False) -> None:
    size = 0.8 if small else 1.0
    wide = 96 * size
    sheet.path(
        f"M-30 40 C-76 52 -92 90 -{wide} {length - 60} L-{wide - 34} {length - 50} L-54 170",
        colour,
        INK,
        LINE,
        at=(x, y),
    )
    sheet.path(
        f"M30 40 C76 52 92 90 {wide} {length - 60} L{wide - 34} {length - 50} L54 170",
        colour,
        INK,
        LINE,
        at=(x, y),
    )
    sheet.path(
        f"M-30 36 Q0 20 30 36 Q66 60 60 170 L72 {length} Q0 {length + 16} -72 {length} L-60 170 Q-66 60 -30 36 Z",
        colour,
        INK,
        LINE,
        at=(x, y),
    )
    sheet.path(f"M0 64 V{length + 2}", None, INK, 6, at=(x, y))
    sheet.path("M-26 36 L0 70 L26 36", mixed(colour, WHITE, 0.35), INK, 6, at=(x, y))
    for down in range(110, round(length) - 40, 70):
        sheet.fill(disc(x + 18, y + down, 8), WHITE)
    sheet.stroke([(x, y + 30), (x, y - 6)], INK, 8)


def _scarf(sheet: Sheet, x: float, y: float, colour: str, stripe: str) -> None:
    for side, length in ((-1, 270), (1, 210)):
        strip = [
            (x, y - 14),
            (x + side * 46, y + 20),
            (x + side * 40, y + length),
            (x + side * 2, y + length),
        ]
        sheet.fill(strip, colour)
        for down in (120, 170):
            sheet.fill(box(x + (2 if side > 0 else -42), y + down, 40, 20), stripe)
        sheet.stroke([*strip, strip[0]], INK, 7)
        for fringe in range(4):
            at = x + side * (6 + fringe * 11)
            sheet.stroke([(at, y + length), (at, y + length + 26)], INK, 5)


def _bag(sheet: Sheet, x: float, y: float, colour: str) -> None:
    sheet.path("M-46 130 C-46 10 -16 -16 0 -16 C16 -16 46 10 46 130", None, INK, 10, at=(x, y))
    sheet.path("M-74 120 H74 L88 270 Q88 284 74 284 H-74 Q-88 284 -88 270 Z", colour, INK, LINE, at=(x, y))
    _pot_sign(sheet, x, y + 206)


def _pot_sign(sheet: Sheet, x: float, y: float) -> None:
    body, ears, lid, _rim, _foot = _POT_PARTS[2]
    at = (x - 12 * 3.6, y - 13 * 3.6)
    for part in (ears, body, lid):
        sheet.path(part, None, INK, 5, at=at, scale=3.6)


def _shoe(sheet: Sheet, x: float, ground: float, colour: str, size: float) -> None:
    sheet.path("M-52 -62 H-8 C0 -36 60 -36 64 -8 V0 H-52 Z", colour, INK, 7, at=(x, ground), scale=size)
    sheet.path("M-58 0 H68", None, INK, 13 * size, at=(x, ground), scale=size)
    sheet.path("M-2 -42 l14 -10 M14 -34 l14 -10", None, WHITE, 6 * size, at=(x, ground), scale=size)


def names() -> Sequence[str]:
    """Every picture there is."""
    return tuple(DRAWINGS)
