#include "model/policy/outcome.h"

#include <array>
#include <utility>

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
  // A hedged request may be refused a retry by a breaker first, then by the limit.
  static constexpr std::array<std::pair<Flags::Bit, std::string_view>, 14> kNames{{
      {Flags::kDI, "DI"},
      {Flags::kFI, "FI"},
      {Flags::kRL, "RL"},
      {Flags::kNR, "NR"},
      {Flags::kUH, "UH"},
      {Flags::kUO, "UO"},
      {Flags::kURX, "URX"},
      {Flags::kUF, "UF"},
      {Flags::kUC, "UC"},
      {Flags::kUR, "UR"},
      {Flags::kLR, "LR"},
      {Flags::kUT, "UT"},
      {Flags::kUPE, "UPE"},
      {Flags::kDC, "DC"},
  }};
  std::string text;
  for (const auto& [bit, name] : kNames) {
    if (!flags.has(bit)) continue;
    if (!text.empty()) text += ',';
    text += name;
  }
  return text.empty() ? "-" : text;
}

}  // namespace spillway::model
