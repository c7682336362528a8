// The types of a scenario file by subject; each is described where it is defined. Built on first
// use; any thread.
#pragma once

#include "model/spec/scenario.h"
#include "scenarios/type.h"

namespace spillway::scenarios {

const Type<sim::Distribution>& distribution();
/// The law that a CSV file of quantiles, counts or samples describes.
const Type<sim::Distribution>& distribution_file();

const Type<model::Budget>& budget();
const Type<model::ClientPolicy>& client_policy();

const Type<model::Service>& service();
const Type<std::vector<model::WeightedRequest>>& weighted_requests();
const Type<model::Request>& request();
const Type<model::Arrivals>& arrivals();
const Type<model::Arrivals>& trace();
const Type<model::Traffic>& traffic();
const Type<model::Fault>& fault();
const Type<model::MeshSpec>& mesh();
const Type<model::RunSpec>& run();
const Type<model::Objective>& objective();

/// A pattern of `spec.manifests`.
struct ManifestPattern {
  std::string pattern;
  model::Place place;
};

/// A whole document of kind Scenario.
struct ScenarioFile {
  model::Scenario scenario;
  std::vector<ManifestPattern> manifests;
};
const Type<ScenarioFile>& scenario_file();

}  // namespace spillway::scenarios
