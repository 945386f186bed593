"""What is kept of pictures: found again by all that it was made of, and by nothing less."""

from collections.abc import Callable
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from issue_publisher.layout.model import Pictures
from issue_publisher.layout.reader import read_layout
from issue_publisher.pictures import (
    WHOLE,
    Picture,
    PictureError,
    PreparedPicture,
    key_of,
    open_picture,
    picture_for_press,
    picture_for_screen,
    raster,
)

BOX = (120.0, 90.0)
Prepare = Callable[["Remembered"], PreparedPicture]


class Remembered(dict[str, bytes]):
    """Keeps everything, and lets itself be looked at."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data

    def key_of(self, work: Callable[["Remembered"], object]) -> str:
        """The one key that some work asks for."""
        asked = Remembered()
        work(asked)
        (key,) = asked
        return key


@pytest.fixture(scope="module")
def settings(repository: Path) -> Pictures:
    folder = repository / "layouts" / "broadsheet"
    return read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder).pictures


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def picture(settings: Pictures) -> Picture:
    return open_picture("a.png", encoded(Image.effect_mandelbrot((320, 240), (-2, -1, 1, 1), 60)), settings)


def test_what_is_kept_is_what_would_be_made(
    picture: Picture, settings: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Remembered()
    works: tuple[Prepare, ...] = (
        lambda kept: picture_for_press(picture, *BOX, (0.0, 0.25, 1.0, 0.75), settings, kept),
        lambda kept: picture_for_screen(picture, settings, kept),
    )
    alone = [work(Remembered()) for work in works]
    assert [work(kept) for work in works] == alone
    monkeypatch.setattr(raster, "upright", lambda *_: pytest.fail("it was made again"))
    assert [work(kept) for work in works] == alone


def test_a_good_picture_is_decoded_once(settings: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Remembered()
    photograph = encoded(Image.linear_gradient("L"), "JPEG")
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"/>'
    opened = [open_picture("a", data, settings, kept) for data in (photograph, drawing)]
    assert opened == [open_picture("a", data, settings) for data in (photograph, drawing)]
    monkeypatch.setattr(raster, "check_raster", lambda *_: pytest.fail("it was decoded again"))
    assert opened == [open_picture("a", data, settings, kept) for data in (photograph, drawing)]


def test_a_bad_picture_is_bad_every_time(settings: Pictures) -> None:
    kept = Remembered()
    data = encoded(Image.linear_gradient("L"), "JPEG")[:-200]
    for _ in range(2):
        with pytest.raises(PictureError, match="truncated"):
            open_picture("a.jpg", data, settings, kept)
    assert not kept


@pytest.mark.parametrize("name", [one.name for one in fields(Pictures)])
def test_any_setting_that_changes_gives_another_key(name: str, picture: Picture, settings: Pictures) -> None:
    def keys(used: Pictures) -> list[str]:
        works: list[Callable[[Remembered], object]] = [
            lambda kept: picture_for_press(picture, *BOX, WHOLE, used, kept),
            lambda kept: picture_for_screen(picture, used, kept),
            lambda kept: open_picture(picture.src, picture.data, used, kept),
        ]
        return [Remembered().key_of(work) for work in works]

    other = replace(settings, **{name: getattr(settings, name) / 2})
    assert len({*keys(settings), *keys(other)}) == 6


def test_another_picture_box_crop_or_use_gives_another_key(picture: Picture, settings: Pictures) -> None:
    other = open_picture("a.png", encoded(Image.linear_gradient("L")), settings)
    works: list[Prepare] = [
        lambda kept: picture_for_press(picture, *BOX, WHOLE, settings, kept),
        lambda kept: picture_for_press(other, *BOX, WHOLE, settings, kept),
        lambda kept: picture_for_press(picture, 120.5, 90.0, WHOLE, settings, kept),
        lambda kept: picture_for_press(picture, 120.0, 90.5, WHOLE, settings, kept),
        lambda kept: picture_for_press(picture, *BOX, (0.0, 0.0, 1.0, 0.9), settings, kept),
        lambda kept: picture_for_screen(picture, settings, kept),
        lambda kept: picture_for_screen(other, settings, kept),
    ]
    assert len({Remembered().key_of(work) for work in works}) == len(works)


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"image/jpeg 10 10", b"image/gif 10 10\nGIF8", b"image/png 0 10\n", b"\xff\xfe\0"],
)
def test_what_cannot_be_a_picture_is_made_again(data: bytes, picture: Picture, settings: Pictures) -> None:
    made = picture_for_screen(picture, settings)
    key = Remembered().key_of(lambda kept: picture_for_screen(picture, settings, kept))
    kept = Remembered({key: data})
    assert picture_for_screen(picture, settings, kept) == made
    assert kept[key] == made.to_bytes()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'["PDF", 3, 4]', b'["JPEG", "3", 4]', b"\xff"])
def test_facts_that_cannot_be_are_found_again(data: bytes, picture: Picture, settings: Pictures) -> None:
    key = Remembered().key_of(lambda kept: open_picture(picture.src, picture.data, settings, kept))
    assert open_picture(picture.src, picture.data, settings, Remembered({key: data})) == picture


def test_keys_tell_parts_apart() -> None:
    keys = [key_of("a", "b"), key_of("a", "b", None), key_of("ab"), key_of("a", ["b"]), key_of("a", 1, "b")]
    assert len(set(keys)) == len(keys)
    assert key_of("a", {"x": 1, "y": 2}) == key_of("a", {"y": 2, "x": 1})
