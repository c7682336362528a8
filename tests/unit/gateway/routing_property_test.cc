#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "model/gateway/routing.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;

/// Manifests over so few names that routes, listeners and requests meet often.
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : random_(seed) {
    std::vector<Listener> listeners;
    for (int i = 0; i < 5; ++i) {
      Listener l = listener("l" + std::to_string(i), pick(kHostnames), 80 + upto(2));
      l.allowed_routes.from = upto(4) == 0 ? "Same" : "All";
      listeners.push_back(std::move(l));
    }
    resources.gateways = {gateway("n/edge", listeners)};
    resources.services = {service("n/s", {80, 81}), service("m/s", {80, 81})};
    for (int i = 0; i < 12; ++i) resources.http_routes.push_back(random_route(i));
  }

  Request random_request() {
    return request(
        std::string(pick({"GET ", "POST "})) + pick(kHosts) + pick(kPaths) + pick({"", "?q=1"}),
        upto(2) == 0 ? std::vector<std::string>{"x: 1"} : std::vector<std::string>{});
  }
  void shuffle() {
    std::shuffle(resources.http_routes.begin(), resources.http_routes.end(), random_);
  }
  std::string client_namespace() { return pick({"n", "m", "k"}); }
  int port() { return 80 + upto(2); }

  Resources resources;

 private:
  using Names = std::vector<const char*>;
  inline static const Names kHostnames{"", "*.com", "*.a.com", "x.a.com", "x.b.com", "*.y.a.com"};
  inline static const Names kHosts{"x.a.com", "x.b.com", "z.y.a.com", "a.com", "x.org", ""};
  inline static const Names kPaths{"/", "/a", "/a/", "/a/b", "/ab", "/a/b/c"};

  int upto(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  const char* pick(const Names& names) { return names[random_() % names.size()]; }

  HttpRouteMatch random_match() {
    HttpRouteMatch m;
    m.path = {static_cast<PathMatchType>(upto(3)), pick(kPaths)};
    if (m.path.type == PathMatchType::regular_expression) m.path.value += ".*";
    if (upto(3) == 0) m.method = pick({"GET", "POST"});
    if (upto(3) == 0) m.headers.push_back({ValueMatchType::exact, "x", pick({"1", "2"})});
    if (upto(3) == 0) m.query_params.push_back({ValueMatchType::exact, "q", "1"});
    return m;
  }
  HttpRoute random_route(int i) {
    std::vector<HttpRouteRule> rules;
    for (int k = 0; k < 2; ++k) rules.push_back(rule({random_match(), random_match()}, {to("s")}));
    std::vector<ParentReference> parents{
        gateway_parent("n/edge", upto(3) == 0 ? "l" + std::to_string(upto(5)) : "",
                       upto(3) == 0 ? 80 + upto(2) : 0)};
    if (upto(2) == 0) parents.push_back(service_parent("n/s", upto(2) == 0 ? 0 : 80 + upto(2)));
    std::vector<std::string> hostnames;
    for (int k = upto(3); k > 0; --k)
      if (const std::string name = pick(kHostnames); !name.empty()) hostnames.push_back(name);
    HttpRoute r =
        route(std::string(pick({"n", "m"})) + "/r" + std::to_string(i), parents, rules, hostnames);
    r.meta.creation_timestamp = pick({"", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"});
    return r;
  }

  std::mt19937 random_;
};

std::string winner(const Candidate* c) {
  if (!c) return "none";
  return c->route->meta.key() + "#" + std::to_string(c->rule) + "." + std::to_string(c->match);
}
std::string winner(const Routed& r) {
  if (!r.route) return "none";
  return r.route->meta.key() + "#" + std::to_string(r.rule) + "." + std::to_string(r.match);
}

/// The best of all matches, found by looking at every listener, route, rule and match.
class NaiveRouter {
 public:
  explicit NaiveRouter(const Resources& r) : resources_(r) {
    for (const HttpRoute& each : r.http_routes)
      for (const HttpRouteRule& rule_of : each.rules)
        for (const HttpRouteMatch& m : rule_of.matches) regexes_.add(m.path.value);
  }

  std::string through_gateway(int port, const Request& asked) {
    const auto& listeners = resources_.gateways[0].listeners;
    const Listener* best_listener = nullptr;
    for (const Listener& l : listeners) {
      const bool clashes = std::ranges::any_of(listeners, [&](const Listener& o) {
        return &o != &l && o.port == l.port && o.hostname == l.hostname;
      });
      if (clashes || l.port != port || !host_matches(l.hostname, asked.host)) continue;
      if (!best_listener || host_rank(l.hostname) > host_rank(best_listener->hostname))
        best_listener = &l;
    }
    best_ = {};
    found_ = false;
    if (best_listener)
      for (const HttpRoute& each : resources_.http_routes) consider(*best_listener, each, asked);
    return found_ ? winner(&best_) : "none";
  }

  std::string through_service(int port, const std::string& client, const Request& asked) {
    for (const bool consumers : {true, false}) {
      best_ = {};
      found_ = false;
      bool any = false;
      for (const HttpRoute& each : resources_.http_routes) {
        const bool mine = consumers ? each.meta.namespace_ == client && client != "n"
                                    : each.meta.namespace_ == "n";
        const bool attached = std::ranges::any_of(each.parent_refs, [&](const ParentReference& p) {
          return p.kind == "Service" && (!p.port || *p.port == port);
        });
        if (!mine || !attached) continue;
        any = true;
        offer({&each, -1, -1, -1, "", ""}, asked);
      }
      if (any) return found_ ? winner(&best_) : "none";
    }
    return "none";
  }

 private:
  void consider(const Listener& l, const HttpRoute& each, const Request& asked) {
    if (l.allowed_routes.from == "Same" && each.meta.namespace_ != "n") return;
    const bool attached = std::ranges::any_of(each.parent_refs, [&](const ParentReference& p) {
      return p.kind == "Gateway" && (p.section_name.empty() || p.section_name == l.name) &&
             (!p.port || *p.port == l.port);
    });
    if (!attached) return;
    const auto offer_host = [&](const std::string& own) {
      const std::string_view effective =
          host_rank(own) > host_rank(l.hostname) ? std::string_view(own) : l.hostname;
      offer({&each, -1, -1, 0, effective, own}, asked);
    };
    static const std::string kEvery;
    if (each.hostnames.empty()) offer_host(kEvery);
    for (const std::string& own : each.hostnames)
      if (host_matches(own, asked.host)) offer_host(own);
  }

  void offer(Candidate c, const Request& asked) {
    for (c.rule = 0; c.rule < 2; ++c.rule)
      for (c.match = 0; c.match < 2; ++c.match)
        if (matches(c.match_of(), asked, regexes_) &&
            (!found_ || takes_precedence(c, best_, PrecedenceOptions{}))) {
          best_ = c;
          found_ = true;
        }
  }

  const Resources& resources_;
  RegexCache regexes_;
  Candidate best_;
  bool found_ = false;
};

class RoutingProperty : public testing::TestWithParam<unsigned> {};

TEST_P(RoutingProperty, AgreesWithLookingAtEverything) {
  RandomWorld world(GetParam());
  const RoutingTable table(world.resources);
  NaiveRouter naive(world.resources);
  int served = 0;
  for (int i = 0; i < 200; ++i) {
    const Request asked = world.random_request();
    const int port = world.port();
    const Routed routed = table.route_gateway("n/edge", port, "http", asked);
    EXPECT_EQ(winner(routed), naive.through_gateway(port, asked)) << asked.host << asked.path;
    const std::string client = world.client_namespace();
    const Routed mesh = table.route_service("n/s", port, client, false, asked);
    EXPECT_EQ(winner(mesh), naive.through_service(port, client, asked)) << client << asked.path;
    served += (routed.route ? 1 : 0) + (mesh.route ? 1 : 0);
  }
  EXPECT_GT(served, 20);
}

TEST_P(RoutingProperty, DoesNotDependOnTheOrderOfManifests) {
  RandomWorld world(GetParam());
  std::vector<Request> requests;
  std::vector<std::string> before;
  const auto answers = [&] {
    std::vector<std::string> all;
    const RoutingTable table(world.resources);
    for (const Request& asked : requests) {
      all.push_back(answer(table.route_gateway("n/edge", 80, "http", asked)));
      all.push_back(answer(table.route_service("n/s", 80, "m", false, asked)));
    }
    return all;
  };
  for (int i = 0; i < 50; ++i) requests.push_back(world.random_request());
  before = answers();
  world.shuffle();
  EXPECT_EQ(answers(), before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoutingProperty, testing::Range(1u, 31u));

}  // namespace
}  // namespace spillway::model
