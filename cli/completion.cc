#include "cli/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

namespace spillway::cli {
namespace {

// What completion needs to know of an option or argument.
struct Entry {
  std::vector<std::string> names;  ///< with dashes; empty for an argument
  std::string description;
  std::string type;  ///< empty for a flag

  bool takes_value() const { return !type.empty(); }
  bool is_choice() const {
    return type.find('|') != std::string::npos &&
           type.find_first_not_of("abcdefghijklmnopqrstuvwxyz|") == std::string::npos;
  }
  std::string words() const {
    std::string list = type;
    std::ranges::replace(list, '|', ' ');
    return list;
  }
};

struct Command {
  std::string name;
  std::string description;
  std::vector<Entry> entries;
};

Entry entry_of(const CLI::Option& option) {
  Entry entry{.names = {},
              .description = option.get_description(),
              .type = option.get_items_expected_max() > 0 ? option.get_type_name() : ""};
  for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  return entry;
}

std::vector<Command> commands_of(const CLI::App& app) {
  std::vector<Command> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    Command& command = commands.emplace_back();
    command.name = sub->get_name();
    command.description = sub->get_description();
    for (const CLI::Option* option : sub->get_options())
      command.entries.push_back(entry_of(*option));
    for (const CLI::Option* option : app.get_options())
      if (option->get_name() != "--help" && option->get_name() != "--version")
        command.entries.push_back(entry_of(*option));
  }
  return commands;
}

std::string join(const std::vector<std::string>& words, std::string_view by) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(by)) + word;
  return text;
}

std::string bash_value(const Entry& entry) {
  if (entry.is_choice())
    return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\"))", entry.words());
  if (entry.type == "DIR") return "COMPREPLY=($(compgen -d -- \"$cur\"))";
  if (entry.type == "FILE") return "COMPREPLY=($(compgen -f -- \"$cur\"))";
  return "COMPREPLY=()";
}

std::string bash(const std::vector<Command>& commands) {
  std::string names, values, flags, arguments;
  for (const Command& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    std::vector<std::string> own;
    for (const Entry& entry : command.entries) {
      own.insert(own.end(), entry.names.begin(), entry.names.end());
      if (!entry.takes_value()) continue;
      if (entry.names.empty()) {
        arguments += fmt::format("    {}) {} ;;\n", command.name, bash_value(entry));
        continue;
      }
      std::vector<std::string> patterns;
      for (const std::string& name : entry.names)
        patterns.push_back(fmt::format("\"{} {}\"", command.name, name));
      values += fmt::format("    {}) {}; return ;;\n", join(patterns, "|"), bash_value(entry));
    }
    flags += fmt::format("    {}) flags=\"{}\" ;;\n", command.name, join(own, " "));
  }
  return fmt::format(R"(# bash completion of spillway: source <(spillway completion bash)
_spillway() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command="" flags="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [[ $word != -* ]]; then command=$word; break; fi
  done
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "{} --help --version" -- "$cur"))
    return
  fi
  case "$command $prev" in
{}  esac
  case "$command" in
{}  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  case "$command" in
{}  esac
}}
complete -o filenames -F _spillway spillway
)",
                     names, values, flags, arguments);
}

// A description inside [...] of _arguments.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string zsh_action(const Entry& entry) {
  if (entry.is_choice()) return "(" + entry.words() + ")";
  if (entry.type == "DIR") return "_files -/";
  return entry.type == "FILE" ? "_files" : " ";
}

std::string zsh(const std::vector<Command>& commands) {
  std::string names, cases;
  for (const Command& command : commands) {
    names += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.description));
    cases += fmt::format("    {})\n      _arguments", command.name);
    for (const Entry& entry : command.entries) {
      const std::string value =
          entry.takes_value() ? fmt::format(":value:{}", zsh_action(entry)) : "";
      if (entry.names.empty())
        cases +=
            fmt::format(" \\\n        '*:{}:{}'", zsh_text(entry.description), zsh_action(entry));
      for (const std::string& name : entry.names)
        cases += fmt::format(" \\\n        '*{}[{}]{}'", name, zsh_text(entry.description), value);
    }
    cases += "\n      ;;\n";
  }
  return fmt::format(R"(#compdef spillway
# zsh completion of spillway: spillway completion zsh > "${{fpath[1]}}/_spillway"
_spillway() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
_spillway "$@"
)",
                     names, cases);
}

std::string fish_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string fish(const std::vector<Command>& commands) {
  std::string text =
      "# fish completion of spillway: spillway completion fish | source\n"
      "complete -c spillway -n __fish_use_subcommand -f\n";
  for (const Command& command : commands)
    text += fmt::format("complete -c spillway -n __fish_use_subcommand -a {} -d '{}'\n",
                        command.name, fish_text(command.description));
  for (const Command& command : commands) {
    const std::string when = fmt::format("-n '__fish_seen_subcommand_from {}'", command.name);
    for (const Entry& entry : command.entries) {
      std::string line = fmt::format("complete -c spillway {}", when);
      for (const std::string& name : entry.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (entry.names.empty() && !entry.is_choice()) continue;
      if (entry.is_choice())
        line += fmt::format(" -{}f -a '{}'", entry.names.empty() ? "" : "x", entry.words());
      else if (entry.takes_value())
        line += entry.type == "FILE" || entry.type == "DIR" ? " -r" : " -x";
      text += fmt::format("{} -d '{}'\n", line, fish_text(entry.description));
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const CLI::App& app, const std::string& shell) {
  const auto commands = commands_of(app);
  if (shell == "bash") return bash(commands);
  return shell == "zsh" ? zsh(commands) : fish(commands);
}

}  // namespace spillway::cli
