// Usage errors in words: what was wrong with the command line, and what was probably meant.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace spillway::cli {

/// One sentence about why `arguments` (without the program's name) did not parse.
std::string usage_error(const CLI::App& app, const std::vector<std::string>& arguments,
                        const CLI::ParseError& error);

}  // namespace spillway::cli
