#include "model/profiles/portability_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "model/profiles/portability_cells.h"

namespace spillway::model {
namespace {

class RuleRows {
 public:
  RuleRows(Portability& table, std::vector<RuleReading> readings)
      : table_(table), readings_(std::move(readings)) {}

  void add_rule(const HttpRoute& route, std::size_t number) {
    const HttpRouteRule& rule = route.rules[number];
    object_ = fmt::format("{} {} rule {}", route.kind, route.meta.key(), number);
    const bool consumer =
        is_mesh_route(route) && route.parent_refs.front().namespace_ != route.meta.namespace_;
    add_where(consumer ? "runs in (consumer route)" : "runs in",
              first_known(rule.place, route.meta.place));
    add_timeouts(rule);
    add_retry(rule);
    add_backends(rule);
    for (const HttpRouteFilter& filter : rule.filters)
      add(std::string(filter_name(filter)), first_known(filter.place, rule.place),
          [&](const RuleReading& r) { return filter_cell(filter, r); });
    if (rule.session_persistence)
      add("sessionPersistence", first_known(rule.session_persistence->place, rule.place),
          [](const RuleReading& r) { return r.session ? "acts" : kIgnored; });
  }

  void add_virtual_rule(const istio::VirtualService& service, std::size_t number) {
    const istio::HttpRoute& http = service.http[number];
    const Place& place = first_known(http.place, service.meta.place);
    object_ = fmt::format("VirtualService {} route {}", service.meta.key(), number);
    add_where("runs in", place);
    add_virtual_fields(http, place);
  }

 private:
  using Cell = std::function<std::string(const RuleReading&)>;

  void add_row(std::string aspect, const Place& place, std::vector<std::string> cells) {
    table_.rows.push_back({object_, std::move(aspect), place, std::move(cells)});
  }

  void add_where(std::string aspect, const Place& place) {
    std::vector<std::string> where;
    for (const RuleReading& r : readings_)
      where.push_back(r.inert.empty() ? r.where : "nowhere: " + r.inert);
    add_row(std::move(aspect), place, std::move(where));
  }

  void add(std::string aspect, const Place& place, const Cell& cell) {
    std::vector<std::string> cells;
    for (const RuleReading& r : readings_) cells.push_back(r.inert.empty() ? cell(r) : kIgnored);
    add_row(std::move(aspect), place, std::move(cells));
  }

  /// Of what the rule does not say: where nothing of it acts, nothing is the answer.
  void add_absent(std::string aspect, const Cell& cell) {
    std::vector<std::string> cells;
    for (const RuleReading& r : readings_)
      cells.push_back(cell(r.inert.empty() ? r : RuleReading()));
    add_row(std::move(aspect), {}, std::move(cells));
  }

  void add_virtual_fields(const istio::HttpRoute& http, const Place& place) {
    if (http.timeout) add("timeout: " + duration_text(*http.timeout), place, overall_cell);
    if (http.retries) {
      const istio::HttpRetry& retries = *http.retries;
      add(fmt::format("retries.attempts: {}", retries.attempts), place, attempts_cell);
      if (!retries.retry_on.empty())
        add("retries.retryOn: " + retries.retry_on, place, unasked_cell);
      if (retries.per_try_timeout) {
        const sim::Duration given = *retries.per_try_timeout;
        add("retries.perTryTimeout: " + duration_text(given), place,
            [given](const RuleReading& r) { return backend_request_cell(r, given); });
      }
      add_failures();
    }
    if (http.fault) add("fault", place, [](const RuleReading& r) { return acts_text(r.fault); });
    if (!http.mirrors.empty())
      add("mirror", place, [](const RuleReading& r) {
        return r.mirrors > 0 ? r.mirror_share : std::string(kIgnored);
      });
  }

  void add_timeouts(const HttpRouteRule& rule) {
    if (rule.timeouts && rule.timeouts->request)
      add("timeouts.request: " + duration_text(*rule.timeouts->request),
          first_known(rule.timeouts->request_place, rule.place), overall_cell);
    else
      add_absent("no timeouts.request", absent_timeout_cell);
    if (!rule.timeouts || !rule.timeouts->backend_request) return;
    const sim::Duration given = *rule.timeouts->backend_request;
    add("timeouts.backendRequest: " + duration_text(given),
        first_known(rule.timeouts->backend_request_place, rule.place),
        [given](const RuleReading& r) { return backend_request_cell(r, given); });
  }

  void add_retry(const HttpRouteRule& rule) {
    if (!rule.retry) return add_absent("no retry", unasked_cell);
    const HttpRouteRetry& retry = *rule.retry;
    add(retry.attempts ? fmt::format("retry.attempts: {}", *retry.attempts) : "retry, no attempts",
        first_known(retry.attempts_place, first_known(retry.place, rule.place)), attempts_cell);
    const std::vector<int> codes = retry.codes.empty() ? std::vector<int>{503} : retry.codes;
    add(retry.codes.empty() ? "no retry.codes: 503"
                            : fmt::format("retry.codes: {}", fmt::join(retry.codes, ", ")),
        first_known(retry.codes_place, first_known(retry.place, rule.place)),
        [codes](const RuleReading& r) { return codes_cell(r, codes); });
    add_failures();
    add(retry.backoff ? "retry.backoff: " + duration_text(*retry.backoff) : "no retry.backoff",
        retry.backoff ? first_known(retry.backoff_place, rule.place) : Place{}, wait_cell);
  }

  /// What is retried beside answers, and how.
  void add_failures() {
    const auto failure = [](bool RuleReading::*which) {
      return [which](const RuleReading& r) { return retried(r.retries_anything() && r.*which); };
    };
    add_absent("connection refused", failure(&RuleReading::retries_refused));
    add_absent("connection reset", failure(&RuleReading::retries_reset));
    const auto detail = [](std::string RuleReading::*what) {
      return [what](const RuleReading& r) {
        return r.retries_anything() ? r.*what : std::string("no retries");
      };
    };
    add_absent("retries go to", detail(&RuleReading::retry_host));
    add_absent("body that is repeated", detail(&RuleReading::body));
  }

  void add_backends(const HttpRouteRule& rule) {
    const auto is_zero = [](const HttpBackendRef& backend) { return backend.weight == 0; };
    if (rule.backend_refs.empty() ||
        (rule.backend_refs.size() == 1 && !is_zero(rule.backend_refs.front())))
      return;
    std::vector<std::string> weights;
    for (const HttpBackendRef& backend : rule.backend_refs)
      weights.push_back(fmt::format("{} {}", backend.ref.name, backend.weight));
    add(fmt::format("weights: {}", fmt::join(weights, ", ")),
        first_known(rule.backend_refs.front().place, rule.place), [this](const RuleReading& r) {
          // The first column is the specification: shares as the weights say.
          return &r != &readings_.front() && r.shares == readings_.front().shares &&
                         readings_.front().inert.empty()
                     ? "as written"
                     : r.shares;
        });
  }

  Portability& table_;
  std::vector<RuleReading> readings_;
  std::string object_;
};

}  // namespace

void add_rule_rows(Portability& to, const HttpRoute& route, std::size_t number,
                   std::vector<RuleReading> readings) {
  RuleRows(to, std::move(readings)).add_rule(route, number);
}

void add_virtual_rows(Portability& to, const istio::VirtualService& service, std::size_t number,
                      std::vector<RuleReading> readings) {
  RuleRows(to, std::move(readings)).add_virtual_rule(service, number);
}

}  // namespace spillway::model
