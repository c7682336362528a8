#include "model/run/result.h"

namespace spillway::model {

std::string_view to_string(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::traffic:
      return "traffic";
    case ScopeKind::service:
      return "service";
    case ScopeKind::edge:
      return "edge";
    case ScopeKind::rule:
      return "rule";
    case ScopeKind::proxy:
      return "proxy";
  }
  return "";
}

Tally& Tally::operator+=(const Tally& o) {
  requests += o.requests;
  clean_requests += o.clean_requests;
  attempts += o.attempts;
  clean_attempts += o.clean_attempts;
  retries += o.retries;
  finished += o.finished;
  successes += o.successes;
  timeouts += o.timeouts;
  budget_denied += o.budget_denied;
  rejections += o.rejections;
  return *this;
}

}  // namespace spillway::model
