//! The declarations of `paa.h`, the C API of paa, one for one: names, order and meaning are those of the header, which
//! says of each function who owns what and which calls may run side by side. The crate `paa` is the safe way to call
//! them.
//!
//! A test holds this file against the header.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

/// A type that only pointers to exist of, and that is neither `Send` nor `Sync` nor `Unpin` by itself.
macro_rules! opaque {
    ($name:ident) => {
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            _data: [u8; 0],
            _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
        }
    };
}

// ---- Status and errors ----------------------------------------------------------------------------------------------

pub type paa_status = i32;

pub const PAA_OK: i32 = 0;
pub const PAA_INVALID_ARGUMENT: i32 = 1;
pub const PAA_NOT_FOUND: i32 = 2;
pub const PAA_IO: i32 = 3;
pub const PAA_BAD_FORMAT: i32 = 4;
pub const PAA_UNSUPPORTED: i32 = 5;
pub const PAA_LIMIT_EXCEEDED: i32 = 6;
pub const PAA_MISMATCH: i32 = 7;
pub const PAA_CANCELLED: i32 = 8;
pub const PAA_OUT_OF_MEMORY: i32 = 9;
pub const PAA_INTERNAL: i32 = 10;

extern "C" {
    pub fn paa_status_name(status: paa_status) -> *const c_char;
    pub fn paa_last_error() -> *const c_char;
    pub fn paa_version() -> *const c_char;
}

// ---- Texts that the library makes -----------------------------------------------------------------------------------

opaque!(paa_text);

extern "C" {
    pub fn paa_text_get(data: *mut *const c_char, size: *mut usize, text: *const paa_text) -> paa_status;
    pub fn paa_text_free(text: *mut paa_text);
}

// ---- Log ------------------------------------------------------------------------------------------------------------

pub const PAA_LOG_DEBUG: i32 = 0;
pub const PAA_LOG_INFO: i32 = 1;
pub const PAA_LOG_WARNING: i32 = 2;

pub type paa_log_callback =
    Option<unsafe extern "C" fn(level: i32, text: *const c_char, size: usize, user_data: *mut c_void) -> paa_status>;

extern "C" {
    pub fn paa_set_log_callback(callback: paa_log_callback, user_data: *mut c_void) -> paa_status;
}

// ---- Stopping and watching long calls -------------------------------------------------------------------------------

opaque!(paa_cancel);

extern "C" {
    pub fn paa_cancel_new(cancel: *mut *mut paa_cancel) -> paa_status;
    pub fn paa_cancel_request(cancel: *mut paa_cancel) -> paa_status;
    pub fn paa_cancel_reset(cancel: *mut paa_cancel) -> paa_status;
    pub fn paa_cancel_free(cancel: *mut paa_cancel);
}

pub type paa_progress_callback =
    Option<unsafe extern "C" fn(done: usize, total: usize, user_data: *mut c_void) -> paa_status>;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_run_options {
    pub struct_size: usize,
    pub cancel: *const paa_cancel,
    pub progress: paa_progress_callback,
    pub progress_user_data: *mut c_void,
}

extern "C" {
    pub fn paa_run_options_init(options: *mut paa_run_options, struct_size: usize) -> paa_status;
}

// ---- Model ----------------------------------------------------------------------------------------------------------

opaque!(paa_model);

pub const PAA_PRECISION_AUTO: i32 = 0;
pub const PAA_PRECISION_F32: i32 = 1;
pub const PAA_PRECISION_BF16: i32 = 2;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_load_options {
    pub struct_size: usize,
    pub precision: i32,
    pub threads: i32,
    pub verify_max_bytes: u64,
    pub cancel: *const paa_cancel,
    pub roles: *const *const c_char,
    pub paths: *const *const c_char,
    pub part_count: usize,
}

extern "C" {
    pub fn paa_load_options_init(options: *mut paa_load_options, struct_size: usize) -> paa_status;
    pub fn paa_model_load(
        model: *mut *mut paa_model,
        name: *const c_char,
        name_size: usize,
        options: *const paa_load_options,
    ) -> paa_status;
    pub fn paa_model_free(model: *mut paa_model);
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_model_info {
    pub struct_size: usize,
    pub name: *const c_char,
    pub name_size: usize,
    pub hash: *const c_char,
    pub hash_size: usize,
    pub data_note: *const c_char,
    pub data_note_size: usize,
    pub scale_low: f64,
    pub scale_high: f64,
    pub precision: i32,
    pub reserved: i32,
}

extern "C" {
    pub fn paa_model_info_init(info: *mut paa_model_info, struct_size: usize) -> paa_status;
    pub fn paa_model_describe(info: *mut paa_model_info, model: *const paa_model) -> paa_status;
}

// ---- Person ---------------------------------------------------------------------------------------------------------

opaque!(paa_profile);

extern "C" {
    pub fn paa_profile_from_json(profile: *mut *mut paa_profile, json: *const c_char, json_size: usize) -> paa_status;
    pub fn paa_profile_read(profile: *mut *mut paa_profile, path: *const c_char, path_size: usize) -> paa_status;
    pub fn paa_profile_free(profile: *mut paa_profile);
}

opaque!(paa_prepared);

extern "C" {
    pub fn paa_model_prepare(
        prepared: *mut *mut paa_prepared,
        model: *const paa_model,
        profile: *const paa_profile,
    ) -> paa_status;
    pub fn paa_prepared_text(text: *mut *const c_char, size: *mut usize, prepared: *const paa_prepared) -> paa_status;
    pub fn paa_prepared_free(prepared: *mut paa_prepared);
}

// ---- Photos ---------------------------------------------------------------------------------------------------------

opaque!(paa_photo);

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_photo_options {
    pub struct_size: usize,
    pub max_bytes: u64,
    pub max_pixels: u64,
}

extern "C" {
    pub fn paa_photo_options_init(options: *mut paa_photo_options, struct_size: usize) -> paa_status;
    pub fn paa_photo_read(
        photo: *mut *mut paa_photo,
        path: *const c_char,
        path_size: usize,
        options: *const paa_photo_options,
    ) -> paa_status;
    pub fn paa_photo_decode(
        photo: *mut *mut paa_photo,
        bytes: *const c_void,
        size: usize,
        options: *const paa_photo_options,
    ) -> paa_status;
    pub fn paa_photo_from_rgb(
        photo: *mut *mut paa_photo,
        rgb: *const u8,
        size: usize,
        width: i32,
        height: i32,
        stride: usize,
    ) -> paa_status;
    pub fn paa_photo_size(width: *mut i32, height: *mut i32, photo: *const paa_photo) -> paa_status;
    pub fn paa_photo_hash(hash: *mut *const c_char, size: *mut usize, photo: *const paa_photo) -> paa_status;
    pub fn paa_photo_free(photo: *mut paa_photo);
    pub fn paa_model_fit(fitted: *mut *mut paa_photo, model: *const paa_model, photo: *const paa_photo) -> paa_status;
}

opaque!(paa_tokens);

extern "C" {
    pub fn paa_model_encode(
        tokens: *mut *mut paa_tokens,
        model: *const paa_model,
        photos: *const *const paa_photo,
        count: usize,
        options: *const paa_run_options,
    ) -> paa_status;
    pub fn paa_tokens_free(tokens: *mut paa_tokens);
}

// ---- Scores ---------------------------------------------------------------------------------------------------------

pub const PAA_LEVEL_COUNT: usize = 5;

extern "C" {
    pub fn paa_model_score_photos(
        means: *mut f64,
        spreads: *mut f64,
        levels: *mut f64,
        model: *const paa_model,
        person: *const paa_prepared,
        photos: *const *const paa_tokens,
        count: usize,
        options: *const paa_run_options,
    ) -> paa_status;
    pub fn paa_model_score_people(
        means: *mut f64,
        spreads: *mut f64,
        levels: *mut f64,
        model: *const paa_model,
        people: *const *const paa_prepared,
        count: usize,
        photo: *const paa_tokens,
        options: *const paa_run_options,
    ) -> paa_status;
}

// ---- A person's own file --------------------------------------------------------------------------------------------

opaque!(paa_person);

extern "C" {
    pub fn paa_person_open(person: *mut *mut paa_person, path: *const c_char, path_size: usize) -> paa_status;
    pub fn paa_person_from_json(person: *mut *mut paa_person, json: *const c_char, json_size: usize) -> paa_status;
    pub fn paa_person_to_json(json: *mut *mut paa_text, person: *const paa_person) -> paa_status;
    pub fn paa_person_reload(person: *mut paa_person) -> paa_status;
    pub fn paa_person_free(person: *mut paa_person);
    pub fn paa_person_delete_file(path: *const c_char, path_size: usize) -> paa_status;
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_person_info {
    pub struct_size: usize,
    pub scale_low: f64,
    pub scale_high: f64,
    pub verdict_count: usize,
    pub preference_count: usize,
    pub concept_count: usize,
    pub interview_count: usize,
}

extern "C" {
    pub fn paa_person_info_init(info: *mut paa_person_info, struct_size: usize) -> paa_status;
    pub fn paa_person_describe(info: *mut paa_person_info, person: *const paa_person) -> paa_status;
    pub fn paa_person_profile(profile: *mut *mut paa_profile, person: *const paa_person) -> paa_status;
    pub fn paa_person_set_profile(person: *mut paa_person, profile: *const paa_profile) -> paa_status;
    pub fn paa_person_set_scale(person: *mut paa_person, low: f64, high: f64) -> paa_status;
    pub fn paa_person_rate(person: *mut paa_person, photo: *const paa_photo, stars: f64) -> paa_status;
    pub fn paa_person_choose(person: *mut paa_person, better: *const paa_photo, worse: *const paa_photo) -> paa_status;
    pub fn paa_person_keep(person: *mut paa_person, photo: *const paa_photo, keep: i32) -> paa_status;
    pub fn paa_person_skip(person: *mut paa_person, photo: *const paa_photo, other: *const paa_photo) -> paa_status;
    pub fn paa_person_forget(person: *mut paa_person, photo: *const paa_photo) -> paa_status;
    pub fn paa_person_merge(person: *mut paa_person, other: *const paa_person) -> paa_status;
}

pub const PAA_VERDICT_STARS: i32 = 0;
pub const PAA_VERDICT_CHOICE: i32 = 1;
pub const PAA_VERDICT_KEEP: i32 = 2;
pub const PAA_VERDICT_REJECT: i32 = 3;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_verdict {
    pub struct_size: usize,
    pub kind: i32,
    pub reserved: i32,
    pub photo: *const c_char,
    pub photo_size: usize,
    pub other: *const c_char,
    pub other_size: usize,
    pub stars: f64,
    pub time_ms: i64,
}

extern "C" {
    pub fn paa_verdict_init(verdict: *mut paa_verdict, struct_size: usize) -> paa_status;
    pub fn paa_person_verdict(verdict: *mut paa_verdict, person: *const paa_person, index: usize) -> paa_status;
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_preference {
    pub struct_size: usize,
    pub statement: *const c_char,
    pub statement_size: usize,
    pub subject: *const c_char,
    pub subject_size: usize,
    pub quote: *const c_char,
    pub quote_size: usize,
    pub likes: i32,
    pub strength: i32,
    pub confidence: f64,
}

extern "C" {
    pub fn paa_preference_init(preference: *mut paa_preference, struct_size: usize) -> paa_status;
    pub fn paa_person_preference(
        preference: *mut paa_preference,
        person: *const paa_person,
        index: usize,
    ) -> paa_status;
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_concept {
    pub struct_size: usize,
    pub name: *const c_char,
    pub name_size: usize,
    pub question: *const c_char,
    pub question_size: usize,
    pub low: *const c_char,
    pub low_size: usize,
    pub high: *const c_char,
    pub high_size: usize,
    pub stated: f64,
    pub enabled: i32,
    pub reserved: i32,
}

extern "C" {
    pub fn paa_concept_init(subject: *mut paa_concept, struct_size: usize) -> paa_status;
    pub fn paa_person_concept(subject: *mut paa_concept, person: *const paa_person, index: usize) -> paa_status;
    pub fn paa_person_enable_concept(
        person: *mut paa_person,
        name: *const c_char,
        name_size: usize,
        enabled: i32,
    ) -> paa_status;
    pub fn paa_person_reword_concept(
        person: *mut paa_person,
        name: *const c_char,
        name_size: usize,
        words: *const c_char,
        words_size: usize,
    ) -> paa_status;
}

// ---- A chat model of the caller's -----------------------------------------------------------------------------------

opaque!(paa_chat_reply);

extern "C" {
    pub fn paa_chat_reply_add(reply: *mut paa_chat_reply, text: *const c_char, size: usize) -> paa_status;
}

pub type paa_chat_callback = Option<
    unsafe extern "C" fn(
        reply: *mut paa_chat_reply,
        request: *const c_char,
        size: usize,
        user_data: *mut c_void,
    ) -> paa_status,
>;

// ---- Predictions for one person -------------------------------------------------------------------------------------

opaque!(paa_predictor);

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_predictor_options {
    pub struct_size: usize,
    pub population: *const c_char,
    pub population_size: usize,
    pub cache: *const c_char,
    pub cache_size: usize,
    pub chat: paa_chat_callback,
    pub chat_user_data: *mut c_void,
    pub chat_id: *const c_char,
    pub chat_id_size: usize,
}

extern "C" {
    pub fn paa_predictor_options_init(options: *mut paa_predictor_options, struct_size: usize) -> paa_status;
    pub fn paa_predictor_new(
        predictor: *mut *mut paa_predictor,
        model: *const paa_model,
        person: *const paa_person,
        options: *const paa_predictor_options,
    ) -> paa_status;
    pub fn paa_predictor_free(predictor: *mut paa_predictor);
}

opaque!(paa_seen);

extern "C" {
    pub fn paa_predictor_see(
        seen: *mut *mut paa_seen,
        predictor: *mut paa_predictor,
        photos: *const *const paa_photo,
        count: usize,
        options: *const paa_run_options,
    ) -> paa_status;
    pub fn paa_seen_free(seen: *mut paa_seen);
    pub fn paa_predictor_learn(
        unseen: *mut usize,
        predictor: *mut paa_predictor,
        person: *mut paa_person,
        seen: *const *const paa_seen,
        count: usize,
        cancel: *const paa_cancel,
    ) -> paa_status;
    pub fn paa_predictor_predict(
        means: *mut f64,
        spreads: *mut f64,
        deviations: *mut f64,
        levels: *mut f64,
        predictor: *const paa_predictor,
        photos: *const *const paa_seen,
        count: usize,
    ) -> paa_status;
}

opaque!(paa_reasons);

extern "C" {
    pub fn paa_predictor_explain(
        reasons: *mut *mut paa_reasons,
        usual: *mut f64,
        count: *mut usize,
        predictor: *const paa_predictor,
        photo: *const paa_seen,
    ) -> paa_status;
    pub fn paa_reasons_get(
        text: *mut *const c_char,
        size: *mut usize,
        points: *mut f64,
        reasons: *const paa_reasons,
        index: usize,
    ) -> paa_status;
    pub fn paa_reasons_free(reasons: *mut paa_reasons);
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_ask_options {
    pub struct_size: usize,
    pub count: usize,
    pub pairs: i32,
    pub reserved: i32,
    pub threshold: f64,
}

extern "C" {
    pub fn paa_ask_options_init(options: *mut paa_ask_options, struct_size: usize) -> paa_status;
    pub fn paa_predictor_ask(
        found: *mut usize,
        photos: *mut usize,
        others: *mut usize,
        gains: *mut f64,
        predictor: *const paa_predictor,
        person: *const paa_person,
        seen: *const *const paa_seen,
        count: usize,
        options: *const paa_ask_options,
    ) -> paa_status;
}

// ---- Interview ------------------------------------------------------------------------------------------------------

opaque!(paa_interview);

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_interview_options {
    pub struct_size: usize,
    pub language: *const c_char,
    pub language_size: usize,
    pub questions: i32,
    pub minutes: i32,
    pub chat: paa_chat_callback,
    pub chat_user_data: *mut c_void,
    pub photos: *const *const c_char,
    pub photo_count: usize,
}

extern "C" {
    pub fn paa_interview_options_init(options: *mut paa_interview_options, struct_size: usize) -> paa_status;
    pub fn paa_interview_begin(
        interview: *mut *mut paa_interview,
        model: *const paa_model,
        person: *const paa_person,
        options: *const paa_interview_options,
    ) -> paa_status;
    pub fn paa_interview_free(interview: *mut paa_interview);
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_interview_question {
    pub struct_size: usize,
    pub turn: i32,
    pub summary: i32,
    pub text: *const c_char,
    pub text_size: usize,
    pub photo: *const c_char,
    pub photo_size: usize,
    pub other: *const c_char,
    pub other_size: usize,
}

extern "C" {
    pub fn paa_interview_question_init(question: *mut paa_interview_question, struct_size: usize) -> paa_status;
    pub fn paa_interview_ask(
        question: *mut paa_interview_question,
        interview: *mut paa_interview,
        cancel: *const paa_cancel,
    ) -> paa_status;
    pub fn paa_interview_answer(interview: *mut paa_interview, text: *const c_char, size: usize) -> paa_status;
    pub fn paa_interview_skip(interview: *mut paa_interview) -> paa_status;
    pub fn paa_interview_back(interview: *mut paa_interview) -> paa_status;
    pub fn paa_interview_stop(interview: *mut paa_interview) -> paa_status;
    pub fn paa_interview_snapshot(json: *mut *mut paa_text, interview: *const paa_interview) -> paa_status;
    pub fn paa_interview_finish(
        interview: *mut paa_interview,
        person: *mut paa_person,
        cancel: *const paa_cancel,
    ) -> paa_status;
}

// ---- Features of photos ---------------------------------------------------------------------------------------------

opaque!(paa_features);

extern "C" {
    pub fn paa_features_new(
        features: *mut *mut paa_features,
        model: *const paa_model,
        groups: *const c_char,
        groups_size: usize,
    ) -> paa_status;
    pub fn paa_features_free(features: *mut paa_features);
    pub fn paa_features_columns(columns: *mut usize, features: *const paa_features) -> paa_status;
    pub fn paa_features_name(
        name: *mut *const c_char,
        size: *mut usize,
        features: *const paa_features,
        column: usize,
    ) -> paa_status;
    pub fn paa_features_compute(
        rows: *mut f32,
        features: *const paa_features,
        photos: *const *const paa_photo,
        count: usize,
        options: *const paa_run_options,
    ) -> paa_status;
}

// ---- Metrics --------------------------------------------------------------------------------------------------------

pub const PAA_METRIC_SROCC: i32 = 0;
pub const PAA_METRIC_PLCC: i32 = 1;
pub const PAA_METRIC_TAU: i32 = 2;
pub const PAA_METRIC_MAE: i32 = 3;
pub const PAA_METRIC_RMSE: i32 = 4;
pub const PAA_METRIC_HIGH_ACCURACY: i32 = 5;
pub const PAA_METRIC_COVERAGE_50: i32 = 6;
pub const PAA_METRIC_COVERAGE_80: i32 = 7;
pub const PAA_METRIC_COVERAGE_95: i32 = 8;
pub const PAA_METRIC_CRPS: i32 = 9;
pub const PAA_METRIC_COUNT: usize = 10;

extern "C" {
    pub fn paa_metrics(
        figures: *mut f64,
        ratings: *const f64,
        means: *const f64,
        spreads: *const f64,
        count: usize,
        middle: f64,
    ) -> paa_status;
    pub fn paa_metric_name(metric: i32) -> *const c_char;
}
