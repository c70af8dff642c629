"""Predicts how one particular person will rate a photo.

    import paa
    model = paa.Model()
    person = model.prepare({"age": 30, "about": "I like quiet landscapes."})
    photos = model.encode([paa.Photo("holiday.jpg")])
    print(model.score_photos(person, photos).means)

Pure Python over the C library libpaa_capi, which is opened when it is first needed.
"""

from .chat import Chat
from .errors import (BadFormat, Cancelled, Error, Internal, InvalidArgument, IoError, LimitExceeded, Mismatch,
                     NotFound, OutOfMemory, Unsupported)
from .features import Features, metrics
from .interview import Interview, InterviewQuestion
from .model import LEVELS, Model, ModelInfo, Scores
from .person import Concept, Person, Preference, Verdict
from .photo import Photo, Tokens
from .predictor import Explanation, Predictions, Predictor, Question, Reason, Seen
from .profile import Prepared, Profile
from .progress_bar import ProgressBar
from .run import Cancel, set_log_callback, version

__version__ = "0.1.0"

__all__ = ["BadFormat", "Cancel", "Cancelled", "Chat", "Concept", "Error", "Explanation", "Features", "Internal",
           "Interview", "InterviewQuestion", "InvalidArgument", "IoError", "LEVELS", "LimitExceeded", "Mismatch",
           "Model", "ModelInfo", "NotFound", "OutOfMemory", "Person", "Photo", "Predictions", "Predictor", "Preference",
           "Prepared", "Profile", "ProgressBar", "Question", "Reason", "Scores", "Seen", "Tokens", "Unsupported",
           "Verdict", "metrics", "set_log_callback", "version"]
