"""Decoded photos, and what a model has seen in them."""

import os
import sys
from ctypes import byref, c_char_p, c_int32, c_size_t, c_void_p
from typing import Any, Optional, Protocol, Tuple, Union

import numpy as np
import numpy.typing as npt

from ._declarations import PhotoOptions
from ._handle import Handle
from ._library import check, initialised, library, text_of, unsigned
from .errors import InvalidArgument


class PilImage(Protocol):
    """What is used of a PIL.Image.Image."""

    def convert(self, mode: str) -> Any: ...


Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, "npt.NDArray[np.uint8]", PilImage]


class Photo(Handle):
    """A decoded photo: 8-bit RGB, upright, 3 bytes a pixel. Immutable."""

    _free_name = "paa_photo_free"

    def __init__(self, source: Source, *, max_bytes: Optional[int] = None, max_pixels: Optional[int] = None) -> None:
        """Reads or copies a photo.

        Args:
            source: One of
                - a path of a JPEG, PNG, BMP, GIF (first frame), PSD, TGA or PNM file;
                - the bytes of such a file;
                - an (height, width, 3) uint8 array, sRGB, top row first. Rows may lie apart (a crop), but within a row
                  the bytes must follow each other; others are refused: np.ascontiguousarray makes them fit;
                - a PIL image, turned upright by its EXIF orientation and converted to RGB as Pillow does it.
            max_bytes: Limit of an encoded photo; default 256 MiB. Of no meaning for arrays and PIL images.
            max_pixels: Limit of width * height; default 200 * 2**20. Arrays and PIL images have the default always.

        Errors: NotFound, IoError, BadFormat (no image, empty, truncated, damaged), Unsupported (WebP, HEIC, AVIF ...),
        LimitExceeded, InvalidArgument, OutOfMemory; TypeError for another kind of source.
        """
        pointer = c_void_p()
        if isinstance(source, (str, os.PathLike)):
            name = os.fsencode(source)
            options = _options(max_bytes, max_pixels)
            check(library().paa_photo_read(byref(pointer), name, len(name), byref(options)))
        elif isinstance(source, (bytes, bytearray, memoryview)):
            if not isinstance(source, bytes) and not memoryview(source).c_contiguous:
                raise InvalidArgument("the bytes of a photo must follow each other")
            data = np.frombuffer(source, np.uint8) if len(source) else np.empty(0, np.uint8)
            options = _options(max_bytes, max_pixels)
            check(library().paa_photo_decode(byref(pointer), data.ctypes.data, data.size, byref(options)))
        elif isinstance(source, np.ndarray):
            _copy_array(pointer, source)
        elif _is_pil(source):
            _copy_array(pointer, _pil_array(source))
        else:
            raise TypeError(f"a photo is a path, bytes, an array or a PIL image, not {type(source).__name__}")
        self._take(pointer)

    @property
    def size(self) -> Tuple[int, int]:
        """(width, height) in pixels, after the orientation."""
        owned = self._use()
        width, height = c_int32(), c_int32()
        check(library().paa_photo_size(byref(width), byref(height), owned.pointer))
        return width.value, height.value


    @property
    def hash(self) -> str:
        """What tells this photo from all others: 64 hexadecimal digits, the SHA-256 of its file's bytes.

        Of arrays and PIL images that of the PPM file with these pixels. Error: InvalidArgument (a photo of Model.fit).
        """
        owned = self._use()
        data, size = c_char_p(), c_size_t()
        check(library().paa_photo_hash(byref(data), byref(size), owned.pointer))
        return text_of(data.value)


class Tokens(Handle):
    """A photo as one model has seen it; from Model.encode. Immutable. Of use with a model of the same hash only."""

    _free_name = "paa_tokens_free"

    def __init__(self) -> None:
        raise TypeError("Model.encode makes these")


def _options(max_bytes: Optional[int], max_pixels: Optional[int]) -> PhotoOptions:
    options = initialised(PhotoOptions, "paa_photo_options_init")
    for name, value in (("max_bytes", max_bytes), ("max_pixels", max_pixels)):
        if value is not None:
            setattr(options, name, unsigned(name, value))
    return options


def _copy_array(pointer: c_void_p, array: "npt.NDArray[Any]") -> None:
    """The library copies the pixels from where they lie."""
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise InvalidArgument(f"a photo's array has the shape (height, width, 3) and the type uint8, "
                              f"not {array.shape} and {array.dtype}")
    height, width = array.shape[:2]
    if not (0 < height < 2**31 and 0 < width < 2**31):
        raise InvalidArgument(f"a photo of {width} x {height} pixels")
    # The stride of an axis of length 1 says nothing.
    row = array.strides[0] if height > 1 else 3 * width
    if array.strides[2] != 1 or (width > 1 and array.strides[1] != 3) or row < 3 * width:
        raise InvalidArgument(f"the strides {array.strides} are flipped, transposed, overlapping or leave out pixels; "
                              "np.ascontiguousarray(array) makes them fit")
    check(library().paa_photo_from_rgb(byref(pointer), array.ctypes.data, row * (height - 1) + 3 * width, width,
                                       height, row))


def _is_pil(source: object) -> bool:
    """Without importing Pillow: who has an image has imported it."""
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(source, module.Image)


def _pil_array(image: Any) -> "npt.NDArray[np.uint8]":
    from PIL import ImageOps

    return np.asarray(ImageOps.exif_transpose(image).convert("RGB"), dtype=np.uint8)
