#include "model/profiles/vpc_lattice/notes.h"

#include <gmock/gmock.h>

#include "model/profiles/vpc_lattice/options.h"
#include "tests/unit/profiles/objects.h"

namespace spillway::model {
namespace {

using namespace sim::literals;
using namespace test_objects;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> notes(HttpRouteRule rule, ParentReference parent = gateway_parent()) {
  Resources resources;
  resources.http_routes = {route("r", {std::move(parent)}, {std::move(rule)})};
  std::vector<std::string> all;
  for (const Diagnostic& d : vpc_lattice::notes(resources)) all.push_back(to_text(d));
  return all;
}

HttpRouteRule simple() { return rule(prefix("/"), {to("cart")}); }

TEST(VpcLattice, IgnoresRetriesAndTimeouts) {
  HttpRouteRule own = simple();
  own.retry.emplace().attempts = 2;
  own.timeouts = timeouts(1_s, {});
  EXPECT_THAT(notes(own),
              ElementsAre("warning: HTTPRoute shop/r: rule 0: retry is ignored: nothing is retried "
                          "[lattice-retry]",
                          "warning: HTTPRoute shop/r: rule 0: timeouts are ignored: only an idle "
                          "time of 60s ends a request [lattice-timeouts]"));
}

TEST(VpcLattice, IgnoresFilters) {
  HttpRouteRule own = simple();
  own.filters = {filter(RequestMirrorFilter{})};
  EXPECT_THAT(notes(own), ElementsAre("warning: HTTPRoute shop/r: rule 0: the filter is ignored: "
                                      "requests go on unchanged [lattice-filter]"));
}

TEST(VpcLattice, TakesNoRoutesOfServices) {
  HttpRouteRule own = simple();
  own.retry.emplace();
  EXPECT_THAT(notes(own, service_parent("cart")),
              ElementsAre("warning: HTTPRoute shop/r: does nothing at a Service: only Gateways are "
                          "parents [lattice-service-parent]"));
}

TEST(VpcLattice, LeavesOutRoutesThatItCannotMatch) {
  const HttpRouteRule own = rule(path(PathMatchType::regular_expression, "/a.*"), {to("cart")});
  EXPECT_THAT(notes(own), ElementsAre("warning: HTTPRoute shop/r: rule 0: a path cannot be an "
                                      "expression: the whole route is left out [lattice-match]"));
  EXPECT_FALSE(vpc_lattice::is_programmed(route("r", {gateway_parent()}, {own})));
  EXPECT_TRUE(vpc_lattice::is_programmed(route("r", {gateway_parent()}, {simple()})));
}

TEST(VpcLattice, MatchesAtMostFiveHeaders) {
  HttpRouteMatch match = prefix("/");
  match.headers.resize(5);
  EXPECT_EQ(vpc_lattice::unsupported(match), "");
  match.headers.resize(6);
  EXPECT_EQ(vpc_lattice::unsupported(match), "more than 5 headers cannot be matched");
}

TEST(VpcLattice, SaysNothingOfPlainRoutes) { EXPECT_THAT(notes(simple()), IsEmpty()); }

TEST(VpcLattice, AsksForTheLatencyThatNobodyPublishes) {
  const ProfileInfo info = vpc_lattice::info();
  EXPECT_EQ(info.options[0].name, "proxyLatency");
  EXPECT_EQ(info.options[0].default_value, "1ms");
}

}  // namespace
}  // namespace spillway::model
