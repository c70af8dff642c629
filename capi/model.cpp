#include "paa/pmllm/pmllm.h"

#include <memory>
#include <utility>

#include "guard.h"
#include "handles.h"
#include "paa/checkpoint/model_folder.h"
#include "sized_struct.h"
#include "view.h"

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_load_options> = offsetof(paa_load_options, cancel) + sizeof(void*);
template <>
inline constexpr std::size_t kFirstSize<paa_model_info> = offsetof(paa_model_info, reserved) + sizeof(std::int32_t);

namespace {

paa_load_options defaults() {
  const PmllmOptions options;
  return {sizeof(paa_load_options),  PAA_PRECISION_AUTO, options.threads, options.verify_max_bytes,
          nullptr, nullptr, nullptr, 0};
}

Precision precision(std::int32_t value) {
  switch (value) {
    case PAA_PRECISION_AUTO: return Precision::kAuto;
    case PAA_PRECISION_F32: return Precision::kF32;
    case PAA_PRECISION_BF16: return Precision::kBF16;
    default: refuse("options.precision is " + std::to_string(value) + ", no PAA_PRECISION_ value");
  }
}

PmllmOptions model_options(const paa_load_options& load) {
  if (load.threads < 0) refuse("options.threads is negative");
  PmllmOptions options;
  const auto roles = handles(load.roles, load.part_count, "options.roles");
  const auto paths = handles(load.paths, load.part_count, "options.paths");
  for (std::size_t i = 0; i < roles.size(); ++i) options.parts[roles[i]] = paths[i];
  options.precision = precision(load.precision);
  options.threads = load.threads;
  options.verify_max_bytes = load.verify_max_bytes;
  return options;
}

paa_model_info describe(const ModelInfo& info) {
  paa_model_info result{};
  point_at(result.name, result.name_size, info.name);
  point_at(result.hash, result.hash_size, info.hash);
  point_at(result.data_note, result.data_note_size, info.data_note);
  result.scale_low = info.scale_low;
  result.scale_high = info.scale_high;
  result.precision = info.precision == Precision::kBF16 ? PAA_PRECISION_BF16 : PAA_PRECISION_F32;
  return result;
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_load_options_init(paa_load_options* options, size_t struct_size) {
  return guard(__func__, [&] { write_struct(options, struct_size, defaults(), "options"); });
}

paa_status paa_model_load(paa_model** model, const char* name, size_t name_size, const paa_load_options* options) {
  return guard(__func__, [&] {
    make_handle(model, "model", [&] {
      const auto load = read_struct(options, defaults(), "options");
      const auto chosen = model_options(load);
      auto folder = paa::find_model(file_name(name, name_size, "name"));
      auto loaded = std::make_shared<const paa::Pmllm>(paa::Pmllm::load(folder, chosen, cancel_flag(load.cancel)));
      return paa_model{std::move(loaded), std::move(folder)};
    });
  });
}

void paa_model_free(paa_model* model) { delete model; }

paa_status paa_model_info_init(paa_model_info* info, size_t struct_size) {
  return guard(__func__, [&] { write_struct(info, struct_size, paa_model_info{}, "info"); });
}

paa_status paa_model_describe(paa_model_info* info, const paa_model* model) {
  return guard(__func__, [&] {
    const auto described = describe(required(model, "model").value->info());
    write_struct(info, required(info, "info").struct_size, described, "info");
  });
}

paa_status paa_model_prepare(paa_prepared** prepared, const paa_model* model, const paa_profile* profile) {
  return guard(__func__, [&] {
    make_handle(prepared, "prepared",
                [&] { return required(model, "model").value->prepare(required(profile, "profile").value); });
  });
}

paa_status paa_model_fit(paa_photo** fitted, const paa_model* model, const paa_photo* photo) {
  return guard(__func__, [&] {
    make_handle(fitted, "fitted", [&] {
      const auto& pmllm = *required(model, "model").value;
      return paa_photo{pmllm.fit(required(photo, "photo").value), {}, {}};
    });
  });
}
