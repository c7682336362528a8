#include "model/spec/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace spillway::model {
namespace {

std::tuple<std::string_view, int, int> key(const Place& place) {
  return {place.file ? std::string_view(*place.file) : std::string_view(), place.line,
          place.column};
}

}  // namespace

std::string Place::text() const {
  if (!file) return {};
  return known() ? fmt::format("{}:{}:{}", *file, line, column) : *file;
}

bool operator<(const Place& a, const Place& b) { return key(a) < key(b); }
bool operator==(const Place& a, const Place& b) { return key(a) == key(b); }

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

std::string to_text(const Diagnostic& d) {
  std::string text = d.place.text();
  if (!text.empty()) text += ": ";
  text += fmt::format("{}: {}", to_string(d.severity), d.message);
  if (!d.rule.empty()) text += fmt::format(" [{}]", d.rule);
  if (!d.hint.empty()) text += fmt::format("\n    hint: {}", d.hint);
  return text;
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics,
                             [](const Diagnostic& d) { return d.severity == Severity::error; });
}

void sort_by_place(Diagnostics& diagnostics) {
  std::ranges::stable_sort(
      diagnostics, [](const Diagnostic& a, const Diagnostic& b) { return a.place < b.place; });
  Diagnostics unique;
  for (Diagnostic& d : diagnostics) {
    auto same_place = unique.rbegin();
    while (same_place != unique.rend() && same_place->place == d.place && !(*same_place == d))
      ++same_place;
    if (same_place == unique.rend() || !(*same_place == d)) unique.push_back(std::move(d));
  }
  diagnostics = std::move(unique);
}

}  // namespace spillway::model
