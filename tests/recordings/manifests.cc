#include "tests/recordings/manifests.h"

#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"

namespace spillway::recordings {

CaseManifests read_manifests(const std::string& text) {
  CaseManifests read;
  const auto documents = scenarios::read_documents(text, "case.yaml");
  model::Diagnostics diagnostics = documents.diagnostics();
  if (documents)
    for (const scenarios::Node& document : *documents)
      scenarios::decode_manifest(document, model::Channel::experimental, read.resources,
                                 diagnostics);
  for (const model::Diagnostic& d : diagnostics)
    if (d.severity == model::Severity::error)
      read.errors += d.place.text() + ": " + d.message + "\n";
  return read;
}

}  // namespace spillway::recordings
