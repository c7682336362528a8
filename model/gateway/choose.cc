#include "model/gateway/choose.h"

#include <algorithm>
#include <utility>

namespace spillway::model {
namespace {

struct Selection {
  PrecedenceOptions precedence;
  bool listener_isolation = true;
  bool host_fall_through = true;
};

Selection selection_of(const RoutingOptions& options) {
  return {{options.regex_precedence, options.count_trailing_slash,
           options.inherit_listener_hostname, false},
          options.listener_isolation,
          options.host_fall_through};
}

const Candidate* choose_by(const Pool& pool, const Selection& selection) {
  const auto rank = [&](const Candidate& c) {
    return host_rank(selection.precedence.inherit_listener_hostname ? c.host : c.own_host);
  };
  const auto isolated = [&](const Candidate& c) {
    return !selection.listener_isolation || c.listener == pool.best_listener;
  };
  HostRank least{};
  if (!selection.host_fall_through)
    for (const Candidate& host : pool.hosts)
      if (isolated(host)) least = std::max(least, rank(host));
  const Candidate* best = nullptr;
  for (const Candidate& c : pool.candidates)
    if (isolated(c) && rank(c) >= least &&
        (!best || takes_precedence(c, *best, selection.precedence)))
      best = &c;
  return best;
}

bool same_match(const Candidate* a, const Candidate* b) {
  if (!a || !b) return a == b;
  return a->route == b->route && a->rule == b->rule && a->match == b->match;
}

}  // namespace

const Candidate* choose(const Pool& pool, const RoutingOptions& options) {
  return choose_by(pool, selection_of(options));
}

std::vector<RoutingOption> choice_depends_on(const Pool& pool, const RoutingOptions& options) {
  std::vector<RoutingOption> found;
  const Selection used = selection_of(options);
  const Candidate* chosen = choose_by(pool, used);
  const auto try_instead = [&](RoutingOption option, auto change) {
    Selection other = used;
    change(other);
    const bool noted = !found.empty() && found.back() == option;
    if (!noted && !same_match(choose_by(pool, other), chosen)) found.push_back(option);
  };
  for (const RegexPrecedence regex :
       {RegexPrecedence::before_prefix, RegexPrecedence::after_prefix, RegexPrecedence::as_prefix})
    try_instead(RoutingOption::regex_precedence, [&](Selection& s) { s.precedence.regex = regex; });
  try_instead(RoutingOption::count_trailing_slash, [](Selection& s) {
    s.precedence.count_trailing_slash = !s.precedence.count_trailing_slash;
  });
  try_instead(RoutingOption::listener_isolation,
              [](Selection& s) { s.listener_isolation = !s.listener_isolation; });
  try_instead(RoutingOption::host_fall_through,
              [](Selection& s) { s.host_fall_through = !s.host_fall_through; });
  try_instead(RoutingOption::inherit_listener_hostname, [](Selection& s) {
    s.precedence.inherit_listener_hostname = !s.precedence.inherit_listener_hostname;
  });
  try_instead(RoutingOption::creation_order,
              [](Selection& s) { s.precedence.reverse_names = true; });
  return found;
}

}  // namespace spillway::model
