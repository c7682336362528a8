// Checks a manifest against its schema and brings it into the form in which the API server stores
// it. Any thread.
#pragma once

#include "scenarios/manifests/schema.h"

namespace spillway::scenarios::manifests {

/// Reports everything that is wrong with `manifest` (the whole object), as strict decoding, the
/// structural schema and the CEL rules would; `channel` says which fields exist. Afterwards nulls
/// are gone, defaults filled in (at the place of the object that lacks them), numbers in plain
/// decimal and booleans `true` or `false`. CEL rules of a value are evaluated when its structure is
/// sound. Returns whether there was no error.
bool validate(const Schema& schema, model::Channel channel, Node& manifest,
              model::Diagnostics& diagnostics);

}  // namespace spillway::scenarios::manifests
