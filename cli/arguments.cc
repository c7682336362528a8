#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>
#include <limits>

#include "cli/check.h"
#include "cli/completion.h"
#include "cli/explain.h"
#include "cli/export.h"
#include "cli/profiles.h"
#include "cli/route.h"
#include "cli/run.h"
#include "cli/schema.h"
#include "cli/usage.h"

namespace spillway::cli {
namespace {

std::string got(const std::string& what, const std::string& text) {
  return fmt::format("expected {}, got \"{}\"", what, text);
}

CLI::Validator whole_number(std::uint64_t from, std::uint64_t to) {
  return {[from, to](std::string& text) -> std::string {
            std::uint64_t value = 0;
            const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool good = end.ec == std::errc() && end.ptr == text.data() + text.size();
            if (good && value >= from && value <= to) return {};
            return got(fmt::format("a whole number from {} to {}", from, to), text);
          },
          ""};
}

constexpr std::uint64_t k32Bits = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t k64Bits = std::numeric_limits<std::uint64_t>::max();

/// One of a few words; the words are the option's type in help and completions.
CLI::Option* choice(CLI::App* command, const std::string& name, std::string& value,
                    const std::string& meaning, const std::vector<std::string>& words) {
  std::string list, sentence;
  for (std::size_t i = 0; i < words.size(); ++i) {
    list += (i ? "|" : "") + words[i];
    sentence += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return command->add_option(name, value, meaning)
      ->type_name(list)
      ->check(CLI::Validator(
          [words, sentence](std::string& text) -> std::string {
            return std::find(words.begin(), words.end(), text) != words.end() ? std::string()
                                                                              : got(sentence, text);
          },
          ""));
}

template <class Parses>
CLI::Validator form(Parses parses, const std::string& what) {
  return {[parses, what](std::string& text) -> std::string {
            return parses(text) ? std::string() : got(what, text);
          },
          ""};
}

bool is_setting(const std::string& text) {
  const auto equals = text.find('=');
  return equals != 0 && equals != std::string::npos;
}

// NAME or NAME:PORT.
bool has_valid_port(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return true;
  const std::string digits = text.substr(colon + 1);
  int port = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return end.ec == std::errc() && end.ptr == digits.data() + digits.size() && port > 0 &&
         port <= 65535;
}

bool is_gateway(const std::string& text) {
  const auto slash = text.find('/');
  return slash != 0 && slash != std::string::npos && slash + 1 < text.size() &&
         text[slash + 1] != ':' && has_valid_port(text);
}

bool is_service(const std::string& text) {
  return !text.empty() && text.front() != ':' && text.front() != '.' &&
         text.find('/') == std::string::npos && has_valid_port(text);
}

struct Commands {
  RunOptions run;
  CheckOptions check;
  RouteOptions route;
  ExplainOptions explain;
  ExportOptions exported;
  SchemaOptions schema;
  ProfilesOptions profiles;
  std::string shell;
};

void add_replacements(CLI::App* command, Replacements& r) {
  command->add_option("--seed", r.seed, "Seed instead of the scenario's")
      ->type_name("N")
      ->check(whole_number(0, k64Bits));
  command->add_option("--replications", r.replications, "Replications instead of the scenario's")
      ->type_name("N")
      ->check(whole_number(1, k32Bits));
  command->add_option("--duration", r.duration, "Simulated time instead of the scenario's")
      ->type_name("DURATION");
  command->add_option("--profile", r.profile, "Profile instead of the scenario's")
      ->type_name("NAME");
  command
      ->add_option("--set", r.set,
                   "Replaces one value: Scenario:FIELDPATH=VALUE or "
                   "KIND/NAMESPACE/NAME:FIELDPATH=VALUE")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false)
      ->check(form(is_setting, "PATH=VALUE"));
}

void add_run(CLI::App& app, RunOptions& o) {
  CLI::App* c = app.add_subcommand("run", "Simulate scenarios and show what they come to");
  c->add_option("SCENARIO", o.scenarios, "Scenario files, folders of them, or patterns")
      ->type_name("FILE")
      ->required();
  c->add_option("--out", o.out, "Write the results into this new directory")
      ->type_name("DIR")
      ->check(form([](const std::string& text) { return !text.empty(); }, "a directory"));
  c->add_flag("--force", o.force, "Let --out replace an earlier result");
  choice(c, "--format", o.format, "What to print", {"table", "json"});
  add_replacements(c, o.replacements);
  c->add_option("--threads", o.threads, "Threads; all cores by default")
      ->type_name("N")
      ->check(whole_number(1, 4096));
  c->add_option("--junit", o.junit, "Write the objectives as JUnit XML")->type_name("FILE");
}

void add_check(CLI::App& app, CheckOptions& o) {
  CLI::App* c =
      app.add_subcommand("check", "Say what is wrong or surprising in manifests and scenarios");
  c->add_option("FILE", o.files, "Manifests and scenarios, folders of them, - for standard input")
      ->type_name("FILE")
      ->required();
  choice(c, "--format", o.format, "What to print", {"text", "json", "sarif", "markdown"});
  choice(c, "--channel", o.channel, "The channel of the installed CRDs",
         {"standard", "experimental"});
  c->add_option(
       "--profile", o.profile,
       "Profile instead of the scenario's; all: a table of what each makes of the policies")
      ->type_name("NAME|all");
  c->add_option("--upgrade", o.upgrade, "What an upgrade of the profile between versions changes")
      ->type_name("FROM..TO");
}

void add_route(CLI::App& app, RouteOptions& o) {
  CLI::App* c = app.add_subcommand("route", "Say which route and backends answer one request");
  c->add_option("-f,--file", o.files,
                "Manifests or scenarios, folders of them, - for standard input")
      ->type_name("FILE")
      ->required();
  c->add_option("--method", o.method, "Method of the request")->type_name("METHOD");
  c->add_option("--url", o.url, "http://HOST/PATH, or https")
      ->type_name("URL")
      ->required()
      ->check(form(parse_url, "http://HOST/PATH or https://HOST/PATH"));
  c->add_option("-H,--header", o.headers, "A header of the request")
      ->type_name("'NAME: VALUE'")
      ->allow_extra_args(false)
      ->check(form(parse_header, "\"NAME: VALUE\""));
  CLI::Option* gateway =
      c->add_option("--gateway", o.gateway, "The request enters through this Gateway")
          ->type_name("NAMESPACE/NAME[:PORT]")
          ->check(form(is_gateway, "NAMESPACE/NAME or NAMESPACE/NAME:PORT"));
  CLI::Option* service =
      c->add_option("--service", o.service, "The request goes to this Service, inside the mesh")
          ->type_name("NAME.NAMESPACE[:PORT]")
          ->check(form(is_service, "NAME.NAMESPACE or NAME.NAMESPACE:PORT"))
          ->excludes(gateway);
  c->add_option("--from-namespace", o.from_namespace,
                "Namespace of the client; that of the Service by default")
      ->type_name("NAMESPACE")
      ->needs(service);
  choice(c, "--channel", o.channel, "The channel of the installed CRDs",
         {"standard", "experimental"});
  // A flag that is bound to an optional would set it to false where it does not stand.
  c->add_flag_function(
      "--assume-services,!--no-assume-services",
      [&o](std::int64_t count) { o.assume_services = count > 0; },
      "Take references to Services that no file holds as valid; by default when no file "
      "holds any Service");
  choice(c, "--format", o.format, "What to print", {"text", "json"});
}

void add_explain(CLI::App& app, ExplainOptions& o) {
  CLI::App* c = app.add_subcommand("explain", "Tell the life of single requests");
  c->add_option("SCENARIO", o.scenario, "Scenario file")->type_name("FILE")->required();
  c->add_option("--request", o.request,
                "Number in order of arrival from 0, or all; by default the first that failed")
      ->type_name("N|all")
      ->check(form(
          [](std::string text) { return text == "all" || whole_number(0, k64Bits)(text).empty(); },
          "a request's number or \"all\""));
  c->add_option("--replication", o.replication, "Which replication, from 0")
      ->type_name("N")
      ->check(whole_number(0, k32Bits));
  choice(c, "--format", o.format, "What to print", {"text", "json", "perfetto"});
  add_replacements(c, o.replacements);
}

void add_export(CLI::App& app, ExportOptions& o) {
  CLI::App* c = app.add_subcommand(
      "export", "Write the simulated proxies' own configuration, a file a kind of proxy");
  choice(c, "KIND", o.kind, "The kind of proxy: files that envoy -c reads", {"envoy"})->required();
  c->add_option("SCENARIO", o.scenario, "Scenario file")->type_name("FILE")->required();
  c->add_option("--out", o.out,
                "Write DIR/PROXY.json into this new directory; else print the only file, or a "
                "JSON object of all by proxy")
      ->type_name("DIR")
      ->check(form([](const std::string& text) { return !text.empty(); }, "a directory"));
  add_replacements(c, o.replacements);
}

void add_others(CLI::App& app, Commands& o) {
  CLI::App* schema = app.add_subcommand("schema", "Print the JSON Schema of scenario files");
  schema->add_flag("--reference", o.schema.reference, "Print the reference as Markdown instead");
  CLI::App* profiles = app.add_subcommand("profiles", "List the profiles, or the options of one");
  profiles->add_option("NAME", o.profiles.name, "A profile")->type_name("NAME");
  choice(profiles, "--format", o.profiles.format, "What to print", {"text", "json"});
  CLI::App* completion = app.add_subcommand("completion", "Print the completion script of a shell");
  choice(completion, "SHELL", o.shell, "The shell", {"bash", "zsh", "fish"})->required();
}

ExitCode carry_out(const CLI::App& app, const Commands& o, Session& session) {
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "run") return run(o.run, session);
  if (name == "check") return check(o.check, session);
  if (name == "route") return route(o.route, session);
  if (name == "explain") return explain(o.explain, session);
  if (name == "export") return export_envoy(o.exported, session);
  if (name == "schema") return schema(o.schema, session);
  if (name == "profiles") return profiles(o.profiles, session);
  std::cout << completion_script(app, o.shell);
  return kDone;
}

}  // namespace

ExitCode run_command(int argc, const char* const* argv, Session& session) {
  CLI::App app("Timeouts, retries and retry budgets of Gateway API manifests, simulated",
               "spillway");
  app.set_version_flag("--version", fmt::format("spillway {}", kVersion), "Print the version");
  app.add_flag("-q,--quiet", session.quiet, "Nothing but errors on standard error");
  app.add_flag("-v,--verbose", session.verbose, "Every scope, and reasons");
  app.require_subcommand(1);
  app.fallthrough();
  Commands options;
  add_run(app, options.run);
  add_check(app, options.check);
  add_route(app, options.route);
  add_explain(app, options.explain);
  add_export(app, options.exported);
  add_others(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    app.exit(done);
    return kDone;
  } catch (const CLI::ParseError& error) {
    report_error(session, usage_error(app, {argv + 1, argv + argc}, error));
    const auto parsed = app.get_subcommands();
    std::cerr << fmt::format("Usage: spillway {}--help\n",
                             parsed.empty() ? "" : parsed.front()->get_name() + " ");
    return kUsage;
  }
  return carry_out(app, options, session);
}

}  // namespace spillway::cli
