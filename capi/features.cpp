#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "guard.h"
#include "handles.h"
#include "paa/dlllm/low_level.h"
#include "run.h"
#include "view.h"

struct paa_features {
  std::shared_ptr<const paa::Pmllm> model;
  paa::LowLevelFeatures value;
  std::vector<std::string> names;
};

namespace paa::capi {
namespace {

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    auto name = text.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    names.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

std::vector<std::string> column_names(const FeatureLayout& layout) {
  std::vector<std::string> names;
  for (const auto& group : layout.groups) {
    for (const auto& feature : group.features) names.push_back(group.name + ": " + feature);
  }
  return names;
}

std::vector<float> compute(const LowLevelFeatures& features, std::span<const paa_photo* const> photos,
                           const paa_run_options* options) {
  std::vector<float> values;
  run_in_steps(photos.size(), options, [&](std::size_t begin, std::size_t end, const Cancel* cancel) {
    std::vector<SeenPhoto> seen;
    for (std::size_t i = begin; i < end; ++i) {
      throw_if_cancelled(cancel);
      check_whole(*photos[i]);
      seen.push_back(features.see(photos[i]->value));
    }
    const auto rows = features.compute(seen, cancel);
    values.insert(values.end(), rows.values.begin(), rows.values.end());
  });
  return values;
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_features_new(paa_features** features, const paa_model* model, const char* groups, size_t groups_size) {
  return guard(__func__, [&] {
    make_handle(features, "features", [&] {
      const auto& pmllm = required(model, "model").value;
      const auto names = split_names(text(groups, groups_size, "groups"));
      paa::LowLevelFeatures made(*pmllm, names);
      auto columns = column_names(made.layout());
      return paa_features{pmllm, std::move(made), std::move(columns)};
    });
  });
}

void paa_features_free(paa_features* features) { delete features; }

paa_status paa_features_columns(size_t* columns, const paa_features* features) {
  return guard(__func__, [&] {
    required(columns, "columns") = 0;
    *columns = required(features, "features").names.size();
  });
}

paa_status paa_features_name(const char** name, size_t* size, const paa_features* features, size_t column) {
  return guard(__func__, [&] {
    view_text(name, size, "name", [&]() -> auto& { return element(required(features, "features").names, column); });
  });
}

paa_status paa_features_compute(float* rows, const paa_features* features, const paa_photo* const* photos, size_t count,
                                const paa_run_options* options) {
  return guard(__func__, [&] {
    const auto& held = required(features, "features");
    const auto all = handles(photos, count, "photos");
    if (count > 0) required(rows, "rows");
    const auto values = compute(held.value, all, options);
    std::copy(values.begin(), values.end(), rows);
  });
}
