#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "checkpoint/in_quotes.h"
#include "checkpoint/tensor_layout.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/core/json.h"

namespace paa {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: cannot write: {}", path.string(), what));
}

void check(const std::filesystem::path& path, const TensorToWrite& tensor) {
  const auto block = block_of(tensor.type);
  if (block.elements != 1) {
    refuse(path, fmt::format("tensor {} has the type {}, which safetensors does not have", in_quotes(tensor.name),
                             to_string(tensor.type)));
  }
  const auto elements = checked_elements(tensor.shape);
  const auto bytes = elements ? checked_bytes(block, *elements) : std::nullopt;
  if (bytes != tensor.bytes.size()) {
    refuse(path, fmt::format("tensor {} has {} bytes, which its shape and type do not take", in_quotes(tensor.name),
                             tensor.bytes.size()));
  }
  if (tensor.name == "__metadata__") refuse(path, "a tensor cannot have the name __metadata__");
}

// The header, padded with spaces so that the data begins at a multiple of 8 bytes.
std::string header_text(const std::filesystem::path& path, const std::vector<TensorToWrite>& tensors,
                        const SafetensorsMetadata& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& tensor : tensors) {
    if (header.contains(tensor.name)) refuse(path, fmt::format("tensor {} comes twice", in_quotes(tensor.name)));
    header[tensor.name] = {{"dtype", to_string(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  try {
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
  } catch (const Json::type_error&) {
    refuse(path, "a tensor's name or the metadata is not UTF-8");
  }
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                       const SafetensorsMetadata& metadata) {
  for (const auto& tensor : tensors) check(path, tensor);
  std::ranges::sort(tensors, {}, [](const TensorToWrite& tensor) {
    return std::tuple(-static_cast<std::int64_t>(block_of(tensor.type).bytes), std::string_view(tensor.name));
  });
  const std::string header = header_text(path, tensors, metadata);
  const std::uint64_t length = header.size();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&length), sizeof length});
  file.write(header);
  for (const auto& tensor : tensors) {
    file.write({reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()});
  }
  file.commit();
}

}  // namespace paa
