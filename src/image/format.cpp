#include "format.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace paa {
namespace {

using std::string_view_literals::operator""sv;

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_tga(std::string_view text) {
  if (text.size() < 18) return false;
  const auto at = [&](int i) { return static_cast<unsigned char>(text[i]); };
  const int palette = at(1), kind = at(2), palette_bits = at(7), bits = at(16);
  const auto is_sample = [](int n) { return n == 8 || n == 15 || n == 16 || n == 24 || n == 32; };
  const bool has_size = (at(12) | at(13)) != 0 && (at(14) | at(15)) != 0;
  if (!has_size || !is_sample(bits)) return false;
  if (palette == 1) return (kind == 1 || kind == 9) && is_sample(palette_bits) && (bits == 8 || bits == 16);
  return palette == 0 && (kind == 2 || kind == 3 || kind == 10 || kind == 11);
}

// The brands of an ISO base media file ("ftyp" box): the major one first, then those it is compatible with.
const char* recognise_brand(std::string_view text) {
  if (text.size() < 12 || text.substr(4, 4) != "ftyp"sv) return nullptr;
  const auto has = [&](std::string_view brand) {
    const auto end = std::min<std::size_t>(text.size(), std::max(12, int{static_cast<unsigned char>(text[3])}));
    for (std::size_t at = 8; at + 4 <= end; at += 4) {
      if (at != 12 && text.substr(at, 4) == brand) return true;
    }
    return false;
  };
  if (has("avif"sv) || has("avis"sv)) return "AVIF";
  if (has("crx "sv)) return "camera raw (CR3)";
  for (const auto brand : {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv}) {
    if (has(brand)) return "HEIC";
  }
  return nullptr;
}

}  // namespace

PhotoFormat recognise_format(std::span<const std::byte> bytes) noexcept {
  const auto text = as_text(bytes);
  if (text.starts_with("\xFF\xD8\xFF"sv)) return PhotoFormat::kJpeg;
  if (text.starts_with("\x89PNG\r\n\x1A\n"sv)) return PhotoFormat::kPng;
  if (text.starts_with("GIF87a"sv) || text.starts_with("GIF89a"sv)) return PhotoFormat::kGif;
  if (text.starts_with("8BPS"sv)) return PhotoFormat::kPsd;
  if (text.starts_with("BM"sv)) return PhotoFormat::kBmp;
  if (text.size() > 2 && text[0] == 'P' && text[1] >= '1' && text[1] <= '7' &&
      " \t\n\r#"sv.find(text[2]) != std::string_view::npos) {
    return PhotoFormat::kPnm;
  }
  return is_tga(text) ? PhotoFormat::kTga : PhotoFormat::kUnknown;
}

const char* to_string(PhotoFormat format) noexcept {
  constexpr std::array kNames = {"JPEG", "PNG", "BMP", "GIF", "PSD", "TGA", "PNM", "photo"};
  return kNames[static_cast<std::size_t>(format)];
}

const char* recognise_unsupported(std::span<const std::byte> bytes) noexcept {
  const auto text = as_text(bytes);
  struct Signature {
    std::string_view bytes;
    const char* name;
  };
  constexpr std::array kSignatures = {
      Signature{"II*\0"sv, "TIFF (or a camera raw file built on it)"},
      Signature{"MM\0*"sv, "TIFF (or a camera raw file built on it)"},
      Signature{"II+\0"sv, "BigTIFF"},
      Signature{"MM\0+"sv, "BigTIFF"},
      Signature{"\xFF\x0A"sv, "JPEG XL"},
      Signature{"\0\0\0\x0CJXL \r\n\x87\n"sv, "JPEG XL"},
      Signature{"\0\0\0\x0CjP  "sv, "JPEG 2000"},
      Signature{"\xFF\x4F\xFF\x51"sv, "JPEG 2000"},
      Signature{"FUJIFILMCCD-RAW"sv, "camera raw (RAF)"},
      Signature{"IIU\0"sv, "camera raw (RW2)"},
      Signature{"IIRO"sv, "camera raw (ORF)"},
      Signature{"IIRS"sv, "camera raw (ORF)"},
      Signature{"MMOR"sv, "camera raw (ORF)"},
      Signature{"FOVb"sv, "camera raw (X3F)"},
      Signature{"#?RADIANCE"sv, "Radiance HDR"},
      Signature{"\0\0\1\0"sv, "Windows icon"},
      Signature{"%PDF-"sv, "PDF"},
      Signature{"<svg"sv, "SVG"},
  };
  if (text.size() >= 12 && text.starts_with("RIFF"sv) && text.substr(8, 4) == "WEBP"sv) return "WebP";
  if (const char* name = recognise_brand(text)) return name;
  for (const auto& signature : kSignatures) {
    if (text.starts_with(signature.bytes)) return signature.name;
  }
  return nullptr;
}

}  // namespace paa
