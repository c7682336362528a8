// What a command knows about its surroundings: the program, the terminal, an interrupt. One a
// process; used by the main thread.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "model/spec/diagnostic.h"
#include "reports/output_file.h"

namespace spillway::cli {

inline constexpr std::string_view kVersion = SPILLWAY_VERSION;

struct Session {
  std::vector<std::string> command_line;
  Interrupt& interrupt;
  bool quiet = false;  ///< nothing but errors on standard error
  bool verbose = false;
  bool color_output = false;   ///< standard output
  bool color_errors = false;   ///< standard error
  bool show_progress = false;  ///< standard error is a terminal, and no CI
};

/// Terminals get colours unless NO_COLOR is set (no-color.org) or TERM is dumb.
Session make_session(int argc, const char* const* argv, Interrupt& interrupt);

/// Diagnostics to standard error; with --quiet only the errors.
void report(const Session& session, const model::Diagnostics& diagnostics);
/// "spillway: error: TEXT" to standard error.
void report_error(const Session& session, std::string_view text);
/// "spillway: TEXT" to standard error unless --quiet.
void say(const Session& session, std::string_view text);

/// Buffers std::cout and remembers why it could not be written.
class StandardOutput {
 public:
  StandardOutput();
  ~StandardOutput();
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  /// Flushes: `code`, or kWrongInput with a message when something was not written. A reader that
  /// has gone away (a closed pipe) is no error.
  ExitCode finish(const Session& session, ExitCode code);

 private:
  reports::FileBuffer buffer_;
  std::streambuf* before_;
};

}  // namespace spillway::cli
