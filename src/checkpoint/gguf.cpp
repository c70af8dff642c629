#include "paa/checkpoint/gguf.h"

#include <bit>
#include <functional>

#include "checkpoint/gguf_reader.h"
#include "checkpoint/gguf_types.h"
#include "checkpoint/owned_bytes.h"
#include "checkpoint/in_quotes.h"
#include "paa/core/error.h"

namespace paa {

void GgufReader::read() {
  constexpr std::uint64_t kSmallestTensor = 24;  // name length, dimension count, type, offset
  constexpr std::uint64_t kSmallestPair = 13;    // key length, value type, one byte
  read_version();
  const auto tensor_count = cursor_.take_count(kSmallestTensor, "the number of tensors");
  read_metadata(cursor_.take_count(kSmallestPair, "the number of metadata values"));
  std::vector<Pending> pending;
  for (std::uint64_t i = 0; i < tensor_count; ++i) pending.push_back(read_tensor(i));
  place(std::move(pending));
}

void GgufReader::read_version() {
  const auto magic = cursor_.take_bytes(4, "the magic number");
  if (std::memcmp(magic.data(), "GGUF", 4) != 0) {
    throw Error(ErrorCode::kBadFormat,
                fmt::format("{}: is not a GGUF file (it does not begin with GGUF)", cursor_.origin()));
  }
  version = cursor_.take<std::uint32_t>("the version");
  if (version == 2 || version == 3) return;
  const bool swapped = version != 0 && (version & 0xffffu) == 0;
  throw Error(ErrorCode::kUnsupported,
              swapped ? fmt::format("{}: is a big-endian GGUF file; convert it to little-endian", cursor_.origin())
                      : fmt::format("{}: has GGUF version {}; 2 and 3 are read", cursor_.origin(), version));
}

void GgufReader::read_metadata(std::uint64_t count) {
  constexpr std::size_t kLongestKey = 65535;  // the format's own limit
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto key = cursor_.take_string(fmt::format("metadata key {}", i));
    const auto what = "metadata " + in_quotes(key);
    if (key.size() > kLongestKey) cursor_.fail(fmt::format("{} has a key of {} bytes", what, key.size()));
    const auto type = take_type(cursor_, what);
    const auto value = take_value(cursor_, type, what);
    if (!metadata.emplace(key, value).second) cursor_.fail(what + " stands twice");
  }
}

GgufReader::Pending GgufReader::read_tensor(std::uint64_t index) {
  constexpr std::size_t kLongestName = 1024;
  constexpr std::uint32_t kMaxDimensions = 4;
  const auto name = cursor_.take_string(fmt::format("the name of tensor {}", index));
  const auto what = "tensor " + in_quotes(name);
  if (name.size() > kLongestName) cursor_.fail(fmt::format("{} has a name of {} bytes", what, name.size()));
  const auto dimensions = cursor_.take<std::uint32_t>(what);
  if (dimensions > kMaxDimensions)
    cursor_.fail(fmt::format("{} has {} dimensions, at most 4 are allowed", what, dimensions));

  Pending tensor{};
  tensor.info.name = name;
  tensor.info.shape.resize(dimensions);
  for (std::uint32_t i = 0; i < dimensions; ++i) {  // the file has the innermost dimension first
    tensor.info.shape[dimensions - 1 - i] = cursor_.take<std::int64_t>(what);
  }
  const auto number = cursor_.take<std::uint32_t>(what);
  const auto* type = find_gguf_tensor_type(number);
  if (type == nullptr) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: {} has the element type {}, which is not known", cursor_.origin(), what, number));
  }
  tensor.info.type = type->type;
  if (type->type == DType::kOther) tensor.info.other_type = type->name;
  tensor.offset = cursor_.take<std::uint64_t>(what);

  const auto elements = checked_elements(tensor.info.shape);
  const auto row = dimensions == 0 ? 1 : tensor.info.shape.back();
  const auto bytes = elements ? checked_bytes(type->block, *elements) : std::nullopt;
  if (!bytes || static_cast<std::uint64_t>(row) % type->block.elements != 0) {
    cursor_.fail(fmt::format("{} cannot have the shape {} with the element type {}", what, tensor.info.shape_text(),
                             type->name));
  }
  tensor.bytes = *bytes;
  return tensor;
}

std::uint64_t GgufReader::alignment() const {
  constexpr std::int64_t kDefault = 32;
  const auto found = metadata.find("general.alignment");
  const auto value = found == metadata.end() ? kDefault : found->second.as_integer().value_or(0);
  if (value <= 0 || !std::has_single_bit(static_cast<std::uint64_t>(value))) {
    cursor_.fail("general.alignment is not a power of two");
  }
  return static_cast<std::uint64_t>(value);
}

void GgufReader::place(std::vector<Pending> pending) {
  const auto step = alignment();
  const auto padding = (step - cursor_.position() % step) % step;
  const bool has_data = padding <= cursor_.remaining();
  const auto data = has_data ? file_.subspan(cursor_.position() + padding) : std::span<const std::byte>();

  std::ranges::sort(pending, {}, [](const Pending& tensor) { return std::pair(tensor.offset, tensor.bytes); });
  std::vector<StoredTensor> stored;
  std::uint64_t end = 0;
  for (auto& tensor : pending) {
    const auto what = "tensor " + in_quotes(tensor.info.name);
    if (tensor.offset % step != 0)
      cursor_.fail(fmt::format("{} begins at {}, not a multiple of {}", what, tensor.offset, step));
    if (tensor.offset > data.size() || tensor.bytes > data.size() - tensor.offset) {
      cursor_.fail(fmt::format("{} takes {} bytes at {} of the data, which has {} bytes", what, tensor.bytes,
                               tensor.offset, data.size()));
    }
    if (tensor.offset < end)
      cursor_.fail(fmt::format("{} overlaps tensor {}", what, in_quotes(stored.back().info.name)));
    end = tensor.offset + tensor.bytes;
    stored.push_back({std::move(tensor.info), data.subspan(tensor.offset, tensor.bytes)});
  }
  tensors = TensorTable(std::move(stored));
  const auto twice = std::ranges::adjacent_find(tensors.infos(), {}, &TensorInfo::name);
  if (twice != tensors.infos().end()) cursor_.fail(fmt::format("tensor {} stands twice", in_quotes(twice->name)));
}

struct Gguf::Impl {
  Impl(OwnedBytes owned, std::string name)
      : data(std::move(owned)), origin(std::move(name)), reader(data.bytes, origin) {
    reader.read();
  }

  // The value of `key` as `convert` gives it, or an error naming what was found instead.
  template <class Convert>
  auto find(std::string_view key, const char* wanted, Convert convert) const -> decltype(convert(GgufValue())) {
    const auto found = reader.metadata.find(key);
    if (found == reader.metadata.end()) return std::nullopt;
    auto value = convert(found->second);
    if (value) return value;
    const GgufType type = found->second.type();
    const std::string item =
        type == GgufType::kArray ? fmt::format(" of {}", to_string(found->second.item_type())) : "";
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: metadata {} is a value of type {}{}, {} is needed", origin,
                                                   in_quotes(key), to_string(type), item, wanted));
  }

  // Same for the items of an array.
  template <class Convert>
  auto find_items(std::string_view key, const char* wanted, Convert convert) const {
    using Item = typename decltype(convert(GgufValue()))::value_type;
    return find(key, wanted, [&](const GgufValue& array) -> std::optional<std::vector<Item>> {
      if (array.type() != GgufType::kArray) return std::nullopt;
      std::vector<Item> items;
      items.reserve(array.size());
      for (const auto& value : array.items()) {
        const auto item = convert(value);
        if (!item) return std::nullopt;
        items.push_back(*item);
      }
      return items;
    });
  }

  OwnedBytes data;
  std::string origin;
  GgufReader reader;
};

Gguf::Gguf(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Gguf::Gguf(Gguf&&) noexcept = default;
Gguf& Gguf::operator=(Gguf&&) noexcept = default;
Gguf::~Gguf() = default;

Gguf Gguf::open(const std::filesystem::path& path) {
  return Gguf(std::make_unique<const Impl>(OwnedBytes::map(path), path.string()));
}

Gguf Gguf::from_bytes(std::vector<std::byte> bytes, std::string origin) {
  return Gguf(std::make_unique<const Impl>(OwnedBytes::own(std::move(bytes)), std::move(origin)));
}

std::uint32_t Gguf::version() const noexcept { return impl_->reader.version; }

const std::map<std::string, GgufValue, std::less<>>& Gguf::metadata() const noexcept { return impl_->reader.metadata; }

std::optional<std::int64_t> Gguf::find_integer(std::string_view key) const {
  return impl_->find(key, "an integer below 2^63", std::mem_fn(&GgufValue::as_integer));
}

std::optional<double> Gguf::find_number(std::string_view key) const {
  return impl_->find(key, "a number", std::mem_fn(&GgufValue::as_number));
}

std::optional<bool> Gguf::find_bool(std::string_view key) const {
  return impl_->find(key, "a bool", std::mem_fn(&GgufValue::as_bool));
}

std::optional<std::string_view> Gguf::find_string(std::string_view key) const {
  return impl_->find(key, "a string", std::mem_fn(&GgufValue::as_string));
}

std::optional<std::vector<std::int64_t>> Gguf::find_integers(std::string_view key) const {
  return impl_->find_items(key, "an array of integers", std::mem_fn(&GgufValue::as_integer));
}

std::optional<std::vector<double>> Gguf::find_numbers(std::string_view key) const {
  return impl_->find_items(key, "an array of numbers", std::mem_fn(&GgufValue::as_number));
}

std::optional<std::vector<std::string_view>> Gguf::find_strings(std::string_view key) const {
  return impl_->find_items(key, "an array of strings", std::mem_fn(&GgufValue::as_string));
}

const std::vector<TensorInfo>& Gguf::tensors() const { return impl_->reader.tensors.infos(); }

std::span<const std::byte> Gguf::bytes(std::string_view name) const {
  const TensorInfo& tensor = info(name);
  refuse_other_type(tensor);
  return impl_->reader.tensors.bytes(tensor);
}

std::string Gguf::origin() const { return impl_->origin; }

}  // namespace paa
