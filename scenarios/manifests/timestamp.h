// Times of Kubernetes objects (RFC 3339). Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spillway::scenarios::manifests {

/// The same instant in whole seconds of UTC, as "2024-05-01T12:00:00Z", so that earlier times
/// compare less; absent where `text` is no time that exists.
std::optional<std::string> utc_timestamp(std::string_view text);

}  // namespace spillway::scenarios::manifests
