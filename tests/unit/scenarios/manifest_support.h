// Reads manifests from text for the tests of scenarios/manifests.
#pragma once

#include <string>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"

namespace spillway::scenarios::manifests {

struct ReadManifests {
  model::Resources resources;
  model::Diagnostics diagnostics;
};

inline ReadManifests read_manifests(const std::string& text,
                                    model::Channel channel = model::Channel::experimental) {
  ReadManifests result;
  auto documents = read_documents(text, "m.yaml");
  result.diagnostics = documents.diagnostics();
  if (documents)
    for (const Node& document : *documents)
      decode_manifest(document, channel, result.resources, result.diagnostics);
  model::sort_by_place(result.diagnostics);
  return result;
}

/// The diagnostics as a user sees them.
inline std::vector<std::string> messages(const model::Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  for (const auto& d : diagnostics) texts.push_back(model::to_text(d));
  return texts;
}

inline std::vector<std::string> messages(const std::string& text,
                                         model::Channel channel = model::Channel::experimental) {
  return messages(read_manifests(text, channel).diagnostics);
}

/// The rules of the errors in the order of their places.
inline std::vector<std::string> rules(const std::string& text,
                                      model::Channel channel = model::Channel::experimental) {
  std::vector<std::string> names;
  for (const auto& d : read_manifests(text, channel).diagnostics) names.push_back(d.rule);
  return names;
}

}  // namespace spillway::scenarios::manifests
