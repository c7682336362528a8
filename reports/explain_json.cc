#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/explain.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;
using model::AttemptTrace;
using model::CallTrace;
using model::RequestTrace;

// Thousandths of a microsecond are nanoseconds: the double nearest to the decimal number.
double ms(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }
double us(std::int64_t ns) { return static_cast<double>(ns) / 1e3; }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json index_or_null(int index) { return index < 0 ? Json(nullptr) : Json(index); }

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json call_json(const CallTrace& call);

Json attempt_json(const AttemptTrace& a) {
  Json json{{"attempt", a.attempt},
            {"start_ms", ms(a.start.ns)},
            {"end_ms", ms(a.end.ns)},
            {"backend", text_or_null(a.backend)},
            {"replica", index_or_null(a.replica)},
            {"outcome", a.outcome},
            {"status", a.status},
            {"backoff_ms", ms(a.backoff.ns)},
            {"notes", a.notes}};
  if (!a.leg.empty()) json["leg"] = call_json(a.leg.front());
  Json& calls = json["calls"] = Json::array();
  for (const CallTrace& call : a.calls) calls.push_back(call_json(call));
  return json;
}

Json call_json(const CallTrace& c) {
  Json json{{"to", c.to},
            {"route", text_or_null(c.route)},
            {"rule", index_or_null(c.rule)},
            {"proxy", text_or_null(c.proxy)},
            {"start_ms", ms(c.start.ns)},
            {"end_ms", ms(c.end.ns)},
            {"status", c.status},
            {"flags", c.flags},
            {"retry_stopped", c.retry_stopped},
            {"reason", c.reason},
            {"finished", c.finished}};
  Json& attempts = json["attempts"] = Json::array();
  for (const AttemptTrace& attempt : c.attempts) attempts.push_back(attempt_json(attempt));
  return json;
}

Json request_json(const RequestTrace& r) {
  return {
      {"request", r.request},           {"traffic", r.traffic}, {"arrival_ms", ms(r.arrival.ns)},
      {"latency_ms", ms(r.latency.ns)}, {"status", r.status},   {"flags", r.flags},
      {"call", call_json(r.call)}};
}

// Slices of one track must nest: what would overlap gets a track of its own.
class Perfetto {
 public:
  explicit Perfetto(std::ostream& out) : out_(out) { out_ << "{\"traceEvents\":["; }
  ~Perfetto() { out_ << "\n],\"displayTimeUnit\":\"ms\"}\n"; }

  void request(const RequestTrace& r) {
    process_ = r.request;
    tracks_.assign(1, r.call.start.ns);
    event({{"ph", "M"},
           {"name", "process_name"},
           {"pid", process_},
           {"args", {{"name", "request " + std::to_string(r.request) + " of " + r.traffic}}}});
    call(r.call, 0);
  }

 private:
  void call(const CallTrace& c, std::size_t track) {
    slice("call " + c.to, "call", track, c.start, c.end,
          {{"status", c.status},
           {"flags", c.flags},
           {"route", text_or_null(c.route)},
           {"rule", index_or_null(c.rule)},
           {"proxy", text_or_null(c.proxy)},
           {"retry_stopped", c.retry_stopped},
           {"reason", c.reason}});
    std::int64_t free_from = c.start.ns;
    for (const AttemptTrace& a : c.attempts)
      attempt(a, place(a.start, a.end, c.end, track, free_from));
  }

  void attempt(const AttemptTrace& a, std::size_t track) {
    slice("attempt " + std::to_string(a.attempt), "attempt", track, a.start, a.end,
          {{"outcome", a.outcome},
           {"status", a.status},
           {"backend", text_or_null(a.backend)},
           {"replica", index_or_null(a.replica)},
           {"backoff_ms", ms(a.backoff.ns)},
           {"notes", a.notes}});
    std::int64_t free_from = a.start.ns;
    for (const CallTrace& c : a.leg) call(c, place(c.start, c.end, a.end, track, free_from));
    for (const CallTrace& c : a.calls) call(c, place(c.start, c.end, a.end, track, free_from));
  }

  // The parent's track when the slice fits behind its last child and within it, else the first
  // other track that is free by then.
  std::size_t place(sim::Time start, sim::Time end, sim::Time parent_end, std::size_t track,
                    std::int64_t& free_from) {
    if (start.ns >= free_from && end <= parent_end) {
      free_from = end.ns;
      return track;
    }
    std::size_t other = 1;
    while (other < tracks_.size() && tracks_[other] > start.ns) ++other;
    if (other == tracks_.size()) tracks_.push_back(0);
    tracks_[other] = end.ns;
    return other;
  }

  void slice(const std::string& name, const char* category, std::size_t track, sim::Time start,
             sim::Time end, const Json& arguments) {
    event({{"ph", "X"},
           {"name", name},
           {"cat", category},
           {"pid", process_},
           {"tid", track},
           {"ts", us(start.ns)},
           {"dur", us((end - start).ns)},
           {"args", arguments}});
  }

  void event(const Json& json) {
    out_ << (first_ ? "\n" : ",\n") << dump(json);
    first_ = false;
  }

  std::ostream& out_;
  bool first_ = true;
  std::uint64_t process_ = 0;
  std::vector<std::int64_t> tracks_;  // by track: busy until, ns
};

}  // namespace

void write_explain_json(std::ostream& out, std::span<const RequestTrace> requests) {
  out << "{\"requests\": [";
  bool first = true;
  for (const RequestTrace& request : requests) {
    out << (first ? "\n  " : ",\n  ") << dump(request_json(request));
    first = false;
  }
  out << (first ? "]}\n" : "\n]}\n");
}

void write_explain_perfetto(std::ostream& out, std::span<const RequestTrace> requests) {
  Perfetto trace(out);
  for (const RequestTrace& request : requests) trace.request(request);
}

}  // namespace spillway::reports
