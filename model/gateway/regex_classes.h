// Sets of bytes that a Regex can name. Internal to model/gateway.
#pragma once

#include <optional>
#include <string_view>

#include "model/gateway/regex.h"

namespace spillway::model::regex_syntax {

/// Both ends included.
Regex::Bytes range(unsigned char from, unsigned char to);

/// \d \w \s and their complements.
std::optional<Regex::Bytes> perl_class(char c);

/// The class of [:name:].
std::optional<Regex::Bytes> posix_class(std::string_view name);

/// With the other case of every letter.
Regex::Bytes fold_case(Regex::Bytes bytes);

}  // namespace spillway::model::regex_syntax
