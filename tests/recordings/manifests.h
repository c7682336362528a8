// The manifests of a recorded case as they were applied for the recording. Shared by the kinds that
// hold translators to real control planes.
#pragma once

#include <string>

#include "model/resources/resources.h"
#include "model/spec/diagnostic.h"

namespace spillway::recordings {

struct RecordedManifests {
  model::Resources resources;
  model::Diagnostics diagnostics;

  /// What the API server refuses, one a line; empty: nothing.
  std::string errors() const;
};

/// Objects without a creationTimestamp were created in the order of the documents, one second
/// apart, from 2026-03-01 on.
RecordedManifests read_manifests(const std::string& text);

}  // namespace spillway::recordings
