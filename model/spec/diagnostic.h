// Places in the user's files and the diagnostics about them. Plain values; any thread.
#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spillway::model {

/// Where something was written. `line` and `column` count from 1; line 0 = no place (made by a
/// default or a flag).
struct Place {
  std::shared_ptr<const std::string>
      file;  ///< as the user named it; shared by all places of the file
  int line = 0;
  int column = 0;

  bool known() const { return line > 0; }
  /// "file:line:column", "file" or "" as far as known.
  std::string text() const;
};

/// By file name, line, column.
bool operator<(const Place& a, const Place& b);
bool operator==(const Place& a, const Place& b);

enum class Severity { error, warning, note };

/// One finding. `message` is a whole clause without a final dot; `rule` a stable kebab-case name;
/// `hint` may be empty.
struct Diagnostic {
  Severity severity = Severity::error;
  Place place;
  std::string message;
  std::string rule;
  std::string hint;

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// `file:line:column: error: message [rule]`, and the hint, if any, on a line of its own, indented.
std::string to_text(const Diagnostic& diagnostic);
std::string_view to_string(Severity severity);
bool has_errors(const Diagnostics& diagnostics);
/// By place, then as found; exact duplicates are removed.
void sort_by_place(Diagnostics& diagnostics);

/// A value, or the diagnostics that say why there is none; warnings may stand beside a value.
template <class T>
class Loaded {
 public:
  Loaded(T value, Diagnostics diagnostics = {})
      : value_(std::move(value)), diagnostics_(std::move(diagnostics)) {}
  Loaded(Diagnostics diagnostics) : diagnostics_(std::move(diagnostics)) {}

  explicit operator bool() const { return value_.has_value(); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  std::optional<T> value_;
  Diagnostics diagnostics_;
};

}  // namespace spillway::model
