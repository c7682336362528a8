// The portability table for people and for tools. Writers of streams.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>

#include "model/profiles/portability.h"

namespace spillway::reports {

struct PortabilityOptions {
  bool color = false;
  std::size_t width = 150;  ///< of a line; at least 120
};

/// For each scenario an aligned table for each object, cells wrapped at words, then what was
/// assumed.
void write_portability_text(std::ostream& out, std::span<const model::Portability> tables,
                            const PortabilityOptions& options = {});
/// {"scenario", "profiles": [{name, version}], "rows": [{object, aspect, file, line, column, cells:
/// {profile: text}}], "assumptions": [{name, value, why}]}; of several tables an array.
void write_portability_json(std::ostream& out, std::span<const model::Portability> tables);
/// A table for each object.
void write_portability_markdown(std::ostream& out, std::span<const model::Portability> tables);

}  // namespace spillway::reports
