#include "scenarios/load.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "scenarios/check.h"
#include "scenarios/document.h"
#include "scenarios/glob.h"
#include "scenarios/manifests/manifests.h"
#include "scenarios/mistake.h"
#include "scenarios/override.h"
#include "scenarios/suggest.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

namespace fs = std::filesystem;
using model::Diagnostics;
using model::Place;

enum class DocumentKind { scenario, experiment, manifest };

std::string text_of(const Node& document, std::string_view key) {
  const Node* value = document.find(key);
  return value != nullptr && value->kind == Node::Kind::scalar ? value->scalar : std::string();
}

DocumentKind kind_of(const Node& document) {
  const std::string kind = text_of(document, "kind");
  const std::string version = text_of(document, "apiVersion");
  const bool ours = version.starts_with("spillway") || version.empty();
  if (kind == "Experiment" && ours) return DocumentKind::experiment;
  if (kind == "Scenario" || version.starts_with("spillway.dev/")) return DocumentKind::scenario;
  return DocumentKind::manifest;
}

/// Files that were read, each of them once, under whatever name.
class Files {
 public:
  explicit Files(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  static std::string identity(const fs::path& file) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(file, error);
    return error ? file.string() : canonical.string();
  }

  /// False if it was read before.
  bool is_new(const fs::path& file) { return seen_.insert(identity(file)).second; }

  std::vector<Node> read(const fs::path& file) {
    auto documents = read_file(file);
    std::ranges::move(documents.diagnostics(), std::back_inserter(diagnostics_));
    return documents ? *std::move(documents) : std::vector<Node>();
  }

 private:
  Diagnostics& diagnostics_;
  std::set<std::string> seen_;
};

/// The documents that an override can name: those of a List stand for themselves.
void add_targets(std::vector<Node>& documents, std::vector<Node*>& targets) {
  for (Node& document : documents) {
    Node* items = text_of(document, "kind") == "List" ? document.find("items") : nullptr;
    if (items != nullptr)
      add_targets(items->items, targets);
    else
      targets.push_back(&document);
  }
}

void refuse_in_manifests(const Node& document, DocumentKind kind, Diagnostics& diagnostics) {
  const std::string what = kind == DocumentKind::scenario ? "a Scenario" : "an Experiment";
  diagnostics.push_back(mistake(document.place, "wrong-kind", "not a manifest", what,
                                "a Kubernetes object",
                                "`manifests` lists what is applied to the cluster"));
}

/// The files that one entry of `manifests` stands for.
std::vector<fs::path> files_of(const ManifestPattern& entry, const fs::path& folder,
                               Diagnostics& diagnostics) {
  const fs::path path = (folder / entry.pattern).lexically_normal();
  std::error_code error;
  std::vector<fs::path> found;
  if (is_pattern(entry.pattern))
    found = expand(path);
  else if (fs::is_directory(path, error))
    found = manifest_files(path);
  else if (fs::exists(path, error))
    found = {path};
  if (!found.empty()) return found;
  const bool empty_folder = fs::is_directory(path, error);
  diagnostics.push_back(mistake(entry.place, "file",
                                is_pattern(entry.pattern) ? "no file matches"
                                : empty_folder            ? "no manifest in the folder"
                                                          : "there is no such file",
                                in_quotes(entry.pattern),
                                empty_folder ? "a .yaml, .yml or .json file in it" : "",
                                "looked for " + path.string()));
  return found;
}

/// The scenario of a file; complains if there is not exactly one.
Node* find_scenario(const fs::path& file, std::vector<Node>& documents, Diagnostics& diagnostics) {
  Node* found = nullptr;
  const Node* experiment = nullptr;
  for (Node& document : documents) {
    const DocumentKind kind = kind_of(document);
    if (kind == DocumentKind::experiment) experiment = &document;
    if (kind != DocumentKind::scenario) continue;
    if (found != nullptr)
      diagnostics.push_back(mistake(
          document.place, "wrong-kind",
          "a second Scenario in one file, the first is at " + found->place.text(), {}, "one"));
    else
      found = &document;
  }
  if (found != nullptr) return found;
  const Place place = experiment != nullptr
                          ? experiment->place
                          : Place{std::make_shared<const std::string>(file.string()), 0, 0};
  if (experiment != nullptr)
    diagnostics.push_back(mistake(place, "wrong-kind", "not a Scenario", "an Experiment",
                                  "kind: Scenario", "`spillway batch` runs experiments"));
  else
    diagnostics.push_back(mistake(place, "wrong-kind", "the file holds no Scenario",
                                  documents.empty() ? "nothing" : "other documents",
                                  "apiVersion: spillway.dev/v1alpha1 and kind: Scenario"));
  return nullptr;
}

/// Reads one scenario with its manifests; everything that is wrong goes to the diagnostics.
class ScenarioLoader {
 public:
  ScenarioLoader(const fs::path& file, const LoadOptions& options)
      : file_(file), options_(options), files_(diagnostics_) {}

  /// `documents` are those of the file.
  std::optional<model::Spec> load(std::vector<Node> documents) {
    files_.is_new(file_);
    Node* node = find_scenario(file_, documents, diagnostics_);
    if (node == nullptr) return std::nullopt;
    apply_overrides({node}, true);
    ScenarioFile read;
    Decoding decoding{diagnostics_, file_.parent_path()};
    const bool good = scenario_file().decode(*node, {}, read, decoding);
    std::erase_if(documents, [](const Node& d) { return kind_of(d) == DocumentKind::scenario; });
    read_manifests(read.manifests, documents);
    model::Spec spec{std::move(read.scenario), {}};
    decode_manifests(documents, spec);
    if (good) check_scenario(spec.scenario, diagnostics_);
    if (good && !has_errors(diagnostics_))
      check_references(spec.scenario, spec.resources, diagnostics_);
    return spec;
  }

  Diagnostics& diagnostics() { return diagnostics_; }
  /// Every file that belongs to the scenario.
  const std::vector<fs::path>& manifest_files() const { return manifest_files_; }

 private:
  void apply_overrides(const std::vector<Node*>& targets, bool scenario) {
    for (const Override& change : options_.overrides)
      if (is_for_scenario(change) == scenario) apply(change, targets, diagnostics_);
  }

  void read_manifests(const std::vector<ManifestPattern>& patterns, std::vector<Node>& documents) {
    for (const ManifestPattern& pattern : patterns)
      for (const fs::path& file : files_of(pattern, file_.parent_path(), diagnostics_)) {
        if (!files_.is_new(file)) continue;
        manifest_files_.push_back(file);
        std::ranges::move(files_.read(file), std::back_inserter(documents));
      }
  }

  void decode_manifests(std::vector<Node>& documents, model::Spec& spec) {
    std::vector<Node*> targets;
    add_targets(documents, targets);
    apply_overrides(targets, false);
    const model::Channel channel = options_.channel.value_or(spec.scenario.mesh.channel);
    spec.scenario.mesh.channel = channel;
    for (const Node& document : documents) {
      const DocumentKind kind = kind_of(document);
      if (kind == DocumentKind::manifest)
        decode_manifest(document, channel, spec.resources, diagnostics_);
      else
        refuse_in_manifests(document, kind, diagnostics_);
    }
    std::ranges::move(duplicate_manifests(spec.resources), std::back_inserter(diagnostics_));
  }

  const fs::path& file_;
  const LoadOptions& options_;
  Diagnostics diagnostics_;
  Files files_;
  std::vector<fs::path> manifest_files_;
};

}  // namespace

model::Loaded<model::Spec> load_scenario(const fs::path& file, const LoadOptions& options) {
  auto documents = read_file(file);
  if (!documents) return documents.diagnostics();
  ScenarioLoader loader(file, options);
  loader.diagnostics() = documents.diagnostics();
  auto spec = loader.load(*std::move(documents));
  sort_by_place(loader.diagnostics());
  if (!spec || has_errors(loader.diagnostics())) return std::move(loader.diagnostics());
  return {*std::move(spec), std::move(loader.diagnostics())};
}

namespace {

/// Reads files of any kind; scenarios with what belongs to them.
class FilesLoader {
 public:
  explicit FilesLoader(const LoadOptions& options) : options_(options), files_(diagnostics_) {}

  void read(const fs::path& file) {
    if (file != "-" && !files_.is_new(file)) return;
    std::vector<Node> documents = files_.read(file);
    const auto is_scenario = [](const Node& d) { return kind_of(d) == DocumentKind::scenario; };
    if (!std::ranges::any_of(documents, is_scenario)) {
      plain_.push_back({file, std::move(documents)});
      return;
    }
    ScenarioLoader loader(file, options_);
    auto spec = loader.load(std::move(documents));
    std::ranges::move(loader.diagnostics(), std::back_inserter(diagnostics_));
    for (const fs::path& manifest : loader.manifest_files())
      of_scenarios_.insert(Files::identity(manifest));
    if (spec) loaded_.scenarios.push_back(*std::move(spec));
  }

  model::Loaded<LoadedFiles> finish() {
    std::vector<Node> documents;
    for (auto& [file, nodes] : plain_)
      if (!of_scenarios_.contains(Files::identity(file)))
        std::ranges::move(nodes, std::back_inserter(documents));
    apply_overrides(documents);
    const model::Channel channel = options_.channel.value_or(model::Channel::experimental);
    for (const Node& document : documents)
      if (kind_of(document) == DocumentKind::manifest)
        decode_manifest(document, channel, loaded_.resources, diagnostics_);
      else
        diagnostics_.push_back({model::Severity::note,
                                document.place,
                                "an Experiment is checked when `spillway batch` runs it",
                                "experiment",
                                {}});
    std::ranges::move(duplicate_manifests(loaded_.resources), std::back_inserter(diagnostics_));
    sort_by_place(diagnostics_);
    if (has_errors(diagnostics_)) return std::move(diagnostics_);
    return {std::move(loaded_), std::move(diagnostics_)};
  }

  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void apply_overrides(std::vector<Node>& documents) {
    if (!loaded_.scenarios.empty()) return;  // they have taken them
    std::vector<Node*> targets;
    add_targets(documents, targets);
    for (const Override& change : options_.overrides) apply(change, targets, diagnostics_);
  }

  const LoadOptions& options_;
  Diagnostics diagnostics_;
  Files files_;
  LoadedFiles loaded_;
  std::vector<std::pair<fs::path, std::vector<Node>>> plain_;
  std::set<std::string> of_scenarios_;
};

}  // namespace

model::Loaded<LoadedFiles> load_files(const std::vector<fs::path>& files,
                                      const LoadOptions& options) {
  FilesLoader loader(options);
  for (const fs::path& file : files) {
    std::error_code error;
    if (!fs::is_directory(file, error)) {
      loader.read(file);
      continue;
    }
    const auto found = manifest_files(file, true);
    for (const fs::path& entry : found) loader.read(entry);
    if (found.empty())
      loader.diagnostics().push_back(
          mistake({std::make_shared<const std::string>(file.string()), 0, 0}, "file",
                  "no manifest in the folder", {}, "a .yaml, .yml or .json file in it"));
  }
  return loader.finish();
}

}  // namespace spillway::scenarios
