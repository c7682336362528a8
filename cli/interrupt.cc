#include "cli/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "cli/exit_code.h"

namespace spillway::cli {
namespace {

constexpr int kGraceMs = 800;
constexpr char kSignal = 's';
constexpr char kEnd = 'e';

// Written once, before the handlers are installed.
int signal_pipe = -1;

void on_signal(int) {
  const int saved = errno;
  [[maybe_unused]] const auto written = ::write(signal_pipe, &kSignal, 1);
  errno = saved;
}

// The next byte of the pipe; 0 when none comes in time.
char next(int descriptor, int timeout_ms) {
  pollfd wait{.fd = descriptor, .events = POLLIN, .revents = 0};
  int ready = 0;
  while ((ready = ::poll(&wait, 1, timeout_ms)) < 0 && errno == EINTR) {
  }
  char byte = 0;
  return ready > 0 && ::read(descriptor, &byte, 1) == 1 ? byte : '\0';
}

}  // namespace

Interrupt::Interrupt() {
  if (::pipe2(pipe_.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  signal_pipe = pipe_[1];
  watcher_ = std::thread([this] { watch(); });
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Interrupt::~Interrupt() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_IGN);
  [[maybe_unused]] const auto written = ::write(pipe_[1], &kEnd, 1);
  watcher_.join();
  ::close(pipe_[0]);
  ::close(pipe_[1]);
}

std::stop_token Interrupt::stop_on_signal() {
  gentle_ = true;
  return source_.get_token();
}

void Interrupt::watch() {
  if (next(pipe_[0], -1) != kSignal) return;
  if (gentle_) {
    source_.request_stop();
    if (next(pipe_[0], kGraceMs) == kEnd) return;
  }
  ::_exit(kInterrupted);
}

}  // namespace spillway::cli
