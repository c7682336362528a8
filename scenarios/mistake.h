// One way to word what is wrong with input: "what is wrong (got X, expected Y) [rule]". Pure
// function.
#pragma once

#include <string>
#include <string_view>

#include "model/spec/diagnostic.h"

namespace spillway::scenarios {

/// An error. `got` and `expected` may be empty; then the message leaves them out.
model::Diagnostic mistake(const model::Place& place, std::string rule, std::string what,
                          const std::string& got = {}, const std::string& expected = {},
                          std::string hint = {});

/// "text", for messages.
std::string in_quotes(std::string_view text);

}  // namespace spillway::scenarios
