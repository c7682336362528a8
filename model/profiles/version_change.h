// One thing in which versions of a profile differ, told beside the tables that say which version
// does what. Constant data.
#pragma once

#include <string_view>

namespace spillway::model {

/// How both sides of a difference are known.
enum class Evidence {
  recorded,       ///< configurations that both versions' own code made
  read_in_source  ///< at least one side is read in the source of that version
};
std::string_view to_string(Evidence evidence);

/// `copy` gives `to` the value that `from` has of this one thing, `same` compares it.
template <class Behavior>
struct VersionChange {
  std::string_view why;     ///< what changed, a clause
  std::string_view source;  ///< a change, commit or setting of the project
  Evidence evidence = Evidence::recorded;
  void (*copy)(Behavior& to, const Behavior& from) = nullptr;
  bool (*same)(const Behavior& a, const Behavior& b) = nullptr;
};

/// Copies and compares one member.
template <auto Member, class Behavior>
constexpr VersionChange<Behavior> version_change(std::string_view why, std::string_view source,
                                                 Evidence evidence) {
  return {why, source, evidence,
          [](Behavior& to, const Behavior& from) { to.*Member = from.*Member; },
          [](const Behavior& a, const Behavior& b) { return a.*Member == b.*Member; }};
}

}  // namespace spillway::model
