#include "cli/usage.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "scenarios/suggest.h"

namespace spillway::cli {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app, const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::App* owner : {command, &app}) {
    if (!owner) continue;
    for (const CLI::Option* option : owner->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

bool known(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string with_hint(const std::string& text, const std::string& name,
                      const std::vector<std::string>& candidates) {
  const bool one_letter = name.size() == 2 && name.front() == '-';
  const std::string hint = one_letter ? "" : scenarios::did_you_mean(name, candidates);
  return hint.empty() ? text : text + "; " + hint;
}

// The first flag that neither the command nor the program has; empty when all are known.
std::string unknown_flag(const CLI::App& app, const CLI::App* command,
                         const std::vector<std::string>& arguments) {
  const auto names = option_names(app, command);
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument.size() < 2 || argument.front() != '-') continue;
    const std::string flag =
        argument.starts_with("--") ? argument.substr(0, argument.find('=')) : argument.substr(0, 2);
    if (!known(names, flag)) return argument.starts_with("--") ? flag : argument;
  }
  return {};
}

const CLI::App* chosen(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

std::string about_argument(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* command = chosen(app);
  const std::string of = command ? " of " + command->get_name() : "";
  const std::string flag = unknown_flag(app, command, arguments);
  if (!flag.empty())
    return with_hint(fmt::format("unknown option {}{}", flag, of), flag,
                     option_names(app, command));
  if (command) {
    const auto rest = command->remaining();
    const auto all = rest.empty() ? app.remaining() : rest;
    return fmt::format("unexpected argument \"{}\"{}", all.empty() ? "" : all.front(), of);
  }
  for (const std::string& argument : arguments)
    if (argument.front() != '-')
      return with_hint(fmt::format("unknown command \"{}\"", argument), argument,
                       command_names(app));
  return "a command is missing: " + scenarios::one_of(command_names(app));
}

}  // namespace

std::string usage_error(const CLI::App& app, const std::vector<std::string>& arguments,
                        const CLI::ParseError& error) {
  const std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) || !chosen(app))
    return about_argument(app, arguments);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error))
    return fmt::format("{} needs a value", what.substr(0, what.find(':')));
  if (dynamic_cast<const CLI::RequiredError*>(&error))
    return fmt::format("{}: {} is missing", chosen(app)->get_name(),
                       what.substr(0, what.find(" is required")));
  return what;
}

}  // namespace spillway::cli
