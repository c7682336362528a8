#include <fmt/format.h>

#include <ostream>

#include "reports/number.h"
#include "reports/route.h"
#include "reports/text.h"

namespace spillway::reports {
namespace {

std::string percent(double share) { return rounded(share * 100, 0) + " %"; }

void write_request(std::ostream& out, const model::Request& request) {
  out << fmt::format("request   {} {}{}\n", request.method, request.host, request.path);
  for (const model::Header& header : request.headers)
    out << fmt::format("          {}: {}\n", header.name, header.value);
}

void write_mirror(std::ostream& out, const model::RoutedMirror& mirror) {
  out << fmt::format("mirror    {}:{}, {} of the requests\n", mirror.service, mirror.port,
                     percent(mirror.share));
}

}  // namespace

void write_route_text(std::ostream& out, const model::Routed& routed) {
  out << fmt::format("status    {}{}\n", routed.status,
                     routed.by_proxy ? ", answered by the proxy itself" : "");
  if (routed.route)
    out << fmt::format("route     {} {}, rule {}, match {}\n", routed.route->kind,
                       routed.route->meta.key(), routed.rule, routed.match);
  if (!routed.location.empty()) out << "location  " << routed.location << '\n';
  if (!routed.by_proxy) {
    for (const model::RoutedBackend& b : routed.backends) {
      out << fmt::format("backend   {}:{}, weight {}, {}", b.service, b.port, b.weight,
                         percent(b.share));
      if (b.reply) out << fmt::format(": answered {} ({})", b.reply->status, b.reply->reason);
      out << '\n';
    }
    write_request(out, routed.request);
  }
  for (const model::RoutedMirror& mirror : routed.mirrors) write_mirror(out, mirror);
  for (const model::RoutedBackend& b : routed.backends)
    for (const model::RoutedMirror& mirror : b.mirrors) write_mirror(out, mirror);
  if (routed.external_auth)
    out << fmt::format("auth      {}:{} must answer 200 first\n", routed.external_auth->service,
                       routed.external_auth->port);
  if (!routed.reason.empty()) out << "reason    " << routed.reason << '\n';
}

}  // namespace spillway::reports
