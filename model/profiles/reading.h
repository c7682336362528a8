// What an implementation makes of one rule of a route and of one Service, in the words that all
// implementations have in common: taken from the configuration that its translator makes, so that a
// comparison says what a run does. Plain values; any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/profiles/profile.h"
#include "model/resources/resources.h"
#include "sim/time.h"

namespace spillway::model {

struct RuleReading {
  std::string inert;  ///< why nothing of the rule acts, a few words; empty: it acts
  std::string where;  ///< the proxy that runs it
  std::optional<sim::Duration> overall;  ///< of the whole request; absent: none
  std::optional<sim::Duration> per_try;
  std::optional<sim::Duration> idle;  ///< without an answer for so long it ends, in place of both
  bool has_retries = false;           ///< something is retried at all
  std::uint32_t retries = 0;          ///< at most so many
  bool unbounded = false;             ///< ... or as many as a budget lets through
  bool own_retries = false;           ///< from the implementation's own policy, not the rule's
  std::bitset<600> codes;             ///< answers that are retried
  bool retries_refused = false;
  bool retries_reset = false;
  bool retries_try_timeout = false;
  bool retries_grpc_unavailable = false;
  std::string wait;        ///< before retries, a few words
  std::string retry_host;  ///< which endpoint they go to
  std::string body;        ///< of a request that can be repeated: at most so much
  std::string shares;      ///< where requests go: "a 20 %, b 80 %", "500"
  std::uint32_t mirrors = 0;
  std::string mirror_share;  ///< of the first mirror
  bool session = false;      ///< sessionPersistence acts
  bool redirects = false;
  bool rewrites = false;
  bool changes_headers = false;
  bool cors = false;
  bool fault = false;  ///< delays or aborts are injected

  bool retries_anything() const { return has_retries && (retries > 0 || unbounded); }
  bool operator==(const RuleReading&) const = default;
};

struct ServiceReading {
  std::string balancing;
  std::string ejection;               ///< of an endpoint that keeps failing
  std::string limits;                 ///< connections / waiting requests / requests
  std::string budget;                 ///< of retries
  std::string budget_floor;           ///< the least that a budget lets through
  std::string kept_by;                ///< whose state limits and budgets are
  std::string no_endpoint;            ///< what is answered then
  std::string panic;                  ///< when most endpoints are ejected
  std::string server = "no retries";  ///< what the proxy beside its pods retries
  bool operator==(const ServiceReading&) const = default;
};

/// One implementation's view of the manifests. Keeps pointers into the Resources.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual RuleReading rule(const HttpRoute& route, std::size_t rule) const = 0;
  /// Of a rule of a VirtualService whose HttpRoute::origin is `origin`, as clients in
  /// `client_namespace` see it. `gateway`: at Gateways only.
  virtual RuleReading virtual_rule(const std::string& origin, const std::string& client_namespace,
                                   bool gateway) const;
  /// As the clients of a route in `client_namespace` see it. `gateway`: behind a Gateway.
  virtual ServiceReading service(const KubeService& service, const std::string& client_namespace,
                                 bool gateway) const = 0;
};

/// Of a known profile. `resources` must have its surroundings (surroundings.h).
std::unique_ptr<Reader> make_reader(const MeshSpec& mesh, const Resources& resources);

/// "400ms", "2.5s", "1m30s", "0.5ms".
std::string duration_text(sim::Duration duration);
/// Whether the first parent of the route is a Service.
bool is_mesh_route(const HttpRoute& route);
/// Of what stands behind one rule in Envoy's and in others' words: "cart 20 %, 500 80 %".
struct Share {
  std::string to;
  double weight = 0;
};
std::string shares_text(const std::vector<Share>& shares);

// One for each family; internal to make_reader().
std::unique_ptr<Reader> make_envoy_reader(const MeshSpec& mesh, const Resources& resources);
std::unique_ptr<Reader> make_neutral_reader(const MeshSpec& mesh, const Resources& resources);
std::unique_ptr<Reader> make_linkerd_reader(const Resources& resources);
std::unique_ptr<Reader> make_lattice_reader(const Resources& resources);

}  // namespace spillway::model
