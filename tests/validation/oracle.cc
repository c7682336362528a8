#include "tests/validation/oracle.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <stdexcept>

namespace spillway::validation {
namespace {

double to_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::runtime_error(fmt::format("not a number: \"{}\"", text));
  return value;
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> list(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      list.emplace_back();
    else
      list.back() += c;
  }
  return list;
}

bool split(const std::string& text, const std::string& prefix, std::string& rest) {
  if (!text.starts_with(prefix)) return false;
  rest = text.substr(prefix.size());
  return true;
}

}  // namespace

std::vector<Oracle> read_oracles(const std::string& file) {
  std::ifstream in(file);
  std::vector<Oracle> oracles;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::vector<std::string> f = fields(line);
    if (f.size() != 7) throw std::runtime_error(fmt::format("{}: {}", file, line));
    oracles.push_back({f[0], f[1], f[2], to_number(f[3]), to_number(f[4]),
                       f[5].empty() ? 0 : to_number(f[5]), f[6]});
  }
  if (oracles.empty()) throw std::runtime_error(fmt::format("{}: no rows", file));
  return oracles;
}

Params::Params(const std::string& text) {
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t to = std::min(text.find(';', from), text.size());
    const std::string pair = text.substr(from, to - from);
    const std::size_t equal = pair.find('=');
    if (equal == std::string::npos) throw std::runtime_error(fmt::format("params: {}", text));
    values_[pair.substr(0, equal)] = pair.substr(equal + 1);
    from = to + 1;
  }
}

std::string Params::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw std::runtime_error(fmt::format("no parameter {}", name));
  return found->second;
}

double Params::number(const std::string& name) const { return to_number(text(name)); }

double Params::number(const std::string& name, double otherwise) const {
  return values_.contains(name) ? number(name) : otherwise;
}

const model::ScopeResult& Sample::operator[](const std::string& scope) const {
  for (std::size_t i = 0; i < scopes.size(); ++i)
    if (scopes[i].name == scope) return result.scopes[i];
  throw std::runtime_error(fmt::format("no scope {}", scope));
}

double share_above(const sim::Histogram& law, double seconds) {
  const double at = seconds * 1e9;
  double above = 0;
  law.for_each_bin([&](std::int64_t low, std::int64_t high, std::uint64_t n) {
    const auto from = static_cast<double>(low);
    const double width = static_cast<double>(high) + 1 - from;
    const double part = at < from ? 1 : std::max(0.0, 1 - (at + 1 - from) / width);
    above += part * static_cast<double>(n);
  });
  return above / static_cast<double>(law.count());
}

System find_system(const std::string& model, const std::string& params) {
  for (const auto& table : {queue_systems(), server_systems(), policy_systems()})
    if (const auto found = table.find(model); found != table.end())
      return found->second(Params(params));
  throw std::runtime_error(fmt::format("no system for \"{}\"", model));
}

Judged judged(const System& system, const Oracle& oracle) {
  if (const auto value = system.values.find(oracle.metric); value != system.values.end())
    return {value->second, oracle.value};
  for (const auto& [name, law] : system.laws) {
    std::string rest;
    if (oracle.metric == "mean_" + name)
      return {[law](const Sample& s) { return law(s).mean() * 1e-9; }, oracle.value};
    if (split(oracle.metric, name + "_p", rest))
      return {[law, at = oracle.value](const Sample& s) { return share_above(law(s), at); },
              1 - to_number(rest) / 100};
    if (split(oracle.metric, "P(" + name + ">", rest)) {
      rest.pop_back();
      return {[law, at = to_number(rest)](const Sample& s) { return share_above(law(s), at); },
              oracle.value};
    }
  }
  throw std::runtime_error(fmt::format("{} has no metric {}", oracle.model, oracle.metric));
}

}  // namespace spillway::validation
