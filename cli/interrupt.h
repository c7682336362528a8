// SIGINT, SIGTERM and SIGHUP: end the process at once with status 130, or, while a command says so,
// ask it to stop and give it a moment to clean up. One a process.
#pragma once

#include <array>
#include <atomic>
#include <stop_token>
#include <thread>

namespace spillway::cli {

class Interrupt {
 public:
  /// Installs the handlers (and ignores SIGPIPE, so that a closed pipe is a failed write).
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// From here on a signal only requests a stop. A second one, or 0.8 s without an end, ends the
  /// process.
  std::stop_token stop_on_signal();
  bool requested() const { return source_.stop_requested(); }

 private:
  void watch();

  std::stop_source source_;
  std::atomic<bool> gentle_ = false;
  std::array<int, 2> pipe_{};
  std::thread watcher_;
};

}  // namespace spillway::cli
