#include "model/resources/kubernetes.h"

#include <algorithm>

namespace spillway::model {
namespace {

bool holds(const LabelRequirement& r, const std::map<std::string, std::string>& labels) {
  const auto found = labels.find(r.key);
  const bool present = found != labels.end();
  if (r.op == "Exists") return present;
  if (r.op == "DoesNotExist") return !present;
  const bool listed = present && std::ranges::find(r.values, found->second) != r.values.end();
  return r.op == "In" ? listed : !listed;
}

}  // namespace

bool LabelSelector::matches(const std::map<std::string, std::string>& labels) const {
  return std::ranges::all_of(match_labels,
                             [&](const auto& want) {
                               const auto found = labels.find(want.first);
                               return found != labels.end() && found->second == want.second;
                             }) &&
         std::ranges::all_of(match_expressions, [&](const auto& r) { return holds(r, labels); });
}

}  // namespace spillway::model
