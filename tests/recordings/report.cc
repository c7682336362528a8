#include "tests/recordings/report.h"

#include <ostream>

namespace spillway::recordings {

void Report::close_case() {
  if (!open_) return;
  ++cases_;
  if (agreed_) ++agreeing_;
  open_ = false;
}

void Report::begin_case(std::string_view name) {
  close_case();
  name_ = name;
  open_ = agreed_ = true;
  if (verbose_) out_ << name_ << '\n';
}

void Report::compare(std::string_view field, const nlohmann::json& recorded,
                     const nlohmann::json& simulated) {
  if (recorded == simulated) return;
  agreed_ = false;
  out_ << name_ << ": " << field << ": recorded " << recorded.dump() << ", simulated "
       << simulated.dump() << '\n';
}

void Report::disagree(std::string_view field, std::string_view what) {
  agreed_ = false;
  out_ << name_ << ": " << field << ": " << what << '\n';
}

void Report::note(std::string_view text) {
  if (verbose_) out_ << "  " << text << '\n';
}

bool Report::finish() {
  close_case();
  out_ << "agree " << agreeing_ << " of " << cases_ << '\n';
  return agreeing_ == cases_;
}

}  // namespace spillway::recordings
