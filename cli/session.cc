#include "cli/session.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "reports/diagnostics.h"
#include "reports/text.h"

namespace spillway::cli {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

bool wants_color(int descriptor) {
  const char* term = std::getenv("TERM");
  return ::isatty(descriptor) && !is_set("NO_COLOR") && !(term && std::strcmp(term, "dumb") == 0);
}

}  // namespace

ExitCode worse(ExitCode a, ExitCode b) {
  const auto rank = [](ExitCode code) {
    constexpr ExitCode kOrder[] = {kDone,       kObjectivesMissed, kUsage,
                                   kWrongInput, kInternalError,    kInterrupted};
    return std::ranges::find(kOrder, code) - kOrder;
  };
  return rank(a) < rank(b) ? b : a;
}

Session make_session(int argc, const char* const* argv, Interrupt& interrupt) {
  Session session{.command_line = {argv, argv + argc}, .interrupt = interrupt};
  session.color_output = wants_color(STDOUT_FILENO);
  session.color_errors = wants_color(STDERR_FILENO);
  session.show_progress = ::isatty(STDERR_FILENO) && !is_set("CI");
  return session;
}

void report(const Session& session, const model::Diagnostics& diagnostics) {
  model::Diagnostics shown;
  std::ranges::copy_if(diagnostics, std::back_inserter(shown), [&](const model::Diagnostic& d) {
    return !session.quiet || d.severity == model::Severity::error;
  });
  reports::write_diagnostics_text(std::cerr, shown, session.color_errors);
}

void report_error(const Session& session, std::string_view text) {
  std::cerr << "spillway: " << reports::colored("error:", reports::Color::red, session.color_errors)
            << ' ' << text << '\n';
}

void say(const Session& session, std::string_view text) {
  if (!session.quiet) std::cerr << "spillway: " << text << '\n';
}

StandardOutput::StandardOutput() : buffer_(STDOUT_FILENO), before_(std::cout.rdbuf(&buffer_)) {}

StandardOutput::~StandardOutput() { std::cout.rdbuf(before_); }

ExitCode StandardOutput::finish(const Session& session, ExitCode code) {
  std::cout.flush();
  if (buffer_.error() == 0 || buffer_.error() == EPIPE) return code;
  report_error(session,
               std::string("cannot write to standard output: ") + std::strerror(buffer_.error()));
  return worse(code, kWrongInput);
}

}  // namespace spillway::cli
