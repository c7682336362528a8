// Collects what a recording and the simulation say of each case, and prints where they differ.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace spillway::recordings {

class Report {
 public:
  explicit Report(std::ostream& out, bool verbose) : out_(out), verbose_(verbose) {}

  /// Everything until the next begin_case() is about this case.
  void begin_case(std::string_view name);
  /// Prints "CASE: FIELD: recorded R, simulated S" if they differ.
  void compare(std::string_view field, const nlohmann::json& recorded,
               const nlohmann::json& simulated);
  /// A difference that is not one of two values.
  void disagree(std::string_view field, std::string_view what);
  /// Printed with --verbose only.
  void note(std::string_view text);
  /// Prints "agree A of B"; true if A = B.
  bool finish();

 private:
  std::ostream& out_;
  bool verbose_;
  std::string name_;
  bool open_ = false;
  bool agreed_ = true;
  std::size_t cases_ = 0;
  std::size_t agreeing_ = 0;
  void close_case();
};

/// Holds the product to the cases of one kind of file.
using Check = void (*)(const std::vector<nlohmann::json>& cases, Report& report);

}  // namespace spillway::recordings
