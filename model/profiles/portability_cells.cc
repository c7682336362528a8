#include "model/profiles/portability_cells.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace spillway::model {
namespace {

/// What a rule's own words about retries come to where only other words count.
std::string unheard(const RuleReading& r) {
  return r.own_retries && r.retries_anything() ? fmt::format("ignored, {} by annotation", r.retries)
                                               : kIgnored;
}

}  // namespace

std::string retried(bool yes) { return yes ? "retried" : "not retried"; }

std::string overall_cell(const RuleReading& r) {
  if (r.idle) return fmt::format("ignored, {} idle", duration_text(*r.idle));
  return r.overall ? fmt::format("504 after {}", duration_text(*r.overall)) : "none";
}

std::string absent_timeout_cell(const RuleReading& r) {
  if (r.idle) return fmt::format("{} idle", duration_text(*r.idle));
  return overall_cell(r);
}

std::string backend_request_cell(const RuleReading& r, sim::Duration given) {
  if (r.idle) return kIgnored;
  if (given.ns == 0) return r.overall ? overall_cell(r) : "none";
  if (r.per_try == given)
    return r.retries_anything() && r.retries_try_timeout
               ? fmt::format("retried after {}", duration_text(given))
               : fmt::format("504 after {}, not retried", duration_text(given));
  if (r.overall == given) return fmt::format("504 after {}, over all tries", duration_text(given));
  return kIgnored;
}

std::string attempts_cell(const RuleReading& r) {
  if (r.own_retries) return unheard(r);
  if (!r.retries_anything()) return kIgnored;
  return fmt::format("{} {}", r.retries, r.retries == 1 ? "retry" : "retries");
}

std::string codes_cell(const RuleReading& r, const std::vector<int>& codes) {
  if (r.own_retries) return unheard(r);
  std::vector<int> acting;
  for (const int code : codes)
    if (r.retries_anything() && r.codes[static_cast<std::size_t>(code)]) acting.push_back(code);
  if (acting.size() == codes.size()) return "retried";
  if (acting.empty()) return r.retries_anything() ? "not retried" : kIgnored;
  return fmt::format("only {}", fmt::join(acting, ", "));
}

/// What is retried although the rule does not ask for it.
std::string unasked_cell(const RuleReading& r) {
  if (!r.retries_anything()) return "no retries";
  std::vector<std::string> what;
  if (r.retries_refused) what.emplace_back("refused");
  if (r.retries_reset) what.emplace_back("reset");
  if (r.codes[503]) what.emplace_back("503");
  if (r.retries_grpc_unavailable) what.emplace_back("gRPC unavailable");
  return fmt::format("{} {}: {}", r.retries, r.retries == 1 ? "retry" : "retries",
                     fmt::join(what, ", "));
}

std::string wait_cell(const RuleReading& r) {
  if (!r.retries_anything()) return kIgnored;
  return r.own_retries ? "ignored, " + r.wait : r.wait;
}

std::string_view filter_name(const HttpRouteFilter& filter) {
  static constexpr std::string_view kNames[] = {"RequestHeaderModifier",
                                                "ResponseHeaderModifier",
                                                "RequestMirror",
                                                "RequestRedirect",
                                                "URLRewrite",
                                                "CORS",
                                                "ExternalAuth",
                                                "ExtensionRef"};
  return kNames[filter.filter.index()];
}

std::string acts_text(bool yes) { return yes ? "acts" : kIgnored; }

std::string filter_cell(const HttpRouteFilter& filter, const RuleReading& r) {
  switch (filter.filter.index()) {
    case 0:
    case 1:
      return acts_text(r.changes_headers);
    case 2:
      return r.mirrors > 0 ? r.mirror_share : kIgnored;
    case 3:
      return acts_text(r.redirects);
    case 4:
      return acts_text(r.rewrites);
    case 5:
      return acts_text(r.cors);
    default:
      return kIgnored;
  }
}

}  // namespace spillway::model
