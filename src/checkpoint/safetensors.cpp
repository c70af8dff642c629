#include "paa/checkpoint/safetensors.h"

#include <array>
#include <bit>

#include "checkpoint/byte_cursor.h"
#include "checkpoint/owned_bytes.h"
#include "checkpoint/in_quotes.h"
#include "checkpoint/tensor_layout.h"
#include "checkpoint/tensor_table.h"
#include "paa/core/json.h"

namespace paa {
namespace {

struct ElementType {
  std::string_view name;
  DType type;
  ElementBlock block;
};

// The element types of the format's reference implementation; those narrower than a byte come in whole bytes.
constexpr auto kElementTypes = std::to_array<ElementType>({
    {"F32", DType::kF32, {1, 4}},       {"F16", DType::kF16, {1, 2}},       {"BF16", DType::kBF16, {1, 2}},
    {"I8", DType::kI8, {1, 1}},         {"I16", DType::kI16, {1, 2}},       {"I32", DType::kI32, {1, 4}},
    {"I64", DType::kI64, {1, 8}},       {"U8", DType::kU8, {1, 1}},         {"BOOL", DType::kBool, {1, 1}},
    {"U16", DType::kOther, {1, 2}},     {"U32", DType::kOther, {1, 4}},     {"U64", DType::kOther, {1, 8}},
    {"F64", DType::kOther, {1, 8}},     {"C64", DType::kOther, {1, 8}},     {"F8_E5M2", DType::kOther, {1, 1}},
    {"F8_E4M3", DType::kOther, {1, 1}}, {"F8_E8M0", DType::kOther, {1, 1}}, {"F6_E2M3", DType::kOther, {4, 3}},
    {"F6_E3M2", DType::kOther, {4, 3}}, {"F4", DType::kOther, {2, 1}},
});

// Reads one header, checking everything in it.
class HeaderReader {
 public:
  HeaderReader(std::span<const std::byte> bytes, std::string origin) : cursor_(bytes, std::move(origin)) {}

  void read();

  SafetensorsMetadata metadata;
  TensorTable tensors;

 private:
  struct Range {
    std::uint64_t begin;
    std::uint64_t end;
  };

  Json read_json_header();
  void read_metadata(const Json& entries);
  void read_tensor(const std::string& name, const Json& entry);
  std::vector<std::uint64_t> unsigned_list(const Json& entry, const char* key, const std::string& what) const;
  void place();

  ByteCursor cursor_;
  std::vector<std::pair<Range, TensorInfo>> found_;
};

void HeaderReader::read() {
  const Json header = read_json_header();
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      read_metadata(entry);
    } else {
      read_tensor(name, entry);
    }
  }
  place();
}

Json HeaderReader::read_json_header() {
  constexpr std::uint64_t kMaxHeader = 100'000'000;  // the format's own limit
  constexpr int kMaxDepth = 8;
  const auto length = cursor_.take<std::uint64_t>("the header's length");
  if (length > kMaxHeader) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: says its header has {} bytes, more than the limit of {}; it is "
                            "damaged or no safetensors file",
                            cursor_.origin(), length, kMaxHeader));
  }
  const auto bytes = cursor_.take_bytes(length, "the header");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with('{')) cursor_.fail("the header does not begin with {");
  return parse_json(text, cursor_.origin() + " (header)", {.max_bytes = kMaxHeader, .max_depth = kMaxDepth});
}

void HeaderReader::read_metadata(const Json& entries) {
  if (!entries.is_object()) cursor_.fail("__metadata__ is not an object");
  for (const auto& [key, value] : entries.items()) {
    if (!value.is_string()) cursor_.fail(fmt::format("__metadata__ {} is not a string", in_quotes(key)));
    metadata.emplace(key, value.get<std::string>());
  }
}

void HeaderReader::read_tensor(const std::string& name, const Json& entry) {
  const auto what = "tensor " + in_quotes(name);
  if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() || entry.size() != 3) {
    cursor_.fail(what + " is not an object of dtype, shape and data_offsets");
  }
  const auto& type_name = entry["dtype"].get_ref<const std::string&>();
  const auto type = std::ranges::find(kElementTypes, type_name, &ElementType::name);
  if (type == kElementTypes.end()) {
    throw Error(ErrorCode::kUnsupported, fmt::format("{}: {} has the element type {}, which is not known",
                                                     cursor_.origin(), what, in_quotes(type_name)));
  }

  TensorInfo info;
  info.name = name;
  info.type = type->type;
  if (type->type == DType::kOther) info.other_type = type_name;
  for (const auto size : unsigned_list(entry, "shape", what)) {
    // Sizes past 2^63 turn negative here, which checked_elements refuses.
    info.shape.push_back(static_cast<std::int64_t>(size));
  }
  const auto offsets = unsigned_list(entry, "data_offsets", what);
  if (offsets.size() != 2 || offsets[0] > offsets[1])
    cursor_.fail(what + " has data_offsets that are not [begin, end]");
  const auto elements = checked_elements(info.shape);
  const auto bytes = elements ? checked_bytes(type->block, *elements) : std::nullopt;
  if (bytes != offsets[1] - offsets[0]) {
    cursor_.fail(fmt::format("{} has {} bytes, which its shape {} of {} does not take", what, offsets[1] - offsets[0],
                             info.shape_text(), type_name));
  }
  found_.push_back({{offsets[0], offsets[1]}, std::move(info)});
}

std::vector<std::uint64_t> HeaderReader::unsigned_list(const Json& entry, const char* key,
                                                       const std::string& what) const {
  const auto list = entry.find(key);
  if (list == entry.end() || !list->is_array()) cursor_.fail(fmt::format("{} has no list {}", what, key));
  std::vector<std::uint64_t> values;
  for (const auto& value : *list) {
    if (!value.is_number_unsigned())
      cursor_.fail(fmt::format("{} has {} that are not whole numbers from 0 on", what, key));
    values.push_back(value.get<std::uint64_t>());
  }
  return values;
}

void HeaderReader::place() {
  std::ranges::sort(found_, {}, [](const auto& tensor) { return std::pair(tensor.first.begin, tensor.first.end); });
  const auto data = cursor_.take_bytes(cursor_.remaining(), "the data");
  std::vector<StoredTensor> stored;
  std::uint64_t end = 0;
  for (auto& [range, info] : found_) {
    const auto what = "tensor " + in_quotes(info.name);
    if (range.begin < end) cursor_.fail(fmt::format("{} overlaps tensor {}", what, in_quotes(stored.back().info.name)));
    if (range.begin > end) cursor_.fail(fmt::format("{} leaves a hole of {} bytes before it", what, range.begin - end));
    if (range.end > data.size()) {
      cursor_.fail(fmt::format("{} ends at {} of the data, which has {} bytes", what, range.end, data.size()));
    }
    end = range.end;
    stored.push_back({std::move(info), data.subspan(range.begin, range.end - range.begin)});
  }
  if (end != data.size()) cursor_.fail(fmt::format("{} bytes after the last tensor belong to none", data.size() - end));
  tensors = TensorTable(std::move(stored));
}

}  // namespace

struct Safetensors::Impl {
  Impl(OwnedBytes owned, std::string name) : data(std::move(owned)), origin(std::move(name)) {
    HeaderReader reader(data.bytes, origin);
    reader.read();
    metadata = std::move(reader.metadata);
    tensors = std::move(reader.tensors);
  }

  OwnedBytes data;
  std::string origin;
  SafetensorsMetadata metadata;
  TensorTable tensors;
};

Safetensors::Safetensors(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Safetensors::Safetensors(Safetensors&&) noexcept = default;
Safetensors& Safetensors::operator=(Safetensors&&) noexcept = default;
Safetensors::~Safetensors() = default;

Safetensors Safetensors::open(const std::filesystem::path& path) {
  return Safetensors(std::make_unique<const Impl>(OwnedBytes::map(path), path.string()));
}

Safetensors Safetensors::from_bytes(std::vector<std::byte> bytes, std::string origin) {
  return Safetensors(std::make_unique<const Impl>(OwnedBytes::own(std::move(bytes)), std::move(origin)));
}

const SafetensorsMetadata& Safetensors::metadata() const noexcept { return impl_->metadata; }

const std::vector<TensorInfo>& Safetensors::tensors() const { return impl_->tensors.infos(); }

std::span<const std::byte> Safetensors::bytes(std::string_view name) const {
  const TensorInfo& tensor = info(name);
  refuse_other_type(tensor);
  return impl_->tensors.bytes(tensor);
}

std::string Safetensors::origin() const { return impl_->origin; }

}  // namespace paa
