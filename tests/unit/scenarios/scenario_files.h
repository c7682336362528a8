// A folder of files for one test, and loading from it with messages that do not hold its name.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/load.h"
#include "tests/unit/scenarios/scenario_testing.h"

namespace spillway::scenarios {

/// The smallest scenario, with what stands under the sections of `spec` to choose.
struct Sections {
  std::string services = "[{name: a}]";
  std::string traffic = "[{name: t, to: {service: a}, arrivals: {poisson: {rate: 1/s}}}]";
  std::string rest = {};   ///< further lines of spec, indented by two
  std::string whole = {};  ///< not empty: instead of all that

  /// services is line 5, traffic line 6, the rest starts at line 7.
  std::string text() const {
    if (!whole.empty()) return whole;
    return "apiVersion: spillway.dev/v1alpha1\nkind: Scenario\nmetadata: {name: x}\nspec:\n"
           "  services: " +
           services + "\n  traffic: " + traffic + "\n" + rest;
  }
};

class ScenarioFiles : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "." + info->name();
    for (char& c : name)
      if (c == '/') c = '.';
    folder_ = std::filesystem::path(testing::TempDir()) / ("spillway." + name);
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file, std::ios::binary) << text;
  }

  model::Loaded<model::Spec> load(const std::string& file = "s.yaml",
                                  const LoadOptions& options = {}) {
    return load_scenario(folder_ / file, options);
  }

  /// The diagnostics of load(), with paths relative to the folder.
  std::string complaints(const std::string& file = "s.yaml", const LoadOptions& options = {}) {
    return relative(messages(load(file, options).diagnostics()));
  }

  std::string relative(std::string text) const {
    const std::string prefix = folder_.string() + "/";
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }

  std::filesystem::path folder_;
};

}  // namespace spillway::scenarios
