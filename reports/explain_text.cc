#include <fmt/format.h>

#include <cmath>
#include <ostream>

#include "reports/explain.h"
#include "reports/number.h"
#include "reports/text.h"

namespace spillway::reports {
namespace {

using model::AttemptTrace;
using model::CallTrace;
using model::RequestTrace;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

// To the microsecond.
std::string ms(sim::Duration d) {
  return exact(static_cast<double>(std::llround(static_cast<double>(d.ns) / 1e3)) / 1e3);
}

std::string status_text(int status, const std::vector<std::string>& flags) {
  std::string text = status > 0 ? std::to_string(status) : "no answer";
  if (!flags.empty()) text += fmt::format(" [{}]", join(flags));
  return text;
}

class Tree {
 public:
  Tree(std::ostream& out, sim::Time arrival) : out_(out), arrival_(arrival) {}

  void call(const CallTrace& c, int depth) {
    std::string head = fmt::format("call {}", c.to);
    if (!c.route.empty()) head += fmt::format(", route {} rule {}", c.route, c.rule);
    if (!c.proxy.empty()) head += fmt::format(", by {}", c.proxy);
    line(c.start, depth, head);
    for (const AttemptTrace& a : c.attempts) attempt(a, depth + 1);
    line(c.end, depth, ending(c));
  }

 private:
  void attempt(const AttemptTrace& a, int depth) {
    std::string head = fmt::format("attempt {}", a.attempt);
    if (a.backoff.ns > 0) head += fmt::format(" after {} ms of backoff", ms(a.backoff));
    if (!a.backend.empty()) head += fmt::format(" -> {}", a.backend);
    if (a.replica >= 0) head += fmt::format(", replica {}", a.replica);
    line(a.start, depth, head);
    for (const std::string& note : a.notes) line(std::nullopt, depth + 1, note);
    for (const CallTrace& c : a.leg) call(c, depth + 1);
    for (const CallTrace& c : a.calls) call(c, depth + 1);
    const std::string outcome = a.outcome == "status" ? fmt::format("status {}", a.status)
                                : a.status > 0 ? fmt::format("{}, status {}", a.outcome, a.status)
                                               : a.outcome;
    line(a.end, depth,
         fmt::format("attempt {}: {} after {} ms", a.attempt, outcome, ms(a.end - a.start)));
  }

  static std::string ending(const CallTrace& c) {
    if (!c.finished) return fmt::format("call {}: still open when the run ended", c.to);
    std::string text = fmt::format("call {}: {}", c.to, status_text(c.status, c.flags));
    if (c.retry_stopped.empty() || c.retry_stopped == "none") return text;
    text += fmt::format(", no further try: {}", c.retry_stopped);
    return c.reason.empty() ? text : text + fmt::format(" ({})", c.reason);
  }

  void line(std::optional<sim::Time> at, int depth, const std::string& text) {
    const std::string time =
        at ? fmt::format("{:+.3f}", (*at - arrival_).milliseconds()) : std::string();
    out_ << pad_left(time, 12) << "  " << std::string(static_cast<std::size_t>(depth) * 2, ' ')
         << text << '\n';
  }

  std::ostream& out_;
  sim::Time arrival_;
};

}  // namespace

void write_explain_text(std::ostream& out, std::span<const RequestTrace> requests) {
  bool first = true;
  for (const RequestTrace& r : requests) {
    if (!first) out << '\n';
    first = false;
    out << fmt::format("request {} of {}, arrived at {} ms: {} after {} ms\n", r.request, r.traffic,
                       ms({r.arrival.ns}), status_text(r.status, r.flags), ms(r.latency));
    Tree(out, r.arrival).call(r.call, 0);
  }
}

}  // namespace spillway::reports
