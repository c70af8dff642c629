"""paa.h in ctypes: its constants, structs and functions, and nothing else. tests/capi/python_test.py compares them."""

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int32, c_size_t, c_uint64, c_void_p
from typing import Any, Dict, List, Tuple

CONSTANTS: Dict[str, int] = {
    "PAA_OK": 0,
    "PAA_INVALID_ARGUMENT": 1,
    "PAA_NOT_FOUND": 2,
    "PAA_IO": 3,
    "PAA_BAD_FORMAT": 4,
    "PAA_UNSUPPORTED": 5,
    "PAA_LIMIT_EXCEEDED": 6,
    "PAA_MISMATCH": 7,
    "PAA_CANCELLED": 8,
    "PAA_OUT_OF_MEMORY": 9,
    "PAA_INTERNAL": 10,
    "PAA_LOG_DEBUG": 0,
    "PAA_LOG_INFO": 1,
    "PAA_LOG_WARNING": 2,
    "PAA_PRECISION_AUTO": 0,
    "PAA_PRECISION_F32": 1,
    "PAA_PRECISION_BF16": 2,
    "PAA_LEVEL_COUNT": 5,
}

# The text is a plain pointer: it has a length and no zero at the end, where c_char_p would read on.
LogCallback = ctypes.CFUNCTYPE(c_int32, c_int32, c_void_p, c_size_t, c_void_p)
ProgressCallback = ctypes.CFUNCTYPE(c_int32, c_size_t, c_size_t, c_void_p)


class RunOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("cancel", c_void_p), ("progress", ProgressCallback),
                ("progress_user_data", c_void_p)]


class LoadOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("precision", c_int32), ("threads", c_int32),
                ("verify_max_bytes", c_uint64), ("cancel", c_void_p)]


class ModelInfo(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("name", c_char_p), ("name_size", c_size_t), ("hash", c_char_p),
                ("hash_size", c_size_t), ("data_note", c_char_p), ("data_note_size", c_size_t),
                ("scale_low", c_double), ("scale_high", c_double), ("precision", c_int32), ("reserved", c_int32)]


class PhotoOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("max_bytes", c_uint64), ("max_pixels", c_uint64)]


STRUCTS: Dict[str, Any] = {"paa_run_options": RunOptions, "paa_load_options": LoadOptions,
                           "paa_model_info": ModelInfo, "paa_photo_options": PhotoOptions}

_handle = c_void_p
_handles = POINTER(c_void_p)  # an array of handles, or where one is written
_text: List[Any] = [c_char_p, c_size_t]
_scores: List[Any] = [c_void_p, c_void_p, c_void_p]  # double*; plain pointers, as numpy gives them

# Name: (result, arguments). A result of c_int32 is a paa_status.
FUNCTIONS: Dict[str, Tuple[Any, List[Any]]] = {
    "paa_status_name": (c_char_p, [c_int32]),
    "paa_last_error": (c_char_p, []),
    "paa_version": (c_char_p, []),
    "paa_set_log_callback": (c_int32, [LogCallback, c_void_p]),
    "paa_cancel_new": (c_int32, [_handles]),
    "paa_cancel_request": (c_int32, [_handle]),
    "paa_cancel_reset": (c_int32, [_handle]),
    "paa_cancel_free": (None, [_handle]),
    "paa_run_options_init": (c_int32, [POINTER(RunOptions), c_size_t]),
    "paa_load_options_init": (c_int32, [POINTER(LoadOptions), c_size_t]),
    "paa_model_load": (c_int32, [_handles, *_text, POINTER(LoadOptions)]),
    "paa_model_free": (None, [_handle]),
    "paa_model_info_init": (c_int32, [POINTER(ModelInfo), c_size_t]),
    "paa_model_describe": (c_int32, [POINTER(ModelInfo), _handle]),
    "paa_profile_from_json": (c_int32, [_handles, *_text]),
    "paa_profile_read": (c_int32, [_handles, *_text]),
    "paa_profile_free": (None, [_handle]),
    "paa_model_prepare": (c_int32, [_handles, _handle, _handle]),
    "paa_prepared_text": (c_int32, [POINTER(c_char_p), POINTER(c_size_t), _handle]),
    "paa_prepared_free": (None, [_handle]),
    "paa_photo_options_init": (c_int32, [POINTER(PhotoOptions), c_size_t]),
    "paa_photo_read": (c_int32, [_handles, *_text, POINTER(PhotoOptions)]),
    "paa_photo_decode": (c_int32, [_handles, c_void_p, c_size_t, POINTER(PhotoOptions)]),
    "paa_photo_from_rgb": (c_int32, [_handles, c_void_p, c_size_t, c_int32, c_int32, c_size_t]),
    "paa_photo_size": (c_int32, [POINTER(c_int32), POINTER(c_int32), _handle]),
    "paa_photo_free": (None, [_handle]),
    "paa_model_fit": (c_int32, [_handles, _handle, _handle]),
    "paa_model_encode": (c_int32, [_handles, _handle, _handles, c_size_t, POINTER(RunOptions)]),
    "paa_tokens_free": (None, [_handle]),
    "paa_model_score_photos": (c_int32, [*_scores, _handle, _handle, _handles, c_size_t, POINTER(RunOptions)]),
    "paa_model_score_people": (c_int32, [*_scores, _handle, _handles, c_size_t, _handle, POINTER(RunOptions)]),
}
