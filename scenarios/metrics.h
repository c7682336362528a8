// The metrics that an objective may name, with the unit of their values. Constant data.
#pragma once

#include <array>
#include <string_view>

namespace spillway::scenarios {

enum class MetricUnit { milliseconds, share, rate, count, ratio };

struct Metric {
  std::string_view name;
  MetricUnit unit;
};

inline constexpr std::array kMetrics{
    Metric{"requests", MetricUnit::count},
    Metric{"attempts", MetricUnit::count},
    Metric{"retries", MetricUnit::count},
    Metric{"success_rate", MetricUnit::share},
    Metric{"goodput", MetricUnit::rate},
    Metric{"latency_mean", MetricUnit::milliseconds},
    Metric{"latency_p50", MetricUnit::milliseconds},
    Metric{"latency_p90", MetricUnit::milliseconds},
    Metric{"latency_p99", MetricUnit::milliseconds},
    Metric{"latency_p999", MetricUnit::milliseconds},
    Metric{"latency_success_p99", MetricUnit::milliseconds},
    Metric{"amplification", MetricUnit::ratio},
    Metric{"lineage_amplification", MetricUnit::ratio},
    Metric{"timeouts", MetricUnit::count},
    Metric{"budget_denied", MetricUnit::count},
    Metric{"utilization", MetricUnit::share},
    Metric{"wasted_work", MetricUnit::share},
    Metric{"recovery_time", MetricUnit::milliseconds},
    Metric{"collapsed", MetricUnit::share},
    Metric{"collapse_probability", MetricUnit::share},
    Metric{"queue_time_mean", MetricUnit::milliseconds},
    Metric{"queue_time_p50", MetricUnit::milliseconds},
    Metric{"queue_time_p90", MetricUnit::milliseconds},
    Metric{"queue_time_p99", MetricUnit::milliseconds},
    Metric{"queue_length", MetricUnit::count},
    Metric{"in_flight", MetricUnit::count},
    Metric{"rejections", MetricUnit::count},
};

}  // namespace spillway::scenarios
