#include "tests/recordings/manifests.h"

#include <fmt/format.h>

#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"

namespace spillway::recordings {
namespace {

/// Gives the objects that were read since `from` items a time where they have none.
template <class T>
void set_time(std::vector<T>& objects, std::size_t from, const std::string& time) {
  for (std::size_t i = from; i < objects.size(); ++i)
    if (objects[i].meta.creation_timestamp.empty()) objects[i].meta.creation_timestamp = time;
}

}  // namespace

std::string RecordedManifests::errors() const {
  std::string text;
  for (const model::Diagnostic& d : diagnostics)
    if (d.severity == model::Severity::error) text += d.place.text() + ": " + d.message + "\n";
  return text;
}

RecordedManifests read_manifests(const std::string& text) {
  RecordedManifests read;
  model::Resources& r = read.resources;
  auto documents = scenarios::read_documents(text, "manifests.yaml");
  read.diagnostics = documents.diagnostics();
  if (!documents) return read;
  int second = 0;
  for (const scenarios::Node& document : *documents) {
    const std::size_t before[] = {r.http_routes.size(), r.backend_traffic_policies.size(),
                                  r.virtual_services.size(), r.destination_rules.size()};
    scenarios::decode_manifest(document, model::Channel::experimental, r, read.diagnostics);
    const std::string time = fmt::format("2026-03-01T00:{:02}:{:02}Z", second / 60, second % 60);
    ++second;
    set_time(r.http_routes, before[0], time);
    set_time(r.backend_traffic_policies, before[1], time);
    set_time(r.virtual_services, before[2], time);
    set_time(r.destination_rules, before[3], time);
  }
  return read;
}

}  // namespace spillway::recordings
