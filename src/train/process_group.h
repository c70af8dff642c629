#pragma once
// The processes that train together, through libtorch's c10d: Gloo on a CPU.

#include <ATen/core/Tensor.h>

#include <chrono>
#include <functional>
#include <memory>

namespace paa {

/// One process of several, or a process alone. Collective calls must be made by all processes in the same order. A peer
/// that is lost ends them within the time-out with Error(kIo), which names its rank. Not thread-safe.
class ProcessGroup {
 public:
  /// From the environment that torchrun sets: MASTER_ADDR, MASTER_PORT, RANK, WORLD_SIZE. Without WORLD_SIZE, or with
  /// 1, a process alone. Errors: kInvalidArgument (a variable that is missing or out of range), kIo (no connection
  /// within `timeout`), kUnsupported (several processes asked of a build without Gloo).
  static ProcessGroup from_environment(std::chrono::milliseconds timeout);

  ProcessGroup(ProcessGroup&&) noexcept;
  ProcessGroup& operator=(ProcessGroup&&) noexcept;
  ~ProcessGroup();

  int rank() const noexcept;
  int size() const noexcept;

  /// Replaces `tensor` (contiguous, CPU) by its sum over all processes.
  void sum(at::Tensor tensor);

  /// The processes' tensors (B, ...) of one shape, one after the other in the order of ranks: (size * B, ...). A
  /// gradient reaches this process's own part only: where every process computes the same loss from the whole and
  /// gradients are summed afterwards, the sum is the gradient of that loss.
  at::Tensor gather(const at::Tensor& tensor);

  /// The text of rank 0.
  std::string broadcast(const std::string& text);

  /// Runs `work` on rank 0 while the others wait, however long it takes. What it throws is thrown there, and the others
  /// learn that it failed.
  void on_first(const std::function<void()>& work);

 private:
  struct Impl;
  explicit ProcessGroup(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
