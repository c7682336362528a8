// Listens to a replication and builds the RequestTrace of the requests that were asked for. Touches
// no result. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/run/state.h"
#include "model/run/trace.h"

namespace spillway::model {

class Tracer {
 public:
  Tracer(const Mesh& mesh, const TraceSelection& selection);

  void request_started(Id stream, const Stream& s, const std::string& traffic);
  void request_ended(Id stream, const Stream& s, sim::Time now, std::uint16_t status, Flags flags);

  /// A stream below a job's or an attempt's node; ignored when that is not traced.
  void stream_started(Id stream, const Stream& s, Id parent_attempt, Id parent_job);
  void stream_ended(Id stream, const Stream& s, sim::Time now, const Verdict& verdict);
  void attempt_started(Id attempt, const Attempt& a, Id stream, const Stream& s);
  /// It leaves the proxy, having waited for a connection.
  void attempt_sent(Id attempt, sim::Time now);
  void attempt_ended(Id attempt, sim::Time now, Outcome outcome, std::uint16_t status);
  void job_started(Id job, Id attempt, const Attempt& a);
  void waited(Id job, sim::Time now, sim::Duration wait);
  void note(Id job, sim::Time now, const std::string& text);

  std::vector<RequestTrace> take();

 private:
  struct CallNode {
    CallTrace call;
    std::vector<std::size_t> attempts;
  };
  struct AttemptNode {
    AttemptTrace attempt;
    std::vector<std::size_t> leg, calls;
  };
  struct RequestNode {
    RequestTrace request;
    std::size_t call = 0;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  bool wanted(const Lineage& lineage) const;
  std::size_t open_call(Id stream, const Stream& s);
  CallTrace build(std::size_t call) const;
  AttemptTrace build_attempt(std::size_t attempt) const;

  const Mesh& mesh_;
  TraceSelection selection_;
  std::vector<RequestNode> requests_;
  std::map<std::uint32_t, std::size_t> request_of_root_;
  std::vector<CallNode> calls_;
  std::vector<AttemptNode> attempts_;
  std::map<Id, std::size_t> stream_nodes_, attempt_nodes_, job_nodes_;  ///< by live slot
};

}  // namespace spillway::model
