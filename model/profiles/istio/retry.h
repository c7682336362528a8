// Istio's retry policies as Envoy's (pilot/pkg/networking/core/route/retry/retry.go). Pure
// functions; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "model/envoy/route_config.h"
#include "model/resources/istio.h"

namespace spillway::model::istio {

/// Whether Go's net/http has a text for the code: only those become retriable status codes.
bool has_status_text(int code);

/// `retries` null: two retries on Istio's default conditions. Absent: attempts of 0, no retries.
/// `one_hashed_destination`: a retry may go to the same host again.
std::optional<envoy::RetryPolicy> retry_policy(const HttpRetry* retries,
                                               bool one_hashed_destination);

/// Of a server's own sidecar: two retries of requests that were never sent, none for gRPC, unless
/// MeshConfig says otherwise.
std::optional<envoy::RetryPolicy> inbound_retry_policy(const MeshConfig& mesh, bool grpc);

}  // namespace spillway::model::istio
