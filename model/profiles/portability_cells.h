// The words of the portability table: what a reading of a rule is for one field. Internal to
// portability(). Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/profiles/reading.h"

namespace spillway::model {

inline constexpr const char* kIgnored = "ignored";

std::string retried(bool yes);
std::string acts_text(bool yes);

/// timeouts.request, given or not.
std::string overall_cell(const RuleReading& r);
std::string absent_timeout_cell(const RuleReading& r);
/// A limit of one try.
std::string backend_request_cell(const RuleReading& r, sim::Duration given);

/// Fields of a retry stanza.
std::string attempts_cell(const RuleReading& r);
std::string codes_cell(const RuleReading& r, const std::vector<int>& codes);
std::string wait_cell(const RuleReading& r);
/// What is retried, in a rule that does not say it.
std::string unasked_cell(const RuleReading& r);

std::string_view filter_name(const HttpRouteFilter& filter);
std::string filter_cell(const HttpRouteFilter& filter, const RuleReading& r);

}  // namespace spillway::model
