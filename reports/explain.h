// The life of single requests: as text for people, as JSON, and as a Chrome trace for Perfetto.
// Writers of streams; any thread, one a stream.
#pragma once

#include <iosfwd>
#include <span>

#include "model/run/trace.h"

namespace spillway::reports {

/// A tree a request; times are milliseconds since its arrival.
void write_explain_text(std::ostream& out, std::span<const model::RequestTrace> requests);

/// {"requests": [...]}; times are milliseconds of simulated time, with all nanoseconds.
void write_explain_json(std::ostream& out, std::span<const model::RequestTrace> requests);

/// Trace Event Format, "X" events: a process a request, a track for what runs side by side.
void write_explain_perfetto(std::ostream& out, std::span<const model::RequestTrace> requests);

}  // namespace spillway::reports
