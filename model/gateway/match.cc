#include "model/gateway/match.h"

#include <algorithm>
#include <compare>
#include <tuple>

#include "model/gateway/text.h"

namespace spillway::model {

void RegexCache::add(const std::string& pattern) {
  if (!compiled_.contains(pattern)) compiled_.emplace(pattern, Regex::compile(pattern));
}

bool RegexCache::matches(const std::string& pattern, std::string_view text) const {
  const auto& regex = compiled_.at(pattern);
  return regex && regex->matches_whole(text);
}

PathAndQuery split_path(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {target, {}, false};
  return {target.substr(0, mark), target.substr(mark + 1), true};
}

bool has_path_prefix(std::string_view path, std::string_view prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

const std::string* find_header(const Request& request, std::string_view name) {
  if (equal_ignoring_case(name, "host") && !request.host.empty()) return &request.host;
  const auto found = std::ranges::find_if(
      request.headers, [&](const Header& h) { return equal_ignoring_case(h.name, name); });
  return found == request.headers.end() ? nullptr : &found->value;
}

namespace {

/// Entries of a match that repeat the name of an earlier one are ignored.
template <class SameName>
bool is_repeated(const std::vector<ValueMatch>& matches, std::size_t i, SameName same_name) {
  return std::any_of(matches.begin(), matches.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const ValueMatch& m) { return same_name(m.name, matches[i].name); });
}

constexpr auto kSameHeader = [](const std::string& a, const std::string& b) {
  return equal_ignoring_case(a, b);
};
constexpr auto kSameParameter = [](const std::string& a, const std::string& b) { return a == b; };

template <class SameName>
std::size_t count_distinct(const std::vector<ValueMatch>& matches, SameName same_name) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < matches.size(); ++i)
    if (!is_repeated(matches, i, same_name)) ++count;
  return count;
}

bool value_matches(const ValueMatch& match, std::string_view value, const RegexCache& regexes) {
  return match.type == ValueMatchType::exact ? match.value == value
                                             : regexes.matches(match.value, value);
}

std::optional<std::string_view> find_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view entry = query.substr(0, end);
    const auto equals = std::min(entry.find('='), entry.size());
    if (entry.substr(0, equals) == name) return entry.substr(std::min(equals + 1, entry.size()));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

bool path_matches(const HttpPathMatch& match, std::string_view path, const RegexCache& regexes) {
  switch (match.type) {
    case PathMatchType::exact:
      return path == match.value;
    case PathMatchType::path_prefix:
      return has_path_prefix(path, match.value);
    case PathMatchType::regular_expression:
      return regexes.matches(match.value, path);
  }
  return false;
}

bool headers_match(const HttpRouteMatch& match, const Request& request, const RegexCache& regexes) {
  for (std::size_t i = 0; i < match.headers.size(); ++i) {
    if (is_repeated(match.headers, i, kSameHeader)) continue;
    const std::string* value = find_header(request, match.headers[i].name);
    if (!value || !value_matches(match.headers[i], *value, regexes)) return false;
  }
  return true;
}

bool query_matches(const HttpRouteMatch& match, std::string_view query, const RegexCache& regexes) {
  for (std::size_t i = 0; i < match.query_params.size(); ++i) {
    if (is_repeated(match.query_params, i, kSameParameter)) continue;
    const auto value = find_parameter(query, match.query_params[i].name);
    if (!value || !value_matches(match.query_params[i], *value, regexes)) return false;
  }
  return true;
}

}  // namespace

bool matches(const HttpRouteMatch& match, const Request& request, const RegexCache& regexes) {
  const PathAndQuery target = split_path(request.path);
  return (match.method.empty() || match.method == request.method) &&
         path_matches(match.path, target.path, regexes) && headers_match(match, request, regexes) &&
         query_matches(match, target.query, regexes);
}

namespace {

/// Kinds of path match in the order of precedence, and the characters that count within a kind.
struct PathRank {
  int kind = 0;  ///< greater takes precedence
  std::size_t characters = 0;
  auto operator<=>(const PathRank&) const = default;
};

PathRank path_rank(const Candidate& candidate, const PrecedenceOptions& options) {
  constexpr int kExact = 4;
  constexpr int kBeforePrefix = 3;
  constexpr int kPrefix = 2;
  constexpr int kAfterPrefix = 1;
  const HttpPathMatch& path = candidate.match_of().path;
  const bool uncounted_slash = !options.count_trailing_slash && path.value.ends_with('/');
  switch (path.type) {
    case PathMatchType::exact:
      return {kExact, 0};
    case PathMatchType::path_prefix:
      return {kPrefix, path.value.size() - (uncounted_slash ? 1 : 0)};
    case PathMatchType::regular_expression:
      if (candidate.route->kind == "GRPCRoute") return {kAfterPrefix, 0};
      if (options.regex == RegexPrecedence::before_prefix) return {kBeforePrefix, 0};
      if (options.regex == RegexPrecedence::after_prefix) return {kAfterPrefix, 0};
      return {kPrefix, path.value.size()};
  }
  return {};
}

auto match_rank(const Candidate& c, const PrecedenceOptions& options) {
  const HttpRouteMatch& match = c.match_of();
  return std::tuple(host_rank(options.inherit_listener_hostname ? c.host : c.own_host),
                    path_rank(c, options), !match.method.empty(),
                    count_distinct(match.headers, kSameHeader),
                    count_distinct(match.query_params, kSameParameter));
}

/// Never-applied objects sort behind every timestamp.
std::pair<bool, std::string_view> age_key(const ObjectMeta& meta) {
  return {meta.creation_timestamp.empty(), meta.creation_timestamp};
}

}  // namespace

bool is_older(const ObjectMeta& a, const ObjectMeta& b) {
  if (age_key(a) != age_key(b)) return age_key(a) < age_key(b);
  return a.key() < b.key();
}

bool takes_precedence(const Candidate& a, const Candidate& b, const PrecedenceOptions& options) {
  const auto rank_a = match_rank(a, options);
  const auto rank_b = match_rank(b, options);
  if (rank_a != rank_b) return rank_a > rank_b;
  if (a.route != b.route) {
    const ObjectMeta& meta_a = a.route->meta;
    const ObjectMeta& meta_b = b.route->meta;
    if (age_key(meta_a) != age_key(meta_b)) return age_key(meta_a) < age_key(meta_b);
    const auto by_name =
        std::tuple(meta_a.key(), a.route->kind) <=> std::tuple(meta_b.key(), b.route->kind);
    if (by_name != 0)
      return options.reverse_names && meta_a.creation_timestamp.empty() ? by_name > 0 : by_name < 0;
  }
  return std::tuple(a.rule, a.match, a.listener) < std::tuple(b.rule, b.match, b.listener);
}

}  // namespace spillway::model
