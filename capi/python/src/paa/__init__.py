"""Predicts how one particular person will rate a photo.

    import paa
    model = paa.Model()
    person = model.prepare({"age": 30, "about": "I like quiet landscapes."})
    photos = model.encode([paa.Photo("holiday.jpg")])
    print(model.score_photos(person, photos).means)

Pure Python over the C library libpaa_capi, which is opened when it is first needed.
"""

from .errors import (BadFormat, Cancelled, Error, Internal, InvalidArgument, IoError, LimitExceeded, Mismatch,
                     NotFound, OutOfMemory, Unsupported)
from .model import LEVELS, Model, ModelInfo, Scores
from .photo import Photo, Tokens
from .profile import Prepared, Profile
from .progress_bar import ProgressBar
from .run import Cancel, set_log_callback, version

__version__ = "0.1.0"

__all__ = ["BadFormat", "Cancel", "Cancelled", "Error", "Internal", "InvalidArgument", "IoError", "LEVELS",
           "LimitExceeded", "Mismatch", "Model", "ModelInfo", "NotFound", "OutOfMemory", "Photo", "Prepared", "Profile",
           "ProgressBar", "Scores", "Tokens", "Unsupported", "set_log_callback", "version"]
