#include "model/profiles/common_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace spillway::model {

sim::Duration default_duration(std::string_view text) {
  double value = 0;
  const auto [unit, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view name(unit, static_cast<std::size_t>(text.data() + text.size() - unit));
  return {std::llround(value * (name == "ms" ? 1e6 : 1e9))};
}

OptionReader::OptionReader(const MeshSpec& mesh, const ProfileInfo& profile,
                           Diagnostics& diagnostics)
    : mesh_(mesh), profile_(profile), diagnostics_(diagnostics) {
  for (const auto& [name, option] : mesh.options) {
    if (info(name)) continue;
    std::vector<std::string> names;
    for (const OptionInfo& each : profile.options) names.push_back(each.name);
    diagnostics.push_back(
        {Severity::error, option.place,
         fmt::format("unknown option of profile {} (got \"{}\", expected one of {})", profile.name,
                     name, fmt::join(names, ", ")),
         "unknown-option", ""});
  }
}

const OptionInfo* OptionReader::info(std::string_view name) const {
  const auto found = std::ranges::find(profile_.options, name, &OptionInfo::name);
  return found == profile_.options.end() ? nullptr : &*found;
}

const MeshOption* OptionReader::given(std::string_view name) const {
  const auto found = mesh_.options.find(std::string(name));
  return found == mesh_.options.end() || !info(name) ? nullptr : &found->second;
}

void OptionReader::wrong(std::string_view name, const MeshOption& option,
                         std::string_view expected) {
  diagnostics_.push_back(
      {Severity::error, option.place,
       fmt::format("spec.mesh.options.{}: wrong value (expected {})", name, expected),
       "option-value", ""});
}

sim::Distribution OptionReader::time(std::string_view name) {
  if (const MeshOption* option = given(name)) {
    if (const auto* value = std::get_if<sim::Distribution>(&option->value)) return *value;
    wrong(name, *option, "a duration or a distribution");
  }
  const OptionInfo* known = info(name);
  return known ? sim::Distribution::constant(default_duration(known->default_value))
               : sim::Distribution();
}

std::uint32_t OptionReader::count(std::string_view name, std::uint32_t standard) {
  if (const MeshOption* option = given(name)) {
    const auto* value = std::get_if<double>(&option->value);
    if (value && *value >= 1 && *value <= 10'000 && *value == std::floor(*value))
      return static_cast<std::uint32_t>(*value);
    wrong(name, *option, "a whole number from 1 to 10000");
  }
  const OptionInfo* known = info(name);
  return known ? static_cast<std::uint32_t>(std::stoul(known->default_value)) : standard;
}

bool OptionReader::flag(std::string_view name) {
  if (const MeshOption* option = given(name)) {
    if (const auto* value = std::get_if<bool>(&option->value)) return *value;
    wrong(name, *option, "true or false");
  }
  const OptionInfo* known = info(name);
  return known && known->default_value == "true";
}

std::optional<ConcurrencyBudget> OptionReader::concurrency_budget() {
  const MeshOption* option = given("budgetOverride");
  if (!option) return std::nullopt;
  if (const auto* budget = std::get_if<Budget>(&option->value))
    if (const auto* own = std::get_if<ConcurrencyBudget>(budget)) return *own;
  wrong("budgetOverride", *option,
        fmt::format("{{concurrency: ...}}, the kind of budget that the proxies of {} have",
                    profile_.name));
  return std::nullopt;
}

OptionInfo envoy_budget_override() {
  return {"budgetOverride", "budget", "none",
          "a retry budget of kind concurrency in place of that of every cluster"};
}

CommonOptions OptionReader::common() {
  CommonOptions options;
  options.proxy_latency = time("proxyLatency");
  options.l4_latency = time("l4Latency");
  options.network_latency = time("networkLatency");
  options.gateway_replicas = count("gatewayReplicas", 1);
  options.waypoint_replicas = count("waypointReplicas", 1);
  options.nodes = count("nodes", 1);
  options.max_call_depth = count("maxCallDepth", 64);
  return options;
}

}  // namespace spillway::model
