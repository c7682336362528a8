#include "model/graph/suggest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace spillway::model::graph {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string_view name_part(std::string_view scope) { return scope.substr(0, scope.find('.')); }

}  // namespace

std::string suggest_scope(std::string_view wrong, std::span<const std::string> known) {
  for (const std::string& scope : known) {
    if (name_part(scope) == name_part(wrong)) return scope;
  }
  const std::string* best = nullptr;
  std::size_t best_distance = wrong.size() / 3 + 1;
  for (const std::string& scope : known) {
    const std::size_t at_least =
        scope.size() > wrong.size() ? scope.size() - wrong.size() : wrong.size() - scope.size();
    if (at_least >= best_distance) continue;
    const std::size_t distance = edit_distance(wrong, scope);
    if (distance < best_distance) best = &scope, best_distance = distance;
  }
  return best ? *best : std::string();
}

}  // namespace spillway::model::graph
