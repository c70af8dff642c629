#pragma once
// paa for C (C99) and for every language that can call C: how one particular person will rate a photo, predicted from a
// profile alone. Needs neither Torch nor C++ to compile.
//
//   load a model            paa_model_load
//   describe a person       paa_profile_from_json or paa_profile_read, then paa_model_prepare   (once per person)
//   look at photos          paa_photo_read, _decode or _from_rgb, then paa_model_encode         (once per photo)
//   score                   paa_model_score_photos (one person) or paa_model_score_people (one photo)
//
// Rules that hold everywhere:
// - A function returns PAA_OK or says what kind of failure it met; paa_last_error() then has the sentence for a person.
// - Outputs come first. Handles that a failed call would have made are NULL; number arrays keep what they held.
// - A handle belongs to the caller until its _free, which takes NULL too. Handles may be freed in any order, but never
//   while a call uses them.
// - Threads may share a handle where it is passed as const. paa_cancel_request may be called at any time by any thread.
// - Text goes in as UTF-8 pointer and length (no zero at the end needed) and is copied. Paths are passed to the system
//   as they are; one with a zero byte inside is refused.
// - An options pointer may be NULL: all defaults. Otherwise fill the struct with its _init and change what you need.
// - Nothing is printed. See paa_set_log_callback.

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define PAA_API __attribute__((visibility("default")))
#else
#define PAA_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---- Status and errors ----------------------------------------------------------------------------------------------

/// What became of a call: one of the values below, or the status that a callback of the caller's returned.
typedef int32_t paa_status;

/// The library's own kinds of status. Values are never renumbered.
enum {
  PAA_OK = 0,
  PAA_INVALID_ARGUMENT = 1,  ///< a value outside the documented range, such as a NULL handle
  PAA_NOT_FOUND = 2,         ///< a file, folder, tensor, field or model that must exist does not
  PAA_IO = 3,                ///< the operating system refused to read or write
  PAA_BAD_FORMAT = 4,        ///< the bytes are damaged or are not what they claim to be
  PAA_UNSUPPORTED = 5,       ///< the input is valid, but this library does not handle it
  PAA_LIMIT_EXCEEDED = 6,    ///< a named limit (pixels, bytes, depth, tokens) was passed
  PAA_MISMATCH = 7,          ///< two parts do not belong together (hash, shape, model pair)
  PAA_CANCELLED = 8,         ///< the caller asked to stop
  PAA_OUT_OF_MEMORY = 9,     ///< an allocation failed
  PAA_INTERNAL = 10          ///< a fault in the library itself; please report it
};

/// "ok", "bad format" ...; "unknown status" for any other number. Never NULL, never freed. Thread-safe.
PAA_API const char* paa_status_name(paa_status status);

/// The message of this thread's last failed call: what is wrong, where and what to do; "" if none has failed. UTF-8
/// with a zero at the end. Belongs to the library; valid until this thread's next failed call. A call that succeeds
/// leaves it alone, so look at it only after a failure.
PAA_API const char* paa_last_error(void);

/// The library's version, "MAJOR.MINOR.PATCH". Never freed. Thread-safe.
PAA_API const char* paa_version(void);

// ---- Log ------------------------------------------------------------------------------------------------------------

/// How much a logged line matters: for developers; of note; something is probably wrong.
enum { PAA_LOG_DEBUG = 0, PAA_LOG_INFO = 1, PAA_LOG_WARNING = 2 };

/// Receives one UTF-8 line without newline and without a zero at the end; `text` is valid during the call only. Called
/// by any thread, one call at a time. Must not call this library. Another status than PAA_OK ends the logging.
typedef paa_status (*paa_log_callback)(int32_t level, const char* text, size_t size, void* user_data);

/// Replaces the callback of the whole process; NULL (as at the start) silences the library. When it returns, the old
/// callback is running no more and will not be called again. Failed calls are logged too, as PAA_LOG_DEBUG.
/// Thread-safe.
PAA_API paa_status paa_set_log_callback(paa_log_callback callback, void* user_data);

// ---- Stopping and watching long calls -------------------------------------------------------------------------------

/// A flag that one thread raises to stop calls of others. It may serve many calls at once.
typedef struct paa_cancel paa_cancel;

/// Makes a flag that is not raised. Errors: PAA_INVALID_ARGUMENT, PAA_OUT_OF_MEMORY.
PAA_API paa_status paa_cancel_new(paa_cancel** cancel);

/// Raises the flag: every call that looks at it ends soon with PAA_CANCELLED, also calls begun later. Thread-safe, and
/// safe in a signal handler. PAA_INVALID_ARGUMENT for NULL, without a message.
PAA_API paa_status paa_cancel_request(paa_cancel* cancel);

/// Lowers the flag again. As paa_cancel_request.
PAA_API paa_status paa_cancel_reset(paa_cancel* cancel);

/// Frees the flag, which no running call may still look at. NULL is allowed.
PAA_API void paa_cancel_free(paa_cancel* cancel);

/// Told after each step how many of `total` photos or people are done. Called by the thread that made the call. Another
/// status than PAA_OK, also one of the caller's own, ends the call, which returns that status.
typedef paa_status (*paa_progress_callback)(size_t done, size_t total, void* user_data);

/// How a long call is watched and stopped.
typedef struct paa_run_options {
  size_t struct_size;
  const paa_cancel* cancel;        ///< NULL: cannot be cancelled. Must live as long as the call
  paa_progress_callback progress;  ///< NULL: none
  void* progress_user_data;
} paa_run_options;

/// Fills in the defaults: nothing watches. `struct_size` is sizeof(paa_run_options) as the caller was compiled.
/// Error: PAA_INVALID_ARGUMENT (NULL, or a size no version of the struct has had).
PAA_API paa_status paa_run_options_init(paa_run_options* options, size_t struct_size);

// ---- Model ----------------------------------------------------------------------------------------------------------

/// A frozen LLM, a frozen vision encoder and trained fusion modules. Immutable.
typedef struct paa_model paa_model;

/// The number type of the LLM's matrix products.
enum {
  PAA_PRECISION_AUTO = 0,  ///< bf16 where the CPU has AVX512-BF16 or AMX, else fp32
  PAA_PRECISION_F32 = 1,
  PAA_PRECISION_BF16 = 2
};

/// How a model is loaded.
typedef struct paa_load_options {
  size_t struct_size;
  int32_t precision;          ///< PAA_PRECISION_...; default PAA_PRECISION_AUTO
  int32_t threads;            ///< of one call; 0, the default: libtorch's setting. Others set it for the whole process;
                              ///< 1 is best where as many calls run side by side as there are cores
  uint64_t verify_max_bytes;  ///< parts up to this size have their SHA-256 checked, larger ones their length; 512 MiB
  const paa_cancel* cancel;   ///< default NULL: cannot be cancelled. Must live as long as the call
} paa_load_options;

/// Fills in the defaults. As paa_run_options_init.
PAA_API paa_status paa_load_options_init(paa_load_options* options, size_t struct_size);

/// Loads a model folder. `name` is a folder, or the name of one under ${PAA_HOME:-~/.cache/paa}/models; empty (NULL,
/// 0): the one that the variable PAA_MODEL names, else the default. The caller owns `*model`. Errors: PAA_NOT_FOUND,
/// PAA_MISMATCH (hash, length, shape, or fusion modules trained for another pair), PAA_BAD_FORMAT, PAA_UNSUPPORTED,
/// PAA_IO, PAA_CANCELLED, PAA_OUT_OF_MEMORY, PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_model_load(paa_model** model, const char* name, size_t name_size,
                                  const paa_load_options* options);

/// Frees the model with the texts of its paa_model_info. NULL is allowed.
PAA_API void paa_model_free(paa_model* model);

/// What a loaded model is. The texts belong to the model and live as long as it; each has a zero after its last byte.
typedef struct paa_model_info {
  size_t struct_size;
  const char* name;  ///< of the model folder
  size_t name_size;
  const char* hash;  ///< 12 hexadecimal digits over everything that decides a score
  size_t hash_size;
  const char* data_note;  ///< what the model was trained on and what it cannot tell; may be empty
  size_t data_note_size;
  double scale_low;   ///< the lowest rating of the scale that scores are on
  double scale_high;  ///< the highest
  int32_t precision;  ///< PAA_PRECISION_F32 or PAA_PRECISION_BF16, as chosen
  int32_t reserved;   ///< 0
} paa_model_info;

/// Makes an empty struct for paa_model_describe. As paa_run_options_init.
PAA_API paa_status paa_model_info_init(paa_model_info* info, size_t struct_size);

/// Fills `info`, which its _init has made. Error: PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_model_describe(paa_model_info* info, const paa_model* model);

// ---- Person ---------------------------------------------------------------------------------------------------------

/// What is said of a person. Immutable.
typedef struct paa_profile paa_profile;

/// Reads a profile, a JSON object such as {"age": 34, "gender": "female", "about": "I like quiet landscapes."}. All
/// fields may be missing: {} is anyone. The caller owns `*profile`. Errors: PAA_BAD_FORMAT (not JSON, an unknown field,
/// a wrong type, a value out of range; the message names it), PAA_LIMIT_EXCEEDED, PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_profile_from_json(paa_profile** profile, const char* json, size_t json_size);

/// The same from a file. Errors: also PAA_NOT_FOUND, PAA_IO.
PAA_API paa_status paa_profile_read(paa_profile** profile, const char* path, size_t path_size);

/// Frees the profile; what was prepared from it stays. NULL is allowed.
PAA_API void paa_profile_free(paa_profile* profile);

/// A profile as one model has read it: costs a forward pass to make, and makes each score cheap. Immutable; of use only
/// with a model of the same hash.
typedef struct paa_prepared paa_prepared;

/// Lets the model read a profile. The caller owns `*prepared`. Errors: PAA_LIMIT_EXCEEDED (a profile of more than 256
/// tokens; never cut), PAA_OUT_OF_MEMORY, PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_model_prepare(paa_prepared** prepared, const paa_model* model, const paa_profile* profile);

/// The profile in the words the LLM reads, such as "a woman, 30 to 34 years old, university.", with a zero after the
/// last byte. Belongs to `prepared` and lives as long as it. `size` may be NULL. Error: PAA_INVALID_ARGUMENT.
/// Thread-safe.
PAA_API paa_status paa_prepared_text(const char** text, size_t* size, const paa_prepared* prepared);

/// Frees the prepared profile with its text. NULL is allowed.
PAA_API void paa_prepared_free(paa_prepared* prepared);

// ---- Photos ---------------------------------------------------------------------------------------------------------

/// A decoded photo: 8-bit RGB, upright. Immutable. Holds 3 bytes a pixel; see paa_model_fit.
typedef struct paa_photo paa_photo;

/// Limits that are checked before anything of that size is allocated.
typedef struct paa_photo_options {
  size_t struct_size;
  uint64_t max_bytes;   ///< of the encoded photo; default 256 MiB
  uint64_t max_pixels;  ///< width * height; default 200 * 2^20
} paa_photo_options;

/// Fills in the defaults. As paa_run_options_init.
PAA_API paa_status paa_photo_options_init(paa_photo_options* options, size_t struct_size);

/// Reads a JPEG, PNG, BMP, GIF (first frame), PSD, TGA or PNM file and turns it upright by its EXIF orientation. The
/// caller owns `*photo`. Errors: PAA_NOT_FOUND, PAA_IO, PAA_BAD_FORMAT (no image, empty, truncated, damaged),
/// PAA_UNSUPPORTED (WebP, HEIC, AVIF ...), PAA_LIMIT_EXCEEDED, PAA_INVALID_ARGUMENT, PAA_OUT_OF_MEMORY. Thread-safe.
PAA_API paa_status paa_photo_read(paa_photo** photo, const char* path, size_t path_size,
                                  const paa_photo_options* options);

/// The same from the bytes of such a file. `bytes` is not kept.
PAA_API paa_status paa_photo_decode(paa_photo** photo, const void* bytes, size_t size,
                                    const paa_photo_options* options);

/// Copies sRGB pixels: R, G, B a byte each, rows from the top, `stride` bytes from row to row (at least 3 * width).
/// `size` is the length of the buffer, at least stride * (height - 1) + 3 * width. The caller owns `*photo`. Errors:
/// PAA_INVALID_ARGUMENT, PAA_LIMIT_EXCEEDED (more pixels than the options' default), PAA_OUT_OF_MEMORY. Thread-safe.
PAA_API paa_status paa_photo_from_rgb(paa_photo** photo, const uint8_t* rgb, size_t size, int32_t width, int32_t height,
                                      size_t stride);

/// Width and height in pixels, after the orientation. Error: PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_photo_size(int32_t* width, int32_t* height, const paa_photo* photo);

/// Frees the photo; its tokens stay. NULL is allowed.
PAA_API void paa_photo_free(paa_photo* photo);

/// Makes a copy at the size that the model's vision encoder reads. It has the same tokens, so a caller who decodes many
/// photos ahead can free the large ones. The caller owns `*fitted`. Errors: PAA_INVALID_ARGUMENT, PAA_OUT_OF_MEMORY.
/// Thread-safe.
PAA_API paa_status paa_model_fit(paa_photo** fitted, const paa_model* model, const paa_photo* photo);

/// A photo as one model's vision encoder has seen it. Immutable; of use only with a model of the same hash.
typedef struct paa_tokens paa_tokens;

/// Lets the vision encoder look at `count` photos. `tokens` is an array of `count` handles that the caller owns
/// afterwards, in the order of `photos`; all are NULL after a failure. A `count` of 0 does nothing. Errors:
/// PAA_INVALID_ARGUMENT, PAA_CANCELLED, PAA_OUT_OF_MEMORY, a status of the progress callback. Thread-safe.
PAA_API paa_status paa_model_encode(paa_tokens** tokens, const paa_model* model, const paa_photo* const* photos,
                                    size_t count, const paa_run_options* options);

/// Frees one photo's tokens. NULL is allowed.
PAA_API void paa_tokens_free(paa_tokens* tokens);

// ---- Scores ---------------------------------------------------------------------------------------------------------

/// The levels of a rating, worst first: bad, poor, fair, good, excellent.
#define PAA_LEVEL_COUNT 5

/// Scores `count` photos for one person. Writes, in the order of `photos`, to arrays of the caller's of which any may
/// be NULL: `means`, `count` expected ratings on the model's scale; `spreads`, `count` standard deviations, same units;
/// `levels`, `count` rows of PAA_LEVEL_COUNT probabilities. Errors: PAA_INVALID_ARGUMENT (also a handle of a model with
/// another hash), PAA_CANCELLED, PAA_OUT_OF_MEMORY, a status of the progress callback; the arrays are then unchanged.
/// Thread-safe.
PAA_API paa_status paa_model_score_photos(double* means, double* spreads, double* levels, const paa_model* model,
                                          const paa_prepared* person, const paa_tokens* const* photos, size_t count,
                                          const paa_run_options* options);

/// Scores one photo for `count` people. As paa_model_score_photos, in the order of `people`.
PAA_API paa_status paa_model_score_people(double* means, double* spreads, double* levels, const paa_model* model,
                                          const paa_prepared* const* people, size_t count, const paa_tokens* photo,
                                          const paa_run_options* options);

#ifdef __cplusplus
}
#endif
