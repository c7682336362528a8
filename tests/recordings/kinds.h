// The kinds of recordings: one function each, in a file of its own.
#pragma once

#include "tests/recordings/report.h"

namespace spillway::recordings {

/// Scripted requests through a real Envoy.
void check_envoy(const std::vector<nlohmann::json>& cases, Report& report);
/// Whole systems behind a real Envoy.
void check_systems(const std::vector<nlohmann::json>& cases, Report& report);
/// Runs of the real linkerd2-proxy in virtual time.
void check_linkerd(const std::vector<nlohmann::json>& cases, Report& report);
/// What Istio's control plane makes of manifests.
void check_istio(const std::vector<nlohmann::json>& cases, Report& report);
/// What Cilium's operator makes of manifests.
void check_cilium(const std::vector<nlohmann::json>& cases, Report& report);
/// What kgateway makes of manifests.
void check_kgateway(const std::vector<nlohmann::json>& cases, Report& report);

}  // namespace spillway::recordings
