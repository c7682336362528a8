// Manifests of a recorded case, read as the product reads them.
#pragma once

#include <string>

#include "model/resources/resources.h"

namespace spillway::recordings {

struct CaseManifests {
  model::Resources resources;
  std::string errors;  ///< one a line; empty where the API server takes all of them
};

/// The documents of `text`, checked against the CRDs of the experimental channel.
CaseManifests read_manifests(const std::string& text);

}  // namespace spillway::recordings
