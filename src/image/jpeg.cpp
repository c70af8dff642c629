#include <algorithm>
#include <cstring>
#include <vector>

#include "layout.h"

namespace paa {
namespace {

// Cameras and web encoders write about ten scans; thousands of them in a small file are an attack on time.
constexpr int kMaxScans = 100;

struct Component {
  int id = 0;
  bool has_data = false;
};

class JpegWalk {
 public:
  JpegWalk(ByteReader reader, const DecodeLimits& limits) : reader_(reader), limits_(limits) {}

  Layout run() {
    reader_.skip(2);
    for (int marker = next_marker(); marker != kEnd; marker = next_marker()) visit(marker);
    if (components_.empty()) reader_.damaged("it has no picture");
    for (const auto& component : components_) {
      if (!component.has_data) reader_.damaged(fmt::format("colour component {} has no data", component.id));
    }
    if (components_.size() == 4 && adobe_transform_ != 0 && adobe_transform_ != 2) {
      reader_.unsupported("four colours without Adobe's word whether they are CMYK or YCCK");
    }
    layout_.has_alpha = false;
    return layout_;
  }

 private:
  static constexpr int kStart = 0xD8, kEnd = 0xD9, kScan = 0xDA, kHuffman = 0xC4, kExif = 0xE1, kAdobe = 0xEE;

  static bool stands_alone(int marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7); }

  // Skips whatever stands before it: padding between segments, and the compressed data after a scan's header, where
  // FF 00 is a data byte and D0 to D7 are restarts.
  int next_marker() {
    while (true) {
      const auto rest = reader_.peek();
      const void* found = rest.empty() ? nullptr : std::memchr(rest.data(), 0xFF, rest.size());
      if (found == nullptr) reader_.cut_off("there is no end marker");
      reader_.skip(static_cast<const std::byte*>(found) - rest.data());
      int code = 0xFF;
      while (code == 0xFF) code = reader_.u8();
      if (code != 0 && !stands_alone(code)) return code;
    }
  }

  void visit(int marker) {
    if (marker == kStart) reader_.damaged("a second picture begins inside the first");
    const std::uint16_t length = reader_.u16_big();
    if (length < 2) reader_.damaged("a segment shorter than its own length field");
    ByteReader segment(reader_.take(length - 2), reader_.origin(), "JPEG segment");
    switch (marker) {
      case kExif: visit_exif(segment); break;
      case kAdobe: visit_adobe(segment); break;
      case kHuffman: visit_huffman(segment); break;
      case kScan: visit_scan(segment); break;
      case 0xC0:
      case 0xC1:
      case 0xC2: visit_frame(segment); break;
      case 0xC9:
      case 0xCA:
      case 0xCB:
      case 0xCC:
      case 0xCD:
      case 0xCE:
      case 0xCF: reader_.unsupported("arithmetic coding");
      case 0xC3:
      case 0xC5:
      case 0xC6:
      case 0xC7: reader_.unsupported("lossless or hierarchical"); break;
      default: break;
    }
  }

  void visit_frame(ByteReader segment) {
    if (!components_.empty()) reader_.damaged("it has two frame headers");
    const int bits = segment.u8();
    if (bits != 8) reader_.unsupported(fmt::format("{} bits a sample", bits));
    layout_.height = segment.u16_big();
    layout_.width = segment.u16_big();
    check_size(reader_, layout_.width, layout_.height, limits_);
    const int count = segment.u8();
    if (count != 1 && count != 3 && count != 4) reader_.unsupported(fmt::format("{} colour components", count));
    for (int i = 0; i < count; ++i) {
      components_.push_back({segment.u8()});
      segment.skip(2);
    }
  }

  void visit_scan(ByteReader segment) {
    if (++scans_ > kMaxScans) {
      throw Error(ErrorCode::kLimitExceeded,
                  fmt::format("{}: the JPEG has more than {} scans", reader_.origin(), kMaxScans));
    }
    std::vector<int> ids(segment.u8());
    for (int& id : ids) {
      id = segment.u8();
      segment.skip(1);
    }
    const bool is_first = segment.u8() == 0;  // the others refine what a first one has laid
    for (auto& component : components_) {
      if (is_first && std::find(ids.begin(), ids.end(), component.id) != ids.end()) component.has_data = true;
    }
  }

  // stb_image 2.27 writes past its table of 256 symbols when a damaged header announces more.
  void visit_huffman(ByteReader segment) {
    while (segment.remaining() > 0) {
      segment.skip(1);
      int symbols = 0;
      for (int i = 0; i < 16; ++i) symbols += segment.u8();
      if (symbols > 256) reader_.damaged("a Huffman table of more than 256 symbols");
      segment.skip(symbols);
    }
  }

  void visit_exif(ByteReader segment) {
    constexpr char kMark[] = "Exif\0";
    if (segment.remaining() < sizeof kMark || has_exif_) return;
    if (std::memcmp(segment.take(sizeof kMark).data(), kMark, sizeof kMark) != 0) return;
    has_exif_ = true;
    layout_.orientation = exif_orientation(segment.peek());
  }

  void visit_adobe(ByteReader segment) {
    if (segment.remaining() < 12 || std::memcmp(segment.take(5).data(), "Adobe", 5) != 0) return;
    segment.skip(6);
    adobe_transform_ = segment.u8();
  }

  ByteReader reader_;
  const DecodeLimits& limits_;
  Layout layout_;
  std::vector<Component> components_;
  int adobe_transform_ = -1;
  int scans_ = 0;
  bool has_exif_ = false;
};

}  // namespace

Layout inspect_jpeg(ByteReader reader, const DecodeLimits& limits) { return JpegWalk(reader, limits).run(); }

}  // namespace paa
