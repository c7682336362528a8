#include "scenarios/basic_types.h"

#include <fmt/format.h>

#include "scenarios/quantity.h"
#include "scenarios/scalar.h"
#include "scenarios/scalar_type.h"

namespace spillway::scenarios {
namespace {

constexpr std::string_view kDurationPattern = R"(^([0-9]+(\.[0-9]+)?(h|m|s|ms|us|ns))+$)";

Type<sim::Duration> duration_type(bool positive) {
  Shape shape = scalar_shape(positive ? "positive duration" : "duration",
                             positive ? "a duration above zero such as 250ms or 1h30m"
                                      : "a duration such as 250ms or 1h30m",
                             {string_form(std::string(kDurationPattern))});
  Type<sim::Duration> type = scalar_type<sim::Duration>(
      std::move(shape), "not a duration", [positive](const Node& node, sim::Duration& into) {
        const auto parsed = parse_duration(node.scalar);
        if (!parsed) return Verdict{"bad-duration", parsed.wrong};
        if (positive && parsed.value.ns == 0) return Verdict{"out-of-range", "must not be zero"};
        into = parsed.value;
        return Verdict{};
      });
  type.write = format_duration;
  return type;
}

/// "3", "0.25", and "unlimited" where there is no upper end.
std::string plain(double value) { return fmt::format("{}", value); }

std::string range_text(std::string_view what, double least, double most, bool above) {
  if (most >= 1e15)
    return fmt::format("{} {} {}", what, above ? "above" : "of at least", plain(least));
  if (above) return fmt::format("{} above {} and at most {}", what, plain(least), plain(most));
  return fmt::format("{} from {} to {}", what, plain(least), plain(most));
}

}  // namespace

const Type<sim::Duration>& duration() {
  static const Type<sim::Duration> type = duration_type(false);
  return type;
}

const Type<sim::Duration>& positive_duration() {
  static const Type<sim::Duration> type = duration_type(true);
  return type;
}

const Type<double>& rate() {
  static const Type<double> type =
      scalar_type<double>(scalar_shape("rate", "a rate such as 200/s or 12000/m",
                                       {string_form(R"(^[0-9]+(\.[0-9]+)?/[smh]$)")}),
                          "not a rate", [](const Node& node, double& into) {
                            const auto parsed = parse_rate(node.scalar);
                            into = parsed.value;
                            return Verdict{"bad-rate", parsed.wrong};
                          });
  return type;
}

Type<double> percent(double most) {
  Type<double> type = scalar_type<double>(
      scalar_shape("percentage", range_text("a percentage", 0, most, false),
                   {number_form("number", 0, most), string_form(R"(^[0-9]+(\.[0-9]+)?%$)")}),
      "not a percentage", [most](const Node& node, double& into) {
        const auto parsed = parse_percent(node.scalar);
        if (!parsed) return Verdict{"bad-percentage", parsed.wrong};
        if (parsed.value > most) return Verdict{"out-of-range", "out of range"};
        into = parsed.value;
        return Verdict{};
      });
  type.write = [](const double& value) { return plain(value) + "%"; };
  return type;
}

const Type<bool>& boolean() {
  static const Type<bool> type = [] {
    Shape::Form form;
    form.json_type = "boolean";
    Type<bool> made = scalar_type<bool>(
        scalar_shape("boolean", "true or false", {form}), "neither true nor false",
        [](const Node& node, bool& into) {
          const auto value = node.quoted ? std::nullopt : parse_boolean(node.scalar);
          if (!value) return Verdict{"wrong-type", "neither true nor false"};
          into = *value;
          return Verdict{};
        });
    made.write = [](const bool& value) { return std::string(value ? "true" : "false"); };
    return made;
  }();
  return type;
}

const Type<bool>& only_true() {
  static const Type<bool> type = [] {
    Shape::Form form;
    form.json_type = "boolean";
    form.choices = {"true"};
    return scalar_type<bool>(scalar_shape("true", "true", {form}), "can only be true",
                             [](const Node& node, bool& into) {
                               if (node.quoted || parse_boolean(node.scalar) != true)
                                 return Verdict{"wrong-type", "can only be true"};
                               into = true;
                               return Verdict{};
                             });
  }();
  return type;
}

Type<double> number(double least, double most, bool above) {
  Type<double> type = scalar_type<double>(
      scalar_shape("number", range_text("a number", least, most, above),
                   {number_form("number", least, most, above)}),
      "not a number", [=](const Node& node, double& into) {
        const auto value = node.quoted ? std::nullopt : parse_number(node.scalar);
        if (!value) return Verdict{"wrong-type", "not a number"};
        if (*value < least || *value > most || (above && *value <= least))
          return Verdict{"out-of-range", "out of range"};
        into = *value;
        return Verdict{};
      });
  type.write = [](const double& value) { return plain(value); };
  return type;
}

Type<std::int64_t> whole_number(std::int64_t least, std::int64_t most) {
  const double top = static_cast<double>(most);
  return scalar_type<std::int64_t>(
      scalar_shape("whole number",
                   most == std::numeric_limits<std::int64_t>::max()
                       ? fmt::format("a whole number of at least {}", least)
                       : fmt::format("a whole number from {} to {}", least, most),
                   {number_form("integer", static_cast<double>(least), top)}),
      "not a whole number", [=](const Node& node, std::int64_t& into) {
        if (scalar_kind(node) != ScalarKind::integer)
          return Verdict{"wrong-type", "not a whole number"};
        const auto value = parse_integer(node.scalar);
        if (!value || *value < least || *value > most)
          return Verdict{"out-of-range", "out of range"};
        into = *value;
        return Verdict{};
      });
}

}  // namespace spillway::scenarios
