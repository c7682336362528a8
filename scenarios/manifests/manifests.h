// Kubernetes manifests -> model::Resources, checked as the API server of a cluster with the CRDs of
// one channel checks them. Any thread.
#pragma once

#include "model/resources/resources.h"
#include "scenarios/node.h"

namespace spillway::scenarios {

/// Reads one document; `kind: List` stands for its items. An object without errors is appended to
/// `out` with its defaults filled in, one with errors is left out. Kinds that are not read are kept
/// in `out.unknown`, with a note where they say nothing about requests (Deployment, ConfigMap) and
/// a warning where they may. A kind under a group or version that does not have it is an error.
void decode_manifest(const Node& document, model::Channel channel, model::Resources& out,
                     model::Diagnostics& diagnostics);

/// Reads Istio's MeshConfig (what the key `mesh` of the ConfigMap istio-system/istio holds) as an
/// overlay on Istio's defaults.
void decode_mesh_config(const Node& config, model::Resources& out, model::Diagnostics& diagnostics);

/// An error for every object that was defined before under the same kind, namespace and name; a
/// cluster would keep the later one alone.
model::Diagnostics duplicate_manifests(const model::Resources& resources);

}  // namespace spillway::scenarios
