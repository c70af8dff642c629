#pragma once
// Server-sent events (WHATWG HTML, 9.2), as far as chat servers use them: the data of one event after the other.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace paa {

/// Fed with bytes as they come; where they are cut makes no difference.
class EventStream {
 public:
  /// Calls sink(data) for each event that is complete.
  template <class Sink>
  void feed(std::string_view bytes, const Sink& sink) {
    for (const char c : bytes) {
      // A line ends with \n, \r or \r\n.
      if (c == '\n' && std::exchange(after_return_, false)) continue;
      after_return_ = c == '\r';
      if (c != '\n' && c != '\r') {
        line_ += c;
        continue;
      }
      end_line(sink);
    }
  }

 private:
  template <class Sink>
  void end_line(const Sink& sink) {
    const std::string line = std::exchange(line_, {});
    if (line.empty()) {
      if (std::exchange(has_data_, false)) sink(std::exchange(data_, {}));
      return;
    }
    if (!line.starts_with("data") || (line.size() > 4 && line[4] != ':')) return;
    std::string_view value = std::string_view(line).substr(std::min<std::size_t>(line.size(), 5));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  }

  std::string line_, data_;
  bool has_data_ = false, after_return_ = false;
};

}  // namespace paa
