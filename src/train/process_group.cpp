#include "process_group.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty_like.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "heartbeat.h"
#include "paa/core/error.h"

#ifdef PAA_WITH_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

namespace paa {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

int whole_variable(const char* name, int low, int high) {
  const auto text = variable(name);
  if (!text) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("WORLD_SIZE is set but {} is not; training by several processes needs "
                            "MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE, as torchrun sets them",
                            name));
  }
  char* end = nullptr;
  const long value = std::strtol(text->c_str(), &end, 10);
  if (*end != '\0' || value < low || value > high) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}={} must be a whole number of {} to {}", name, *text, low, high));
  }
  return static_cast<int>(value);
}

#ifdef PAA_WITH_GLOO

std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

// What libtorch logs of a lost connection would stand before the message that says it. Whoever asks for it gets it.
void quiet_libtorch() {
  if (!variable("TORCH_CPP_LOG_LEVEL")) FLAGS_caffe2_log_level = c10::GLOG_FATAL;
}

#endif

}  // namespace

#ifdef PAA_WITH_GLOO

struct ProcessGroup::Impl {
  int rank = 0, size = 1;
  std::chrono::milliseconds timeout{};
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
  std::unique_ptr<Heartbeat> heartbeat;
  int waits = 0;

  // The store may end with this process, so the others must have read it. Those that never do are told of elsewhere.
  void wait_until_seen(const std::string& key) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    while (store->add(key + "/seen", 0) < size - 1 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  // Runs a collective call; what fails in it is told as the rank that was lost.
  template <class Call>
  void together(const Call& call) {
    try {
      call();
    } catch (const std::exception& e) {
      const std::string lost = heartbeat->lost_ranks();
      throw Error(ErrorCode::kIo,
                  fmt::format("process {} of {}: {}; the training can be resumed from its last checkpoint ({})", rank,
                              size, lost.empty() ? std::string("a process does not answer") : lost, first_line(e)));
    }
  }
};

namespace {

// Under torchrun the agent holds the store, and a new one for each restart must not see the old keys.
c10::intrusive_ptr<c10d::Store> open_store(int rank, int size, std::chrono::milliseconds timeout) {
  const auto address = variable("MASTER_ADDR");
  if (!address) throw Error(ErrorCode::kInvalidArgument, "WORLD_SIZE is set but MASTER_ADDR is not; see torchrun");
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(whole_variable("MASTER_PORT", 1, 65535));
  options.isServer = rank == 0 && variable("TORCHELASTIC_USE_AGENT_STORE").value_or("False") != "True";
  options.numWorkers = static_cast<std::size_t>(size);
  options.waitWorkers = false;
  options.timeout = timeout;
  auto store = c10::make_intrusive<c10d::TCPStore>(*address, options);
  return c10::make_intrusive<c10d::PrefixStore>("paa/" + variable("TORCHELASTIC_RESTART_COUNT").value_or("0"), store);
}

}  // namespace

ProcessGroup ProcessGroup::from_environment(std::chrono::milliseconds timeout) {
  auto impl = std::make_unique<Impl>();
  if (!variable("WORLD_SIZE")) return ProcessGroup(std::move(impl));
  constexpr int kMost = 4096;
  impl->size = whole_variable("WORLD_SIZE", 1, kMost);
  impl->rank = whole_variable("RANK", 0, impl->size - 1);
  impl->timeout = timeout;
  if (impl->size == 1) return ProcessGroup(std::move(impl));
  quiet_libtorch();
  try {
    impl->store = open_store(impl->rank, impl->size, timeout);
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
    impl->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(impl->store, impl->rank, impl->size, options);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& e) {
    throw Error(ErrorCode::kIo,
                fmt::format("process {} of {} could not meet the others at {}:{} within {} s: {}", impl->rank,
                            impl->size, variable("MASTER_ADDR").value_or("?"), variable("MASTER_PORT").value_or("?"),
                            timeout.count() / 1000, first_line(e)));
  }
  impl->heartbeat = std::make_unique<Heartbeat>(impl->store, impl->rank, impl->size);
  return ProcessGroup(std::move(impl));
}

void ProcessGroup::sum(at::Tensor tensor) {
  if (size() == 1) return;
  impl_->together([&] {
    std::vector<at::Tensor> tensors = {std::move(tensor)};
    impl_->gloo->allreduce(tensors)->wait();
  });
}

at::Tensor ProcessGroup::gather(const at::Tensor& tensor) {
  if (size() == 1) return tensor;
  std::vector<std::vector<at::Tensor>> parts(1);
  impl_->together([&] {
    std::vector<at::Tensor> mine = {tensor.detach().contiguous()};
    for (int i = 0; i < size(); ++i) parts[0].push_back(at::empty_like(mine[0]));
    impl_->gloo->allgather(parts, mine)->wait();
  });
  parts[0][static_cast<std::size_t>(rank())] = tensor;
  return at::cat(parts[0], 0);
}

void ProcessGroup::on_first(const std::function<void()>& work) {
  if (size() == 1) return work();
  const std::string key = fmt::format("first/{}", impl_->waits++);
  if (rank() == 0) {
    try {
      work();
    } catch (...) {
      impl_->store->set(key, std::vector<std::uint8_t>{0});
      impl_->wait_until_seen(key);
      throw;
    }
    impl_->store->set(key, std::vector<std::uint8_t>{1});
    impl_->wait_until_seen(key);
    return;
  }
  bool done = false;
  impl_->together([&] {
    while (!impl_->store->check({key})) impl_->heartbeat->expect_rank(0);
    done = impl_->store->get(key).at(0) == 1;
    impl_->store->add(key + "/seen", 1);
  });
  if (!done)
    throw Error(ErrorCode::kIo,
                fmt::format("process {} of {}: process 0 failed; its own message says why", rank(), size()));
}

std::string ProcessGroup::broadcast(const std::string& text) {
  if (size() == 1) return text;
  const std::string key = fmt::format("text/{}", impl_->waits++);
  std::string received = text;
  impl_->together([&] {
    if (rank() == 0) impl_->store->set(key, std::vector<std::uint8_t>(text.begin(), text.end()));
    const auto bytes = impl_->store->get(key);
    received.assign(bytes.begin(), bytes.end());
  });
  return received;
}

#else

struct ProcessGroup::Impl {
  int rank = 0, size = 1;
};

ProcessGroup ProcessGroup::from_environment(std::chrono::milliseconds) {
  if (variable("WORLD_SIZE") && whole_variable("WORLD_SIZE", 1, 1 << 20) > 1) {
    throw Error(ErrorCode::kUnsupported,
                "this build of paa trains with one process only: Gloo's headers were not there when it was "
                "built (Debian: libgloo-dev)");
  }
  return ProcessGroup(std::make_unique<Impl>());
}

void ProcessGroup::sum(at::Tensor) {}
at::Tensor ProcessGroup::gather(const at::Tensor& tensor) { return tensor; }
void ProcessGroup::on_first(const std::function<void()>& work) { work(); }
std::string ProcessGroup::broadcast(const std::string& text) { return text; }

#endif

ProcessGroup::ProcessGroup(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ProcessGroup::ProcessGroup(ProcessGroup&&) noexcept = default;
ProcessGroup& ProcessGroup::operator=(ProcessGroup&&) noexcept = default;
ProcessGroup::~ProcessGroup() = default;

int ProcessGroup::rank() const noexcept { return impl_->rank; }
int ProcessGroup::size() const noexcept { return impl_->size; }

}  // namespace paa
