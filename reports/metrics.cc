#include "reports/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace spillway::reports {
namespace {

using model::IntervalRow;
using model::kNotMeasured;
using model::ScopeKind;
using model::Tally;

constexpr std::uint8_t bit(ScopeKind kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}
constexpr std::uint8_t kAll = 0x1f;
constexpr std::uint8_t kTraffic = bit(ScopeKind::traffic);
constexpr std::uint8_t kService = bit(ScopeKind::service);
constexpr std::uint8_t kEdge = bit(ScopeKind::edge);

double count(std::uint64_t n) { return static_cast<double>(n); }

double ratio(double part, double whole) { return whole > 0 ? part / whole : kNotMeasured; }
double ratio(std::uint64_t part, std::uint64_t whole) { return ratio(count(part), count(whole)); }

// A request that never ended did not succeed; a service is judged by the attempts it answered.
double success_rate(const Sample& s) {
  const Tally& t = s.result.tally;
  return ratio(t.successes, s.kind == ScopeKind::service ? t.finished : t.requests);
}

double amplification(const Sample& s) {
  const Tally& t = s.result.tally;
  switch (s.kind) {
    case ScopeKind::traffic:
      return 1 + ratio(t.retries, t.requests);
    case ScopeKind::service:
      return ratio(t.attempts, t.clean_requests);
    case ScopeKind::edge:
    case ScopeKind::rule:
    case ScopeKind::proxy:
      return ratio(t.attempts, t.requests);
  }
  return kNotMeasured;
}

double in_ms(double ns) { return ns / 1e6; }
double mean_ms(const sim::Histogram& h) { return h.count() ? in_ms(h.mean()) : kNotMeasured; }
double quantile_ms(const sim::Histogram& h, double q) {
  return h.count() ? in_ms(static_cast<double>(h.quantile(q))) : kNotMeasured;
}

constexpr Metric kMetrics[] = {
    {"requests", Unit::count, kAll, [](const Sample& s) { return count(s.result.tally.requests); },
     "requests offered, or first sent there"},
    {"attempts", Unit::count, kAll, [](const Sample& s) { return count(s.result.tally.attempts); },
     "tries, retries included"},
    {"retries", Unit::count, kAll, [](const Sample& s) { return count(s.result.tally.retries); },
     "tries beyond the first of a request"},
    {"success_rate", Unit::share, kAll, success_rate,
     "requests that ended below 500 before their caller gave up"},
    {"goodput", Unit::per_second, kAll,
     [](const Sample& s) { return ratio(count(s.result.tally.successes), s.seconds); },
     "successful requests per second"},
    {"latency_mean", Unit::ms, kAll, [](const Sample& s) { return mean_ms(s.latency); },
     "from intended arrival, all outcomes"},
    {"latency_p50", Unit::ms, kAll, [](const Sample& s) { return quantile_ms(s.latency, 0.5); },
     "median latency"},
    {"latency_p90", Unit::ms, kAll, [](const Sample& s) { return quantile_ms(s.latency, 0.9); },
     "latency that 90 % do not exceed"},
    {"latency_p99", Unit::ms, kAll, [](const Sample& s) { return quantile_ms(s.latency, 0.99); },
     "latency that 99 % do not exceed"},
    {"latency_p999", Unit::ms, kAll, [](const Sample& s) { return quantile_ms(s.latency, 0.999); },
     "latency that 99.9 % do not exceed"},
    {"latency_success_p99", Unit::ms, kAll,
     [](const Sample& s) { return quantile_ms(s.result.latency_success, 0.99); },
     "p99 of the requests that succeeded"},
    {"amplification", Unit::ratio, kAll, amplification, "load with retries / load without"},
    {"lineage_amplification", Unit::ratio, kService | kEdge,
     [](const Sample& s) { return ratio(s.result.tally.attempts, s.result.tally.clean_attempts); },
     "arrivals / arrivals with no retry in their ancestry"},
    {"timeouts", Unit::count, kAll, [](const Sample& s) { return count(s.result.tally.timeouts); },
     "requests ended by a timer"},
    {"budget_denied", Unit::count, kAll,
     [](const Sample& s) { return count(s.result.tally.budget_denied); },
     "retries refused by a budget"},
    {"rejections", Unit::count, kAll,
     [](const Sample& s) { return count(s.result.tally.rejections); },
     "refused by a full queue, a breaker or a throttle"},
    {"utilization", Unit::share, kService, [](const Sample& s) { return s.result.utilization; },
     "busy share of the workers"},
    {"queue_length", Unit::count, kService, [](const Sample& s) { return s.result.queue_length; },
     "mean number waiting"},
    {"in_flight", Unit::count, kTraffic | kService,
     [](const Sample& s) { return s.result.in_flight; }, "mean number of unfinished requests"},
    {"queue_time_mean", Unit::ms, kService,
     [](const Sample& s) { return mean_ms(s.result.queue_time); }, "wait for a worker"},
    {"queue_time_p50", Unit::ms, kService,
     [](const Sample& s) { return quantile_ms(s.result.queue_time, 0.5); }, "median wait"},
    {"queue_time_p90", Unit::ms, kService,
     [](const Sample& s) { return quantile_ms(s.result.queue_time, 0.9); },
     "wait that 90 % do not exceed"},
    {"queue_time_p99", Unit::ms, kService,
     [](const Sample& s) { return quantile_ms(s.result.queue_time, 0.99); },
     "wait that 99 % do not exceed"},
    {"wasted_work", Unit::share, kService,
     [](const Sample& s) { return ratio(s.result.wasted_seconds, s.result.busy_seconds); },
     "busy time spent on requests whose caller had gone"},
    {"recovery_time", Unit::ms, kTraffic, [](const Sample& s) { return s.result.recovery_ms; },
     "from the last fault's end until the success rate is back"},
    {"collapsed", Unit::share, kTraffic, [](const Sample& s) { return s.result.collapsed; },
     "replications that did not recover before the end"},
};

constexpr SeriesColumn kSeries[] = {
    {"requests_per_s", &IntervalRow::requests_per_s},
    {"attempts_per_s", &IntervalRow::attempts_per_s},
    {"retries_per_s", &IntervalRow::retries_per_s},
    {"success_rate", &IntervalRow::success_rate},
    {"goodput_per_s", &IntervalRow::goodput_per_s},
    {"latency_p50_ms", &IntervalRow::latency_p50_ms},
    {"latency_p90_ms", &IntervalRow::latency_p90_ms},
    {"latency_p99_ms", &IntervalRow::latency_p99_ms},
    {"amplification", &IntervalRow::amplification},
    {"queue_length", &IntervalRow::queue_length},
    {"utilization", &IntervalRow::utilization},
    {"budget_balance", &IntervalRow::budget_balance},
    {"budget_denied_per_s", &IntervalRow::budget_denied_per_s},
};

// The larger of two measurements; NaN only when neither was made.
double larger(double a, double b) { return std::fmax(a, b); }

double sum(double a, double b) {
  if (std::isnan(a)) return b;
  return std::isnan(b) ? a : a + b;
}

}  // namespace

std::string_view to_string(Unit unit) {
  switch (unit) {
    case Unit::count:
      return "count";
    case Unit::share:
      return "share";
    case Unit::ratio:
      return "ratio";
    case Unit::per_second:
      return "1/s";
    case Unit::ms:
      return "ms";
  }
  return "";
}

Sample::Sample(const model::ScopeResult& r, ScopeKind k, const model::RunSpec& run)
    : result(r),
      kind(k),
      seconds((run.duration - run.warmup).seconds()),
      latency(r.latency_success) {
  latency.merge(r.latency_failure);
}

std::string Metric::column() const {
  if (unit == Unit::ms) return std::string(name) + "_ms";
  if (unit == Unit::per_second) return std::string(name) + "_per_s";
  return std::string(name);
}

std::span<const Metric> metrics() { return kMetrics; }

const Metric* find_metric(std::string_view name) {
  const auto* found = std::ranges::find(kMetrics, name, &Metric::name);
  return found == std::end(kMetrics) ? nullptr : found;
}

model::ScopeResult combine(std::span<const model::ScopeResult* const> parts) {
  model::ScopeResult whole;
  bool never_recovered = false;
  for (const model::ScopeResult* part : parts) {
    whole.tally += part->tally;
    whole.latency_success.merge(part->latency_success);
    whole.latency_failure.merge(part->latency_failure);
    whole.queue_time.merge(part->queue_time);
    whole.queue_length = sum(whole.queue_length, part->queue_length);
    whole.in_flight = sum(whole.in_flight, part->in_flight);
    whole.busy_seconds += part->busy_seconds;
    whole.wasted_seconds += part->wasted_seconds;
    whole.recovery_ms = larger(whole.recovery_ms, part->recovery_ms);
    whole.collapsed = larger(whole.collapsed, part->collapsed);
    never_recovered |= part->collapsed == 1;
  }
  if (never_recovered) whole.recovery_ms = kNotMeasured;
  return whole;
}

std::span<const SeriesColumn> series_columns() { return kSeries; }

}  // namespace spillway::reports
