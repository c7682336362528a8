// Regular expressions of route matches in RE2's syntax (what Envoy takes; Rust's regex crate in
// Linkerd agrees on it), over bytes and always against the whole text. Matching takes time linear
// in text x expression and no recursion, so that no manifest can make it explode. Unicode classes
// (\p), classes with non-ASCII characters and back-references are refused.
// Immutable once compiled; any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::model {

class Regex {
 public:
  /// Absent where `pattern` is not valid; `error` (if given) then says why, as a clause.
  static std::optional<Regex> compile(std::string_view pattern, std::string* error = nullptr);

  bool matches_whole(std::string_view text) const;

  using Bytes = std::bitset<256>;
  struct Instruction {
    enum class Kind : std::uint8_t {
      bytes,
      split,
      line_begin,
      line_end,
      text_begin,
      text_end,
      word_boundary,
      no_word_boundary,
      match
    };
    Kind kind = Kind::match;
    std::uint32_t next = 0;
    std::uint32_t other = 0;  ///< split: the second way; bytes: index into `sets`
  };

 private:
  std::vector<Instruction> program_;
  std::vector<Bytes> sets_;
};

}  // namespace spillway::model
