// The format of scenario files, read off the types that decode them. Pure functions; any thread.
#pragma once

#include <string>

namespace spillway::scenarios {

/// JSON Schema (draft 2020-12) of a document of kind Scenario, for editors; ends with a line break.
/// It accepts what the decoder accepts; what values say together (a name that exists, p99 above the
/// median) is beyond it.
std::string json_schema();

/// The reference of all fields with type, default and meaning, in Markdown.
std::string scenario_reference();

}  // namespace spillway::scenarios
