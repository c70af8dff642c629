#pragma once
// paa for C (C99) and for every language that can call C: how one particular person will rate a photo, predicted from a
// profile alone. Needs neither Torch nor C++ to compile.
//
//   load a model            paa_model_load
//   describe a person       paa_profile_from_json or paa_profile_read, then paa_model_prepare   (once per person)
//   look at photos          paa_photo_read, _decode or _from_rgb, then paa_model_encode         (once per photo)
//   score                   paa_model_score_photos (one person) or paa_model_score_people (one photo)
//
// And for one person who says what they think of photos:
//
//   open their file         paa_person_open; then paa_person_rate, _choose, _keep as they say it; paa_interview_begin
//   learn                   paa_predictor_new, paa_predictor_see (once per photo), paa_predictor_learn
//   predict                 paa_predictor_predict, paa_predictor_explain; paa_predictor_ask: what to ask them next
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
// - Structs that begin with struct_size may grow at their end: programs compiled against an older header go on working.
// - Nothing is printed. See paa_set_log_callback.
// - All of it is there since 0.1.0.

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

// ---- Texts that the library makes -----------------------------------------------------------------------------------

/// A text that outlives the call that made it. Immutable.
typedef struct paa_text paa_text;

/// Its UTF-8 bytes, with a zero after the last one; they live as long as `text`. `size` may be NULL. Error:
/// PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_text_get(const char** data, size_t* size, const paa_text* text);

/// Frees the text. NULL is allowed.
PAA_API void paa_text_free(paa_text* text);

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
  const char* const* roles;   ///< of parts to take from elsewhere: "llm", "vision", "fusion", "class_names"; zero-ended
  const char* const* paths;   ///< their files, zero-ended, in the same order; they must go together as a folder's do
  size_t part_count;          ///< of them; default 0: all as in the folder
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

/// What tells this photo from all others: 64 lower-case hexadecimal digits, the SHA-256 of the file's bytes; of pixels,
/// that of the PPM file "P6\n<width> <height>\n255\n" with these pixels. With a zero after the last byte; lives as long
/// as the photo. Error: PAA_INVALID_ARGUMENT (also a photo that paa_model_fit made). Thread-safe.
PAA_API paa_status paa_photo_hash(const char** hash, size_t* size, const paa_photo* photo);

/// Frees the photo; its tokens stay. NULL is allowed.
PAA_API void paa_photo_free(paa_photo* photo);

/// Makes a copy at the size that the model's vision encoder reads. It has the same tokens, so a caller who decodes many
/// photos ahead can free the large ones; verdicts and predictors need the large ones. The caller owns `*fitted`.
/// Errors: PAA_INVALID_ARGUMENT, PAA_OUT_OF_MEMORY. Thread-safe.
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

// ---- A person's own file --------------------------------------------------------------------------------------------

/// Everything that is known of one person: profile, verdicts about photos, preferences from interviews, concepts. One
/// file that the person owns (docs/person.md), or only in memory. One thread at a time may use it unless it is passed
/// as const.
typedef struct paa_person paa_person;

/// Opens a person file. It need not exist: the first change makes it. What is changed later is on the disk when the
/// call returns, written in one step; other programs may write to the file between calls, and nothing of theirs is
/// lost. `path` empty (NULL, 0): a new person in memory only. The caller owns `*person`. Errors: PAA_BAD_FORMAT,
/// PAA_UNSUPPORTED (written by a newer version), PAA_IO, PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_person_open(paa_person** person, const char* path, size_t path_size);

/// The same in memory, from what paa_person_to_json made: for programs that keep it elsewhere.
PAA_API paa_status paa_person_from_json(paa_person** person, const char* json, size_t json_size);

/// The whole person as the text of a person file. The caller owns `*json`. Error: PAA_INVALID_ARGUMENT,
/// PAA_OUT_OF_MEMORY.
PAA_API paa_status paa_person_to_json(paa_text** json, const paa_person* person);

/// Takes in what other programs have written to the file since. Nothing to do in memory. Errors: as paa_person_open.
PAA_API paa_status paa_person_reload(paa_person* person);

/// Frees the handle; the file stays. NULL is allowed.
PAA_API void paa_person_free(paa_person* person);

/// Deletes a person file, its lock and an unfinished interview. Errors: PAA_NOT_FOUND (there is none), PAA_IO,
/// PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_person_delete_file(const char* path, size_t path_size);

/// What a person file holds, in numbers.
typedef struct paa_person_info {
  size_t struct_size;
  double scale_low;         ///< the lowest rating of the person's scale; 1 unless it was set
  double scale_high;        ///< the highest; 7
  size_t verdict_count;     ///< verdicts that hold, not those that were changed later
  size_t preference_count;  ///< likes and dislikes from interviews
  size_t concept_count;     ///< the person's own
  size_t interview_count;   ///< finished ones
} paa_person_info;

/// Makes an empty struct for paa_person_describe. As paa_run_options_init.
PAA_API paa_status paa_person_info_init(paa_person_info* info, size_t struct_size);

/// Fills `info`, which its _init has made. Error: PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_person_describe(paa_person_info* info, const paa_person* person);

/// What the person says of themselves. The caller owns `*profile`. Error: PAA_INVALID_ARGUMENT, PAA_OUT_OF_MEMORY.
PAA_API paa_status paa_person_profile(paa_profile** profile, const paa_person* person);

// All that follow change the person. Errors of each: PAA_INVALID_ARGUMENT, PAA_OUT_OF_MEMORY, and those of writing the
// file: PAA_IO (disk full, locked by another program for ten seconds), PAA_NOT_FOUND (its folder is gone),
// PAA_BAD_FORMAT (what another program wrote). The person is then as before.

/// Puts `profile` in place of the old one. Predictors made before keep the old one.
PAA_API paa_status paa_person_set_profile(paa_person* person, const paa_profile* profile);

/// Sets the ends of the scale of ratings, low below high. Error: also PAA_MISMATCH (verdicts are there already).
PAA_API paa_status paa_person_set_scale(paa_person* person, double low, double high);

/// "I give this photo `stars`", on the person's scale. A later rating of a photo takes the place of an earlier one.
PAA_API paa_status paa_person_rate(paa_person* person, const paa_photo* photo, double stars);

/// "I like `better` more than `worse`."
PAA_API paa_status paa_person_choose(paa_person* person, const paa_photo* better, const paa_photo* worse);

/// "I keep this photo" (`keep` not 0), "I throw it away" (0).
PAA_API paa_status paa_person_keep(paa_person* person, const paa_photo* photo, int32_t keep);

/// Notes that the person was asked about a photo, or which of two is better (`other` not NULL), and need not be asked
/// again.
PAA_API paa_status paa_person_skip(paa_person* person, const paa_photo* photo, const paa_photo* other);

/// Takes back all that was said of a photo; older copies of the file do not bring it back. Error: also PAA_NOT_FOUND
/// (nothing was said of it).
PAA_API paa_status paa_person_forget(paa_person* person, const paa_photo* photo);

/// Takes in what `other`, the same person elsewhere, holds: the same verdict counts once, of two the later one holds.
/// Error: also PAA_MISMATCH (another scale).
PAA_API paa_status paa_person_merge(paa_person* person, const paa_person* other);

// What the file holds, one by one. Texts have a zero after their last byte, and live until the person is changed or
// freed.

/// What a person did: gave stars, chose one photo over another, kept one, threw one away.
enum { PAA_VERDICT_STARS = 0, PAA_VERDICT_CHOICE = 1, PAA_VERDICT_KEEP = 2, PAA_VERDICT_REJECT = 3 };

/// One thing that a person said of a photo, or of two.
typedef struct paa_verdict {
  size_t struct_size;
  int32_t kind;  ///< PAA_VERDICT_STARS ...
  int32_t reserved;
  const char* photo;  ///< hash, see paa_photo_hash; of a preference the better one
  size_t photo_size;
  const char* other;  ///< of a preference the worse one; else empty
  size_t other_size;
  double stars;     ///< PAA_VERDICT_STARS only
  int64_t time_ms;  ///< when it was said, since 1970-01-01 UTC
} paa_verdict;

/// Makes an empty struct for paa_person_verdict. As paa_run_options_init.
PAA_API paa_status paa_verdict_init(paa_verdict* verdict, size_t struct_size);

/// The verdict number `index`, from 0 on, of those that hold, in the order they were said. Error: PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_person_verdict(paa_verdict* verdict, const paa_person* person, size_t index);

/// A like or dislike that came out of an interview.
typedef struct paa_preference {
  size_t struct_size;
  const char* statement;  ///< "dislikes crowded beaches"
  size_t statement_size;
  const char* subject;  ///< in the person's words: "crowded beaches"
  size_t subject_size;
  const char* quote;  ///< what they said, as it stands in their answer
  size_t quote_size;
  int32_t likes;      ///< 1 likes, 0 dislikes
  int32_t strength;   ///< 1 mild, 2, 3 strong
  double confidence;  ///< 0 to 1: how sure the reader is that this was meant
} paa_preference;

/// Makes an empty struct for paa_person_preference. As paa_run_options_init.
PAA_API paa_status paa_preference_init(paa_preference* preference, size_t struct_size);

/// The preference number `index`, from 0 on. Error: PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_person_preference(paa_preference* preference, const paa_person* person, size_t index);

/// What photos are rated on for this person: a question with two ends.
typedef struct paa_concept {
  size_t struct_size;
  const char* name;  ///< by which it is known: unique within the person
  size_t name_size;
  const char* question;  ///< "How much of old boats is in this photo?"
  size_t question_size;
  const char* low;  ///< what the one end means
  size_t low_size;
  const char* high;  ///< what the other end means
  size_t high_size;
  double stated;    ///< what the person said of the high end: -3 (dislikes it strongly) to 3; 0: nothing, or both
  int32_t enabled;  ///< 1; 0: the person switched it off
  int32_t reserved;
} paa_concept;

/// Makes an empty struct for paa_person_concept. As paa_run_options_init.
PAA_API paa_status paa_concept_init(paa_concept* subject, size_t struct_size);

/// The concept number `index`, from 0 on. Error: PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_person_concept(paa_concept* subject, const paa_person* person, size_t index);

/// Switches a concept on (`enabled` not 0) or off. Predictors made before go on as they were. Error: also
/// PAA_NOT_FOUND.
PAA_API paa_status paa_person_enable_concept(paa_person* person, const char* name, size_t name_size, int32_t enabled);

/// Lets photos be rated on other words ("wooden boats"); the name stays. As paa_person_enable_concept.
PAA_API paa_status paa_person_reword_concept(paa_person* person, const char* name, size_t name_size, const char* words,
                                             size_t words_size);

// ---- A chat model of the caller's -----------------------------------------------------------------------------------

/// Where a chat callback puts its reply. Valid during that call.
typedef struct paa_chat_reply paa_chat_reply;

/// Adds a piece of the reply, whole UTF-8 characters; many small ones are as good as one. Errors: PAA_CANCELLED (no
/// more is wanted: return PAA_OK soon), PAA_BAD_FORMAT (not UTF-8, or more than 4 MiB in all), PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_chat_reply_add(paa_chat_reply* reply, const char* text, size_t size);

/// Has a conversation continued by a language model of the caller's. `request` is JSON as of OpenAI's chat completions:
/// {"messages": [{"role": "system", "content": "..."}, ...], "max_tokens": 512, "temperature": 0, ...}, with
/// "response_format" where the reply must be JSON of a given schema. May be called by several threads
/// at once, an interview's by two, also by threads of the library's own. Must neither use nor free the handle it was
/// given to. Another status than PAA_OK makes what needed the reply fail: with
/// PAA_CANCELLED if it is that, else with PAA_IO, which names it.
typedef paa_status (*paa_chat_callback)(paa_chat_reply* reply, const char* request, size_t size, void* user_data);

// ---- Predictions for one person -------------------------------------------------------------------------------------

/// Learns from a person's verdicts, beginning from what other people's ratings tell, and predicts how they rate photos.
/// Threads may share it where it is passed as const. It keeps what it needs of the model.
typedef struct paa_predictor paa_predictor;

/// What a predictor may use beside model and person.
typedef struct paa_predictor_options {
  size_t struct_size;
  const char* population;  ///< file of what other people's ratings tell; default empty: the model folder's
  size_t population_size;
  const char* cache;  ///< folder where what the model saw in photos is remembered; default empty: nowhere
  size_t cache_size;
  paa_chat_callback chat;  ///< rates photos on concepts where the population asks for that; default NULL
  void* chat_user_data;    ///< must live as long as the predictor. Four threads of the library's call at once
  const char* chat_id;     ///< tells this chat model from others in the cache; default empty: nothing is remembered
  size_t chat_id_size;
} paa_predictor_options;

/// Fills in the defaults. As paa_run_options_init.
PAA_API paa_status paa_predictor_options_init(paa_predictor_options* options, size_t struct_size);

/// Makes a predictor that knows the person's profile and concepts and predicts from them alone; verdicts come with
/// paa_predictor_learn. The caller owns `*predictor`. Errors: PAA_NOT_FOUND (a model without population), PAA_MISMATCH
/// (a population of another model), PAA_BAD_FORMAT, PAA_UNSUPPORTED (it names a rater that this version does not know),
/// PAA_IO, PAA_LIMIT_EXCEEDED (a profile too long), PAA_OUT_OF_MEMORY, PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_predictor_new(paa_predictor** predictor, const paa_model* model, const paa_person* person,
                                     const paa_predictor_options* options);

/// Frees the predictor; what it has seen stays. NULL is allowed.
PAA_API void paa_predictor_free(paa_predictor* predictor);

/// A photo as a predictor has seen it: a few thousand numbers. Immutable. Of use with the predictor that made it and
/// with others of the same model, profile and concepts.
typedef struct paa_seen paa_seen;

/// Lets the model look at `count` photos, as they were decoded. `seen` is an array of `count` handles that the caller
/// owns afterwards, in the order of `photos`; all are NULL after a failure. Errors: PAA_INVALID_ARGUMENT (also photos
/// that paa_model_fit made), PAA_CANCELLED, PAA_IO (the cache, the chat callback), PAA_BAD_FORMAT (the chat model gives
/// no digit), PAA_OUT_OF_MEMORY, a status of the progress callback.
PAA_API paa_status paa_predictor_see(paa_seen** seen, paa_predictor* predictor, const paa_photo* const* photos,
                                     size_t count, const paa_run_options* options);

/// Frees what was seen of one photo. NULL is allowed.
PAA_API void paa_seen_free(paa_seen* seen);

/// Learns from all verdicts of `person` anew. Of photos in `seen` (an array of `count`) what was seen is written to the
/// person, of other rated photos the files are looked at where the person last had them, and written, too, so that they
/// may go afterwards. `unseen`, which may be NULL, gets the number of photos that could not be found: verdicts about
/// them do not count yet. Errors: PAA_INVALID_ARGUMENT (also a photo of another predictor's), PAA_MISMATCH (the person
/// has other numbers of a photo under the same name), PAA_CANCELLED, PAA_OUT_OF_MEMORY: the predictor is as before;
/// PAA_IO, PAA_NOT_FOUND, PAA_BAD_FORMAT from writing: it has learned, and the file is as it was.
PAA_API paa_status paa_predictor_learn(size_t* unseen, paa_predictor* predictor, paa_person* person,
                                       const paa_seen* const* seen, size_t count, const paa_cancel* cancel);

/// Predicts the person's ratings of `count` photos. Writes, in the order of `photos`, to arrays of the caller's of
/// which any may be NULL: `means`, on the person's scale; `spreads`, standard deviations of a rating; `deviations`,
/// standard deviations of the mean alone, which more verdicts take away; `levels`, `count` rows of PAA_LEVEL_COUNT
/// probabilities. Error: PAA_INVALID_ARGUMENT; the arrays are then unchanged. Thread-safe, but not beside
/// paa_predictor_learn and _see.
PAA_API paa_status paa_predictor_predict(double* means, double* spreads, double* deviations, double* levels,
                                         const paa_predictor* predictor, const paa_seen* const* photos, size_t count);

/// Why a photo is expected to get its rating: what this person usually gives, and what adds to it or takes away.
/// Immutable.
typedef struct paa_reasons paa_reasons;

/// Takes a prediction apart. `usual` and the points of all reasons sum to the mean before it is cut to the ends of the
/// scale. The caller owns `*reasons`. `usual` and `count` may be NULL. Errors and threads: as paa_predictor_predict.
PAA_API paa_status paa_predictor_explain(paa_reasons** reasons, double* usual, size_t* count,
                                         const paa_predictor* predictor, const paa_seen* photo);

/// The reason number `index`, from 0 on, the strongest first and what is not told one by one last, summed: in words
/// such as "vivid colours", with a zero after the last byte, which live as long as `reasons`; `points` of the person's
/// scale that it adds (below 0: takes away). `size` and `points` may be NULL. Error: PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_reasons_get(const char** text, size_t* size, double* points, const paa_reasons* reasons,
                                   size_t index);

/// Frees the reasons with their texts. NULL is allowed.
PAA_API void paa_reasons_free(paa_reasons* reasons);

/// Which questions are wanted.
typedef struct paa_ask_options {
  size_t struct_size;
  size_t count;      ///< questions wanted, each as if those before were answered; default 1. As many as the arrays hold
  int32_t pairs;     ///< 1: which of two photos is better; default 0: how many stars
  int32_t reserved;  ///< 0
  double threshold;  ///< points: what an answer must be expected to teach; below 0, the default: the population's
} paa_ask_options;

/// Fills in the defaults. As paa_run_options_init.
PAA_API paa_status paa_ask_options_init(paa_ask_options* options, size_t struct_size);

/// What to ask the person next: of `count` photos, those whose ratings would make the predictions for all of them
/// surest; of more than 1000 an evenly spread part is looked at. What was asked before (stars, choices,
/// paa_person_skip) is left out. Writes `*found` questions, perhaps none, the best first: `photos` and, of pairs,
/// `others` are indices into `seen`; `gains`, which may be NULL, points of the population's scale off the mean spread.
/// Errors and threads: as paa_predictor_predict.
PAA_API paa_status paa_predictor_ask(size_t* found, size_t* photos, size_t* others, double* gains,
                                     const paa_predictor* predictor, const paa_person* person,
                                     const paa_seen* const* seen, size_t count, const paa_ask_options* options);

// ---- Interview ------------------------------------------------------------------------------------------------------

/// A running interview about what a person finds beautiful: a question out, an answer in. One thread at a time may use
/// it.
typedef struct paa_interview paa_interview;

/// How an interview is held.
typedef struct paa_interview_options {
  size_t struct_size;
  const char* language;  ///< "en" (the default), "de", or the file of a guide
  size_t language_size;
  int32_t questions;        ///< at most, 4 to 60; default 16
  int32_t minutes;          ///< after so many, up to 600, the summary comes; 0, the default: no limit
  paa_chat_callback chat;   ///< asks and reads; default NULL: the guide's own questions, read by the model
  void* chat_user_data;     ///< must live as long as the interview
  const char* const* photos;  ///< zero-ended paths of photos to show two at a time; default NULL
  size_t photo_count;         ///< of them, even
} paa_interview_options;

/// Fills in the defaults. As paa_run_options_init.
PAA_API paa_status paa_interview_options_init(paa_interview_options* options, size_t struct_size);

/// Begins an interview, or goes on with the one that was broken off: it is kept beside the person file, each answer on
/// the disk before the next question. `person` must have a file. `model` reads the answers; NULL if options.chat does.
/// The caller owns `*interview`. Errors: PAA_INVALID_ARGUMENT, PAA_UNSUPPORTED (no guide, or no reader without chat,
/// for that language), PAA_BAD_FORMAT, PAA_MISMATCH (one in another language was begun), PAA_IO (another program holds
/// it).
PAA_API paa_status paa_interview_begin(paa_interview** interview, const paa_model* model, const paa_person* person,
                                       const paa_interview_options* options);

/// Stops reading and lets go of it: what was said stays on the disk. Waits for a chat callback that is running; not to
/// be called from it. NULL is allowed.
PAA_API void paa_interview_free(paa_interview* interview);

/// What is asked. Texts have a zero after their last byte and live until the next call with the interview.
typedef struct paa_interview_question {
  size_t struct_size;
  int32_t turn;     ///< number, from 1 on; 0: the interview is over, nothing else is set
  int32_t summary;  ///< 1: this is the summary, the last question: agreeing ends, another answer corrects
  const char* text;
  size_t text_size;
  const char* photo;  ///< path of a photo to show with it; empty: none
  size_t photo_size;
  const char* other;  ///< of a second one
  size_t other_size;
} paa_interview_question;

/// Makes an empty struct for paa_interview_ask. As paa_run_options_init.
PAA_API paa_status paa_interview_question_init(paa_interview_question* question, size_t struct_size);

/// The question that waits for an answer. Takes as long as finding it does: a summary waits until all answers are read.
/// `cancel` may be NULL. Errors: PAA_CANCELLED, PAA_IO, PAA_INVALID_ARGUMENT; the interview stands as before.
PAA_API paa_status paa_interview_ask(paa_interview_question* question, paa_interview* interview,
                                     const paa_cancel* cancel);

/// Answers it, in at most 200,000 bytes; nothing but white space skips it. On the disk when this returns. Errors:
/// PAA_INVALID_ARGUMENT (no question waits, too long), PAA_IO.
PAA_API paa_status paa_interview_answer(paa_interview* interview, const char* text, size_t size);

/// Goes on without an answer. As paa_interview_answer.
PAA_API paa_status paa_interview_skip(paa_interview* interview);

/// Takes the last answer back; its question is asked again, as another turn. Error: also PAA_NOT_FOUND (nothing was
/// answered yet).
PAA_API paa_status paa_interview_back(paa_interview* interview);

/// The person has had enough: the summary comes next, or, if it is what waits, is agreed to.
PAA_API paa_status paa_interview_stop(paa_interview* interview);

/// How it stands, as JSON: {"id", "language", "over", "turns": [{"turn", "kind", "topic", "question", "answer"}],
/// "preferences": [{"statement", "polarity", "strength", "confidence", "turn", "quote", ...}], "unread", "faults"}:
/// what was understood so far of answers that are read; `unread` are not. The caller owns `*json`. Error:
/// PAA_INVALID_ARGUMENT.
PAA_API paa_status paa_interview_snapshot(paa_text** json, const paa_interview* interview);

/// Waits until all answers are read, writes preferences, concepts and transcript to `person`, the one it was begun
/// with, and ends the interview, whose own file goes. Also before it is over: what was said counts as it is. Then the
/// handle is only good for _free. Errors: PAA_CANCELLED, PAA_IO, PAA_INVALID_ARGUMENT; nothing is lost then.
PAA_API paa_status paa_interview_finish(paa_interview* interview, paa_person* person, const paa_cancel* cancel);

// ---- Features of photos ---------------------------------------------------------------------------------------------

/// Computes features of photos by name: numbers that depend on photo and model, not on a person. Immutable.
typedef struct paa_features paa_features;

/// `groups`: names separated by commas, of "score", "pooled", "classes", "hidden", "statistics", "composition"
/// (docs/concepts.md). The caller owns `*features`, which keeps what it needs of the model. Errors:
/// PAA_INVALID_ARGUMENT (no such group), PAA_UNSUPPORTED (classes of a model without class names), PAA_OUT_OF_MEMORY.
/// Thread-safe.
PAA_API paa_status paa_features_new(paa_features** features, const paa_model* model, const char* groups,
                                    size_t groups_size);

/// Frees the handle; computed numbers are the caller's. NULL is allowed.
PAA_API void paa_features_free(paa_features* features);

/// How many numbers a photo has. Error: PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_features_columns(size_t* columns, const paa_features* features);

/// The name of a column, "statistics: brightness", with a zero after the last byte; lives as long as `features`. `size`
/// may be NULL. Error: PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_features_name(const char** name, size_t* size, const paa_features* features, size_t column);

/// Writes `count` rows of paa_features_columns numbers to `rows`, in the order of `photos`. Errors:
/// PAA_INVALID_ARGUMENT, PAA_CANCELLED, PAA_OUT_OF_MEMORY, a status of the progress callback; `rows` is then unchanged.
/// Thread-safe.
PAA_API paa_status paa_features_compute(float* rows, const paa_features* features, const paa_photo* const* photos,
                                        size_t count, const paa_run_options* options);

// ---- Metrics --------------------------------------------------------------------------------------------------------

/// Figures of a set of predictions. The first three: 1 is best. MAE, RMSE and CRPS: 0 is best, in the units of ratings.
/// The others are shares: of pairs on one side of the middle, and of ratings inside the central intervals of 50, 80 and
/// 95 %.
enum {
  PAA_METRIC_SROCC = 0,
  PAA_METRIC_PLCC = 1,
  PAA_METRIC_TAU = 2,
  PAA_METRIC_MAE = 3,
  PAA_METRIC_RMSE = 4,
  PAA_METRIC_HIGH_ACCURACY = 5,
  PAA_METRIC_COVERAGE_50 = 6,
  PAA_METRIC_COVERAGE_80 = 7,
  PAA_METRIC_COVERAGE_95 = 8,
  PAA_METRIC_CRPS = 9
};
#define PAA_METRIC_COUNT 10

/// Compares `count` predictions with ratings. Writes PAA_METRIC_COUNT numbers, in the order above; NaN where a figure
/// is not defined, such as a correlation with a constant. `spreads` may be NULL: coverage and CRPS are then NaN.
/// `middle`: of the rating scale; above it is high. Equal to SciPy's and scikit-learn's to 1e-12. Error:
/// PAA_INVALID_ARGUMENT. Thread-safe.
PAA_API paa_status paa_metrics(double* figures, const double* ratings, const double* means, const double* spreads,
                               size_t count, double middle);

/// "srocc", "mae" ...; "unknown metric" for any other number. Never NULL, never freed. Thread-safe.
PAA_API const char* paa_metric_name(int32_t metric);

#ifdef __cplusplus
}
#endif
