// export_case FILE.jsonl: the cases of a file (tests/validation/envoy/README.md) as one bootstrap
// for a real Envoy, made by the product's own serialisers from the very structs that `recordings
// envoy` simulates. Beside what a recorded case has, each says where it runs: `ports` {listener,
// hosts}.
// `--admin PORT`: of the admin interface.
#include <fmt/format.h>

#include <deque>
#include <fstream>
#include <iostream>

#include "reports/envoy_bootstrap.h"
#include "tests/recordings/envoy_case.h"

namespace spillway::recordings {
namespace {

using nlohmann::json;
namespace envoy = model::envoy;

/// A cluster of the case's hosts [first, last).
void add_cluster(const json& one, const std::string& name, std::size_t first, std::size_t last,
                 envoy::ProxyConfig& proxy, reports::EnvoyExport& to) {
  envoy::Cluster cluster = cluster_config(one);
  cluster.name = name;
  cluster.service = fmt::format("{}/{}", one.at("name").get<std::string>(), name);
  for (std::size_t host = first; host < last; ++host)
    to.endpoints[cluster.service].push_back(
        {"127.0.0.1", one.at("ports").at("hosts").at(host).get<int>()});
  proxy.clusters.push_back(std::move(cluster));
}

envoy::ProxyConfig proxy_config(const json& one, reports::EnvoyExport& to) {
  envoy::ProxyConfig proxy;
  envoy::Route route;
  route.route = route_action(one);
  route.fault = http_fault(one);
  std::size_t hosts = one.at("cluster").at("hosts").size();
  if (!route.route->request_mirror_policies.empty()) {
    --hosts;
    add_cluster(one, route.route->request_mirror_policies[0].cluster, hosts, hosts + 1, proxy, to);
  }
  for (std::size_t i = 0; i < route.route->weighted_clusters.size(); ++i)
    add_cluster(one, route.route->weighted_clusters[i].name, i, i + 1, proxy, to);
  if (route.route->weighted_clusters.empty())
    add_cluster(one, route.route->cluster, 0, hosts, proxy, to);
  envoy::VirtualHost host{"case", {"*"}, {std::move(route)}, true, std::nullopt};
  proxy.route_configs.push_back({"routes", {std::move(host)}, std::nullopt});
  return proxy;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3 || arguments[1] != "--admin") {
    std::cerr << "usage: export_case FILE.jsonl --admin PORT\n";
    return 2;
  }
  std::ifstream file(arguments[0]);
  std::deque<envoy::ProxyConfig> proxies;
  reports::EnvoyExport all;
  all.node_id = "cases";
  all.listen_address = "127.0.0.1";
  all.admin_port = std::stoi(arguments[2]);
  for (std::string line; std::getline(file, line);) {
    const json one = json::parse(line);
    proxies.push_back(proxy_config(one, all));
    all.parts.push_back({&proxies.back(),
                         one.at("name").get<std::string>() + "/",
                         {{"routes", one.at("ports").at("listener").get<int>()}}});
  }
  std::cout << reports::envoy_bootstrap(all);
  return 0;
}

}  // namespace
}  // namespace spillway::recordings

int main(int argc, char** argv) { return spillway::recordings::run({argv + 1, argv + argc}); }
