#include "tests/validation/manifest_case.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scenarios/load.h"

namespace spillway::validation {

namespace fs = std::filesystem;

std::string scripted(const std::string& name, const std::string& script) {
  return fmt::format(
      "{{name: {}, namespace: infra, ports: [8080], operations: [{{script: [{}]}}]}}", name,
      script);
}

model::Spec load(const ManifestCase& c) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  std::string name =
      fmt::format("spillway.{}.{}.{}", info->test_suite_name(), info->name(), getpid());
  for (char& character : name)
    if (character == '/') character = '.';
  const fs::path folder = fs::path(testing::TempDir()) / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  const fs::path manifests = SPILLWAY_SOURCE_DIR "/tests/validation/manifests";
  for (const std::string& file : {std::string("gateway.yaml"), c.manifest})
    fs::copy_file(manifests / file, folder / file);
  std::ofstream(folder / "scenario.yaml") << fmt::format(
      R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
metadata: {{name: conformance}}
spec:
  manifests: [gateway.yaml, {}]
  services: [{}]
  traffic:
    - name: users
      to: {{gateway: same-namespace.infra, host: example.com}}
      request: {{method: GET, path: {}}}
      arrivals: {}
  run: {{duration: {}, replications: 1, seed: 20260101}}
)",
      c.manifest, c.services, c.path, c.arrivals, c.duration);
  model::Loaded<model::Spec> spec = scenarios::load_scenario(folder / "scenario.yaml");
  fs::remove_all(folder);
  if (!spec) throw std::runtime_error(model::build::to_text(spec.diagnostics()));
  return *std::move(spec);
}

}  // namespace spillway::validation
