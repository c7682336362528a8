// METRIC[@SCOPE] OP VALUE.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/metrics.h"
#include "scenarios/quantity.h"
#include "scenarios/scalar.h"
#include "scenarios/suggest.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using model::Objective;

constexpr std::string_view kForm = "METRIC[@SCOPE] <, <=, > or >= VALUE";
constexpr std::string_view kPattern =
    R"(^[a-z0-9_]+(@[-_.A-Za-z0-9]+)? *(<=|>=|<|>) *[0-9.]+(%|/s|/m|/h|[a-z0-9.]+)?$)";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const Metric& metric : kMetrics) made.emplace_back(metric.name);
    return made;
  }();
  return names;
}

struct Limit {
  double value = 0;
  std::string_view wrong;
  std::string_view expected;
};

Limit share_limit(std::string_view text) {
  constexpr std::string_view kExpected = "a percentage such as 99.9%";
  const auto percent = parse_percent(text);
  if (!percent) return {0, percent.wrong, kExpected};
  // 0.999 could be meant as a share.
  if (!text.ends_with('%') && percent.value > 0 && percent.value <= 1)
    return {0, "could be a share or a percentage", kExpected};
  if (percent.value > 100) return {0, "out of range", "a percentage from 0% to 100%"};
  return {percent.value / 100, {}, {}};
}

Limit plain_limit(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) return {0, "not a number", "a number without a unit"};
  if (*number < 0) return {0, "out of range", "a number of at least 0"};
  return {*number, {}, {}};
}

Limit parse_limit(std::string_view text, MetricUnit unit) {
  switch (unit) {
    case MetricUnit::milliseconds: {
      const auto parsed = parse_duration(text);
      return {parsed.value.milliseconds(), parsed.wrong, "a duration such as 500ms"};
    }
    case MetricUnit::rate: {
      const auto parsed = parse_rate(text);
      return {parsed.value, parsed.wrong, "a rate such as 200/s"};
    }
    case MetricUnit::share:
      return share_limit(text);
    case MetricUnit::count:
    case MetricUnit::ratio:
      return plain_limit(text);
  }
  return {};
}

Objective::Op parse_op(std::string_view text) {
  if (text == "<") return Objective::Op::less;
  if (text == "<=") return Objective::Op::less_equal;
  return text == ">" ? Objective::Op::greater : Objective::Op::greater_equal;
}

bool read(const Node& node, const Path& path, Objective& into, Decoding& decoding) {
  const auto refuse = [&](std::string rule, std::string_view what, std::string_view got,
                          std::string_view expected, std::string hint = {}) {
    decoding.diagnostics.push_back(mistake(node.place, std::move(rule),
                                           path.text() + ": " + std::string(what), in_quotes(got),
                                           std::string(expected), std::move(hint)));
    return false;
  };
  if (node.kind != Node::Kind::scalar)
    return complain(node, path, decoding, "wrong-type", "not an objective", std::string(kForm));
  const std::string_view all = node.scalar;
  const std::size_t op = all.find_first_of("<>=");
  const std::size_t value = op == std::string_view::npos ? op : all.find_first_not_of("<>=", op);
  if (value == std::string_view::npos || all[op] == '=' ||
      (value - op == 2 ? all[op + 1] != '=' : value - op != 1))
    return complain(node, path, decoding, "bad-objective", "not an objective", std::string(kForm));
  const std::string_view left = trimmed(all.substr(0, op));
  const std::size_t at = left.find('@');
  const std::string_view metric = trimmed(left.substr(0, at));
  const auto* known = std::ranges::find(kMetrics, metric, &Metric::name);
  if (known == kMetrics.end())
    return refuse("unknown-metric", "unknown metric", metric, one_of(metric_names(), 40),
                  did_you_mean(metric, metric_names()));
  if (at != std::string_view::npos) into.scope = trimmed(left.substr(at + 1));
  if (at != std::string_view::npos && into.scope.empty())
    return complain(node, path, decoding, "bad-objective", "nothing after the @",
                    "the name of a traffic source or service.namespace");
  const std::string_view written = trimmed(all.substr(value));
  const Limit limit = parse_limit(written, known->unit);
  if (!limit.wrong.empty())
    return refuse("bad-objective", limit.wrong, written,
                  std::string(limit.expected) + " for " + std::string(metric));
  into.metric = metric;
  into.op = parse_op(all.substr(op, value - op));
  into.limit = limit.value;
  into.text = all;
  into.place = node.place;
  return true;
}

}  // namespace

const Type<Objective>& objective() {
  static const Type<Objective> type = [] {
    Shape shape;
    shape.name = "objective";
    shape.expected = kForm;
    Shape::Form form;
    form.json_type = "string";
    form.pattern = kPattern;
    shape.forms = {form};
    return Type<Objective>{std::make_shared<const Shape>(std::move(shape)), read, {}};
  }();
  return type;
}

}  // namespace spillway::scenarios
