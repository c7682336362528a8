// Completion scripts of shells, made from the tree of commands and options.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace spillway::cli {

/// `shell` is bash, zsh or fish. Options whose type name is a list like "text|json" complete to its
/// words, FILE and DIR to files and folders.
std::string completion_script(const CLI::App& app, const std::string& shell);

}  // namespace spillway::cli
