#include "model/policy/outcome.h"

#include <array>

namespace spillway::model {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::status:
      return "status";
    case Outcome::refused:
      return "refused";
    case Outcome::reset:
      return "reset";
    case Outcome::per_try_timeout:
      return "per-try-timeout";
    case Outcome::request_timeout:
      return "request-timeout";
    case Outcome::overflow:
      return "overflow";
    case Outcome::no_endpoint:
      return "no-endpoint";
    case Outcome::cancelled:
      return "cancelled";
  }
  return "";
}

std::string_view to_string(RetryStopped stopped) {
  switch (stopped) {
    case RetryStopped::none:
      return "none";
    case RetryStopped::not_retriable:
      return "not-retriable";
    case RetryStopped::limit:
      return "limit";
    case RetryStopped::budget:
      return "budget";
    case RetryStopped::breaker:
      return "breaker";
    case RetryStopped::timeout:
      return "timeout";
  }
  return "";
}

std::string to_text(Flags flags) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "DI", "FI", "RL", "NR", "UH", "URX", "UO", "UF", "UC", "UR", "LR", "UT", "UPE", "DC"};
  std::string text;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((flags.bits >> i & 1) == 0) continue;
    if (!text.empty()) text += ',';
    text += kNames[i];
  }
  return text.empty() ? "-" : text;
}

}  // namespace spillway::model
