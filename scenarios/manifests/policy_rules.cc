#include <fmt/format.h>

#include "model/spec/gep2257.h"
#include "scenarios/manifests/access.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {
namespace {

using sim::Duration;
using namespace sim::literals;

Violations backend_within_request(const Node& timeouts) {
  const auto request = duration_of(timeouts, "request");
  const auto backend = duration_of(timeouts, "backendRequest");
  if (!request || !backend || *request == 0_s || *backend <= *request) return {};
  return {{timeouts.find("backendRequest")->place,
           clause("backendRequest must not be longer than request",
                  fmt::format("{} > {}", text_of(timeouts, "backendRequest"),
                              text_of(timeouts, "request")),
                  fmt::format("{} or less", text_of(timeouts, "request"))),
           {}}};
}

Violations permanent_cookie(const Node& session) {
  const Node& cookie = child_of(session, "cookie");
  if (text_of(cookie, "lifetimeType") != "Permanent" || has(session, "absoluteTimeout")) return {};
  return {{place_of(cookie, "lifetimeType"),
           clause("a permanent cookie needs absoluteTimeout", "none", "a duration"),
           {}}};
}

Violations foreign(const Node& session, std::string_view field, std::string_view type) {
  if (!has(session, field) || text_of(session, "type") == type) return {};
  return {{place_of(session, field),
           clause(fmt::format("{} belongs to type {}", field, type),
                  fmt::format("type {}", text_of(session, "type")), type),
           {}}};
}

Violations missing(const Node& session, std::string_view field, std::string_view type) {
  if (has(session, field) || text_of(session, "type") != type) return {};
  return {{{},
           clause(fmt::format("{} must be set for type {}", field, type), "nothing", field),
           field == "cookie" ? "\"cookie: {}\" is enough" : ""}};
}

Violations foreign_cookie(const Node& s) { return foreign(s, "cookie", "Cookie"); }
Violations missing_cookie(const Node& s) { return missing(s, "cookie", "Cookie"); }
Violations foreign_header(const Node& s) { return foreign(s, "header", "Header"); }
Violations missing_header(const Node& s) { return missing(s, "header", "Header"); }

Violations budget_interval(const Node& interval) {
  const auto value = model::parse_gep2257(interval.scalar);
  if (!value || (*value >= 1_s && *value <= 3600_s)) return {};
  return {{{}, clause("must be from one second to one hour", interval.scalar, "1s to 1h"), {}}};
}

Violations min_retry_interval(const Node& interval) {
  const auto value = model::parse_gep2257(interval.scalar);
  if (!value || (*value > 0_s && *value <= 3600_s)) return {};
  return {{{}, clause("must be positive and one hour at most", interval.scalar, "1ms to 1h"), {}}};
}

}  // namespace

Rules timeouts_rules() { return {{"backend-request-within-request", backend_within_request}}; }

Rules session_persistence_rules() {
  return {{"session-permanent-cookie", permanent_cookie},
          {"session-cookie-of-other-type", foreign_cookie},
          {"session-cookie-missing", missing_cookie},
          {"session-header-of-other-type", foreign_header},
          {"session-header-missing", missing_header}};
}

Rules budget_interval_rules() { return {{"budget-interval", budget_interval}}; }
Rules min_retry_interval_rules() { return {{"min-retry-interval", min_retry_interval}}; }

}  // namespace spillway::scenarios::manifests
