"""paa.h in ctypes: its constants, structs and functions, and nothing else. tests/capi/python_test.py compares them."""

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p
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
    "PAA_VERDICT_STARS": 0,
    "PAA_VERDICT_CHOICE": 1,
    "PAA_VERDICT_KEEP": 2,
    "PAA_VERDICT_REJECT": 3,
    "PAA_METRIC_SROCC": 0,
    "PAA_METRIC_PLCC": 1,
    "PAA_METRIC_TAU": 2,
    "PAA_METRIC_MAE": 3,
    "PAA_METRIC_RMSE": 4,
    "PAA_METRIC_HIGH_ACCURACY": 5,
    "PAA_METRIC_COVERAGE_50": 6,
    "PAA_METRIC_COVERAGE_80": 7,
    "PAA_METRIC_COVERAGE_95": 8,
    "PAA_METRIC_CRPS": 9,
    "PAA_METRIC_COUNT": 10,
}

# The text is a plain pointer: it has a length and no zero at the end, where c_char_p would read on.
LogCallback = ctypes.CFUNCTYPE(c_int32, c_int32, c_void_p, c_size_t, c_void_p)
ChatCallback = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_size_t, c_void_p)
ProgressCallback = ctypes.CFUNCTYPE(c_int32, c_size_t, c_size_t, c_void_p)


class RunOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("cancel", c_void_p), ("progress", ProgressCallback),
                ("progress_user_data", c_void_p)]


class LoadOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("precision", c_int32), ("threads", c_int32),
                ("verify_max_bytes", c_uint64), ("cancel", c_void_p), ("roles", c_void_p), ("paths", c_void_p),
                ("part_count", c_size_t)]


class ModelInfo(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("name", c_char_p), ("name_size", c_size_t), ("hash", c_char_p),
                ("hash_size", c_size_t), ("data_note", c_char_p), ("data_note_size", c_size_t),
                ("scale_low", c_double), ("scale_high", c_double), ("precision", c_int32), ("reserved", c_int32)]


class PhotoOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("max_bytes", c_uint64), ("max_pixels", c_uint64)]


class PersonInfo(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("scale_low", c_double), ("scale_high", c_double),
                ("verdict_count", c_size_t), ("preference_count", c_size_t), ("concept_count", c_size_t),
                ("interview_count", c_size_t)]


class Verdict(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("kind", c_int32), ("reserved", c_int32), ("photo", c_char_p),
                ("photo_size", c_size_t), ("other", c_char_p), ("other_size", c_size_t), ("stars", c_double),
                ("time_ms", c_int64)]


class Preference(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("statement", c_char_p), ("statement_size", c_size_t), ("subject", c_char_p),
                ("subject_size", c_size_t), ("quote", c_char_p), ("quote_size", c_size_t), ("likes", c_int32),
                ("strength", c_int32), ("confidence", c_double)]


class Concept(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("name", c_char_p), ("name_size", c_size_t), ("question", c_char_p),
                ("question_size", c_size_t), ("low", c_char_p), ("low_size", c_size_t), ("high", c_char_p),
                ("high_size", c_size_t), ("stated", c_double), ("enabled", c_int32), ("reserved", c_int32)]


class PredictorOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("population", c_char_p), ("population_size", c_size_t), ("cache", c_char_p),
                ("cache_size", c_size_t), ("chat", ChatCallback), ("chat_user_data", c_void_p), ("chat_id", c_char_p),
                ("chat_id_size", c_size_t)]


class AskOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("count", c_size_t), ("pairs", c_int32), ("reserved", c_int32),
                ("threshold", c_double)]


class InterviewOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("language", c_char_p), ("language_size", c_size_t), ("questions", c_int32),
                ("minutes", c_int32), ("chat", ChatCallback), ("chat_user_data", c_void_p), ("photos", c_void_p),
                ("photo_count", c_size_t)]


class InterviewQuestion(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("turn", c_int32), ("summary", c_int32), ("text", c_char_p),
                ("text_size", c_size_t), ("photo", c_char_p), ("photo_size", c_size_t), ("other", c_char_p),
                ("other_size", c_size_t)]


STRUCTS: Dict[str, Any] = {
    "paa_run_options": RunOptions,
    "paa_load_options": LoadOptions,
    "paa_model_info": ModelInfo,
    "paa_photo_options": PhotoOptions,
    "paa_person_info": PersonInfo,
    "paa_verdict": Verdict,
    "paa_preference": Preference,
    "paa_concept": Concept,
    "paa_predictor_options": PredictorOptions,
    "paa_ask_options": AskOptions,
    "paa_interview_options": InterviewOptions,
    "paa_interview_question": InterviewQuestion,
}

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
    "paa_text_get": (c_int32, [POINTER(c_char_p), POINTER(c_size_t), _handle]),
    "paa_text_free": (None, [_handle]),
    "paa_photo_hash": (c_int32, [POINTER(c_char_p), POINTER(c_size_t), _handle]),
    "paa_person_open": (c_int32, [_handles, *_text]),
    "paa_person_from_json": (c_int32, [_handles, *_text]),
    "paa_person_to_json": (c_int32, [_handles, _handle]),
    "paa_person_reload": (c_int32, [_handle]),
    "paa_person_free": (None, [_handle]),
    "paa_person_delete_file": (c_int32, [*_text]),
    "paa_person_info_init": (c_int32, [POINTER(PersonInfo), c_size_t]),
    "paa_person_describe": (c_int32, [POINTER(PersonInfo), _handle]),
    "paa_person_profile": (c_int32, [_handles, _handle]),
    "paa_person_set_profile": (c_int32, [_handle, _handle]),
    "paa_person_set_scale": (c_int32, [_handle, c_double, c_double]),
    "paa_person_rate": (c_int32, [_handle, _handle, c_double]),
    "paa_person_choose": (c_int32, [_handle, _handle, _handle]),
    "paa_person_keep": (c_int32, [_handle, _handle, c_int32]),
    "paa_person_skip": (c_int32, [_handle, _handle, _handle]),
    "paa_person_forget": (c_int32, [_handle, _handle]),
    "paa_person_merge": (c_int32, [_handle, _handle]),
    "paa_verdict_init": (c_int32, [POINTER(Verdict), c_size_t]),
    "paa_person_verdict": (c_int32, [POINTER(Verdict), _handle, c_size_t]),
    "paa_preference_init": (c_int32, [POINTER(Preference), c_size_t]),
    "paa_person_preference": (c_int32, [POINTER(Preference), _handle, c_size_t]),
    "paa_concept_init": (c_int32, [POINTER(Concept), c_size_t]),
    "paa_person_concept": (c_int32, [POINTER(Concept), _handle, c_size_t]),
    "paa_person_enable_concept": (c_int32, [_handle, *_text, c_int32]),
    "paa_person_reword_concept": (c_int32, [_handle, *_text, *_text]),
    "paa_chat_reply_add": (c_int32, [_handle, *_text]),
    "paa_predictor_options_init": (c_int32, [POINTER(PredictorOptions), c_size_t]),
    "paa_predictor_new": (c_int32, [_handles, _handle, _handle, POINTER(PredictorOptions)]),
    "paa_predictor_free": (None, [_handle]),
    "paa_predictor_see": (c_int32, [_handles, _handle, _handles, c_size_t, POINTER(RunOptions)]),
    "paa_seen_free": (None, [_handle]),
    "paa_predictor_learn": (c_int32, [POINTER(c_size_t), _handle, _handle, _handles, c_size_t, _handle]),
    "paa_predictor_predict": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, _handle, _handles, c_size_t]),
    "paa_predictor_explain": (c_int32, [_handles, c_void_p, POINTER(c_size_t), _handle, _handle]),
    "paa_reasons_get": (c_int32, [POINTER(c_char_p), POINTER(c_size_t), c_void_p, _handle, c_size_t]),
    "paa_reasons_free": (None, [_handle]),
    "paa_ask_options_init": (c_int32, [POINTER(AskOptions), c_size_t]),
    "paa_predictor_ask": (c_int32, [POINTER(c_size_t), c_void_p, c_void_p, c_void_p, _handle, _handle, _handles,
                                    c_size_t, POINTER(AskOptions)]),
    "paa_interview_options_init": (c_int32, [POINTER(InterviewOptions), c_size_t]),
    "paa_interview_begin": (c_int32, [_handles, _handle, _handle, POINTER(InterviewOptions)]),
    "paa_interview_free": (None, [_handle]),
    "paa_interview_question_init": (c_int32, [POINTER(InterviewQuestion), c_size_t]),
    "paa_interview_ask": (c_int32, [POINTER(InterviewQuestion), _handle, _handle]),
    "paa_interview_answer": (c_int32, [_handle, *_text]),
    "paa_interview_skip": (c_int32, [_handle]),
    "paa_interview_back": (c_int32, [_handle]),
    "paa_interview_stop": (c_int32, [_handle]),
    "paa_interview_snapshot": (c_int32, [_handles, _handle]),
    "paa_interview_finish": (c_int32, [_handle, _handle, _handle]),
    "paa_features_new": (c_int32, [_handles, _handle, *_text]),
    "paa_features_free": (None, [_handle]),
    "paa_features_columns": (c_int32, [POINTER(c_size_t), _handle]),
    "paa_features_name": (c_int32, [POINTER(c_char_p), POINTER(c_size_t), _handle, c_size_t]),
    "paa_features_compute": (c_int32, [c_void_p, _handle, _handles, c_size_t, POINTER(RunOptions)]),
    "paa_metrics": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_double]),
    "paa_metric_name": (c_char_p, [c_int32]),
}
