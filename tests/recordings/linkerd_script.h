// What a recording of linkerd2-proxy was told to do: policy, backends and requests, read from JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/linkerd/executor.h"

namespace spillway::recordings::linkerd {

using Json = nlohmann::json;
using Millis = std::int64_t;

struct Frame {
  Millis after = 0;
  std::uint64_t bytes = 0;
  int grpc = -1;  ///< >= 0: trailers
};

struct Reply {
  int status = 200;
  int grpc_header = -1;
  bool hang = false;
  std::string error;
  bool kill = false;
  Millis after = 0;
  bool early = false;
  bool h1 = false;
  std::vector<Frame> frames;
  bool body_hang = false;
};

struct Phase {
  Millis from = 0;
  std::vector<Reply> replies;
};

struct Connect {
  bool refuse = false;
  bool hang = false;
  Millis after = 0;
};

struct EndpointScript {
  std::vector<Reply> replies;
  bool cycle = false;
  std::vector<Phase> phases;
  bool never_ready = false;
  Millis ready_after = 0;
  std::vector<Connect> connects;
  std::vector<std::pair<Millis, Connect>> connect_phases;
};

struct RequestScript {
  Millis at = 0;
  std::uint64_t body = 0;
  bool streamed = false;
  Millis chunk_every = 0;
  std::optional<Millis> gives_up;  ///< after so long
  model::linkerd::RequestHead head;
};

struct Update {
  Millis at = 0;
  std::vector<std::uint32_t> add;
  std::vector<std::uint32_t> remove;
};

struct Script {
  model::linkerd::OutboundPolicy policy;
  bool http1_answers = false;  ///< of a real HTTP/1 connection to client or backend
  std::vector<EndpointScript> endpoints;
  std::vector<RequestScript> requests;
  std::vector<Update> updates;
};

model::linkerd::ExponentialBackoff read_backoff(const Json& json);
Script read_script(const Json& policy, const Json& script);

inline sim::Duration millis(double ms) { return sim::from_seconds(ms / 1000); }

}  // namespace spillway::recordings::linkerd
