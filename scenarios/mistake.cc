#include "scenarios/mistake.h"

#include <fmt/format.h>

namespace spillway::scenarios {

model::Diagnostic mistake(const model::Place& place, std::string rule, std::string what,
                          const std::string& got, const std::string& expected, std::string hint) {
  std::string message = std::move(what);
  if (!got.empty() && !expected.empty())
    message += " (got " + got + ", expected " + expected + ")";
  else if (!got.empty())
    message += " (got " + got + ")";
  else if (!expected.empty())
    message += " (expected " + expected + ")";
  return {model::Severity::error, place, std::move(message), std::move(rule), std::move(hint)};
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", text); }

}  // namespace spillway::scenarios
