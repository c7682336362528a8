// Types of single values: quantities, numbers, names, choices. Built once; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "model/spec/request.h"
#include "scenarios/type.h"
#include "sim/time.h"

namespace spillway::scenarios {

/// Zero or more, see quantity.h.
const Type<sim::Duration>& duration();
const Type<sim::Duration>& positive_duration();
const Type<double>& rate();
/// 0 to `most` percent; above 100 only where that means something.
Type<double> percent(double most = 100);
const Type<bool>& boolean();
/// The key alone says it: only `true` may stand there.
const Type<bool>& only_true();

/// A number from `least` to `most`; without the lower end itself if `above`.
Type<double> number(double least, double most, bool above = false);

/// A whole number that an I can hold.
Type<std::int64_t> whole_number(std::int64_t least, std::int64_t most);
template <class I>
Type<I> whole(std::int64_t least, std::int64_t most) {
  Type<I> type = converted<I>(whole_number(least, most),
                              [](std::int64_t value) { return static_cast<I>(value); });
  type.write = [](const I& value) { return std::to_string(value); };
  return type;
}

/// Any text but the empty one.
const Type<std::string>& text();
/// Text that may be empty.
const Type<std::string>& free_text();
/// A name as Kubernetes wants it (DNS-1123 label): at most 63 of a-z, 0-9 and `-`.
const Type<std::string>& label();
/// Labels with dots between them (DNS-1123 subdomain).
const Type<std::string>& subdomain();
/// A name within this file: letters, digits, `-` and `_`.
const Type<std::string>& name();
/// A path that starts with `/`.
const Type<std::string>& url_path();
const Type<std::string>& http_method();
const Type<std::string>& hostname();
/// `name[.namespace][:port]`. The namespace stays empty where it is not written.
const Type<model::ServiceRef>& service_reference();
/// A mapping of names to values.
const Type<std::vector<model::Header>>& headers();

/// One of a closed list of words; its index.
Type<std::size_t> word(std::string name, std::vector<std::string> words);

template <class E>
Type<E> choice(std::string name, std::initializer_list<std::pair<const char*, E>> choices) {
  std::vector<std::string> words;
  std::vector<E> values;
  for (const auto& [text, value] : choices) {
    words.emplace_back(text);
    values.push_back(value);
  }
  Type<E> type = converted<E>(word(std::move(name), words),
                              [values](std::size_t index) { return values[index]; });
  type.write = [words, values](const E& value) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] == value) return words[i];
    return std::string();
  };
  return type;
}

}  // namespace spillway::scenarios
