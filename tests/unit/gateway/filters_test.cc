#include "model/gateway/filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "model/gateway/routing.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;
using testing::ElementsAre;
using testing::IsEmpty;

/// An answer with the resources that it points into.
struct Served : Routed {
  std::shared_ptr<const Resources> resources;
};

/// Serves `asked` by one rule with these matches and filters, on the listener of port `port`.
struct World {
  explicit World(std::vector<HttpRouteMatch> matches, std::vector<HttpRouteFilter> filters,
                 std::vector<HttpBackendRef> backends = {to("s")}) {
    Resources r;
    r.gateways = {gateway(
        "infra/edge", {listener("web"), listener("alt", "", 8080),
                       listener("tls", "", 443, "HTTPS"), listener("tls-alt", "", 8443, "HTTPS")})};
    r.services = {service("n/s", {80, 8080}), service("n/m"), service("n/auth")};
    r.http_routes = {route("n/r", {gateway_parent("infra/edge"), service_parent("n/s")},
                           {rule(std::move(matches), std::move(backends), std::move(filters))})};
    resources = std::make_shared<const Resources>(std::move(r));
  }
  Served serve(const Request& asked, int port = 80, std::string scheme = "http",
               const RoutingOptions& options = {}) const {
    return {RoutingTable(*resources, options).route_gateway("infra/edge", port, scheme, asked),
            resources};
  }
  std::shared_ptr<const Resources> resources;
};

PathModifier full(std::string value) {
  return {PathModifier::Type::replace_full_path, std::move(value)};
}
PathModifier replace_prefix(std::string value) {
  return {PathModifier::Type::replace_prefix_match, std::move(value)};
}

struct PathCase {
  const char* name;
  const char* path;
  const char* prefix;
  const char* replacement;
  const char* result;
};
class PrefixRewrite : public testing::TestWithParam<PathCase> {};
TEST_P(PrefixRewrite, ReplacesElements) {
  const auto& [name, path, match_prefix, replacement, result] = GetParam();
  EXPECT_EQ(modify_path(path, replace_prefix(replacement), prefix(match_prefix).path), result);
}
INSTANTIATE_TEST_SUITE_P(
    Of, PrefixRewrite,
    testing::Values(PathCase{"Plain", "/foo/bar", "/foo", "/xyz", "/xyz/bar"},
                    PathCase{"SlashInReplacement", "/foo/bar", "/foo", "/xyz/", "/xyz/bar"},
                    PathCase{"SlashInPrefix", "/foo/bar", "/foo/", "/xyz", "/xyz/bar"},
                    PathCase{"SlashInBoth", "/foo/bar", "/foo/", "/xyz/", "/xyz/bar"},
                    PathCase{"WholePath", "/foo", "/foo", "/xyz", "/xyz"},
                    PathCase{"TrailingSlashStays", "/foo/", "/foo", "/xyz", "/xyz/"},
                    PathCase{"EmptyReplacement", "/foo/bar", "/foo", "", "/bar"},
                    PathCase{"EmptyReplacementOfSlashed", "/foo/", "/foo", "", "/"},
                    PathCase{"EmptyReplacementOfWhole", "/foo", "/foo", "", "/"},
                    PathCase{"RootReplacementOfSlashed", "/foo/", "/foo", "/", "/"},
                    PathCase{"RootReplacementOfWhole", "/foo", "/foo", "/", "/"},
                    PathCase{"RootPrefix", "/a/b", "/", "/xyz", "/xyz/a/b"},
                    PathCase{"WholePathOfSlashedPrefix", "/foo", "/foo/", "/xyz", "/xyz"},
                    PathCase{"QueryStays", "/foo/bar?q=/foo", "/foo", "/xyz", "/xyz/bar?q=/foo"}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(PathRewrite, FullPathKeepsTheQuery) {
  EXPECT_EQ(modify_path("/a/b?q=1", full("/x"), prefix("/a").path), "/x?q=1");
}
TEST(PathRewrite, EmptyFullPathIsTheRoot) {
  EXPECT_EQ(modify_path("/a", full(""), prefix("/a").path), "/");
}
TEST(PathRewrite, OfAPrefixLeavesOtherMatchesAlone) {
  EXPECT_EQ(modify_path("/a/b", replace_prefix("/x"), exact("/a/b").path), "/a/b");
}

TEST(UrlRewrite, ChangesHostAndPathThatTheBackendSees) {
  UrlRewriteFilter f;
  f.hostname = "one.two";
  f.path = replace_prefix("/new");
  const auto routed = World({prefix("/old")}, {filter(f)}).serve(request("a.com/old/x?q"));
  EXPECT_EQ(routed.request, request("one.two/new/x?q"));
  EXPECT_EQ(routed.backends.at(0).request, routed.request);
}
TEST(UrlRewrite, OfTheBackendComesAfterThatOfTheRule) {
  UrlRewriteFilter of_rule;
  of_rule.hostname = "rule.com";
  UrlRewriteFilter of_backend;
  of_backend.hostname = "backend.com";
  const auto routed = World({}, {filter(of_rule)}, {with(to("s"), {filter(of_backend)}), to("m")})
                          .serve(request("a.com/"));
  EXPECT_EQ(routed.request.host, "rule.com");
  EXPECT_EQ(routed.backends.at(0).request.host, "backend.com");
  EXPECT_EQ(routed.backends.at(1).request.host, "rule.com");
}

HeaderModifier modifier(std::vector<HttpHeader> set, std::vector<HttpHeader> add,
                        std::vector<std::string> remove) {
  HeaderModifier m;
  m.set = std::move(set);
  m.add = std::move(add);
  m.remove = std::move(remove);
  return m;
}
struct HeaderCase {
  std::string name;
  HeaderModifier modifier;
  std::vector<std::string> before;
  std::vector<std::string> after;
};
class HeaderModification : public testing::TestWithParam<HeaderCase> {};
TEST_P(HeaderModification, ChangesTheRequest) {
  Request r = request("a/", GetParam().before);
  modify_headers(r, GetParam().modifier);
  EXPECT_EQ(r.headers, request("a/", GetParam().after).headers);
}
INSTANTIATE_TEST_SUITE_P(
    Of, HeaderModification,
    testing::Values(
        HeaderCase{"SetNew", modifier({{"x", "1"}}, {}, {}), {}, {"x: 1"}},
        HeaderCase{"SetOverwrites", modifier({{"x", "2"}}, {}, {}), {"x: 1"}, {"x: 2"}},
        HeaderCase{"SetInAnyCase", modifier({{"X", "2"}}, {}, {}), {"x: 1"}, {"x: 2"}},
        HeaderCase{"SetOverwritesAll",
                   modifier({{"x", "3"}}, {}, {}),
                   {"x: 1", "y: 0", "x: 2"},
                   {"x: 3", "y: 0"}},
        HeaderCase{"AddNew", modifier({}, {{"x", "1"}}, {}), {}, {"x: 1"}},
        HeaderCase{
            "AddAppends", modifier({}, {{"x", "bar,baz"}}, {}), {"x: foo"}, {"x: foo,bar,baz"}},
        HeaderCase{"Remove", modifier({}, {}, {"x", "Z"}), {"X: 1", "y: 2", "z: 3"}, {"y: 2"}},
        HeaderCase{"RemoveMissing", modifier({}, {}, {"x"}), {"y: 2"}, {"y: 2"}},
        HeaderCase{"AllThree",
                   modifier({{"a", "1"}}, {{"b", "2"}}, {"c"}),
                   {"a: 0", "c: 0"},
                   {"a: 1", "b: 2"}}),
    [](const auto& param) { return param.param.name; });

TEST(HeaderModification, OfHostChangesTheHost) {
  Request r = request("a.com/");
  modify_headers(r, modifier({{"Host", "b.com"}}, {}, {"host"}));
  EXPECT_EQ(r, request("b.com/"));
}
TEST(HeaderModification, OfABackendIsSeenByThatBackendOnly) {
  RequestHeaderModifierFilter f;
  f.set = {{"x-version", "v2"}};
  const auto routed =
      World({}, {}, {to("s", 9), with(to("m", 1), {filter(f)})}).serve(request("a.com/"));
  EXPECT_THAT(routed.backends.at(0).request.headers, IsEmpty());
  EXPECT_THAT(routed.backends.at(1).request.headers, ElementsAre(Header{"x-version", "v2"}));
}
TEST(HeaderModification, OfTheResponseChangesNothingOfTheRequest) {
  ResponseHeaderModifierFilter f;
  f.set = {{"x", "1"}};
  EXPECT_EQ(World({}, {filter(f)}).serve(request("a.com/")).request, request("a.com/"));
}
TEST(Filters, DoNotChangeWhichRuleServes) {
  RequestHeaderModifierFilter f;
  f.set = {{"x", "2"}};
  const auto routed =
      World({prefix("/").header("x", "1")}, {filter(f)}).serve(request("a.com/", {"x: 1"}));
  EXPECT_EQ(answer(routed), "200 n/r#0.0 n/s:80 x1");
}

struct RedirectCase {
  std::string name;
  RequestRedirectFilter redirect;
  std::string request;
  int port;
  std::string scheme;
  std::string answer;
};
RequestRedirectFilter redirect(std::optional<std::string> scheme,
                               std::optional<std::string> hostname, std::optional<int> port = {},
                               std::optional<PathModifier> path = {}, int status = 302) {
  RequestRedirectFilter f;
  f.scheme = std::move(scheme);
  f.hostname = std::move(hostname);
  f.port = port;
  f.path = std::move(path);
  f.status_code = status;
  return f;
}
class Redirect : public testing::TestWithParam<RedirectCase> {};
TEST_P(Redirect, SendsElsewhere) {
  const RedirectCase& c = GetParam();
  const auto routed =
      World({prefix("/p")}, {filter(c.redirect)}, {}).serve(request(c.request), c.port, c.scheme);
  EXPECT_TRUE(routed.by_proxy);
  EXPECT_EQ(std::to_string(routed.status) + " " + routed.location, c.answer);
}
constexpr auto kNo = std::nullopt;
INSTANTIATE_TEST_SUITE_P(
    Of, Redirect,
    testing::Values(
        RedirectCase{"Nothing", redirect(kNo, kNo), "a.com/p", 80, "http", "302 http://a.com/p"},
        RedirectCase{"Host", redirect(kNo, "b.com"), "a.com/p/x", 80, "http",
                     "302 http://b.com/p/x"},
        RedirectCase{"HostDropsThePortOfTheRequest", redirect(kNo, kNo), "a.com:80/p", 80, "http",
                     "302 http://a.com/p"},
        RedirectCase{"Status301", redirect("https", kNo, kNo, kNo, 301), "a.com/p", 80, "http",
                     "301 https://a.com/p"},
        RedirectCase{"Status303", redirect(kNo, "b.com", kNo, kNo, 303), "a.com/p", 80, "http",
                     "303 http://b.com/p"},
        RedirectCase{"Status307", redirect(kNo, "b.com", kNo, kNo, 307), "a.com/p", 80, "http",
                     "307 http://b.com/p"},
        RedirectCase{"Status308", redirect(kNo, "b.com", kNo, kNo, 308), "a.com/p", 80, "http",
                     "308 http://b.com/p"},
        RedirectCase{"QueryStays", redirect("https", kNo), "a.com/p?x=1", 80, "http",
                     "302 https://a.com/p?x=1"},
        RedirectCase{"FullPath", redirect(kNo, kNo, kNo, full("/new")), "a.com/p/x", 80, "http",
                     "302 http://a.com/new"},
        RedirectCase{"PrefixPath", redirect(kNo, kNo, kNo, replace_prefix("/new")), "a.com/p/x", 80,
                     "http", "302 http://a.com/new/x"},
        RedirectCase{"Port80Port80", redirect(kNo, kNo, 80), "a.com/p", 80, "http",
                     "302 http://a.com/p"},
        RedirectCase{"Port80Port8080", redirect(kNo, kNo, 8080), "a.com/p", 80, "http",
                     "302 http://a.com:8080/p"},
        RedirectCase{"Port80Https", redirect("https", kNo), "a.com/p", 80, "http",
                     "302 https://a.com/p"},
        RedirectCase{"Port80Https443", redirect("https", kNo, 443), "a.com/p", 80, "http",
                     "302 https://a.com/p"},
        RedirectCase{"Port80Https8443", redirect("https", kNo, 8443), "a.com/p", 80, "http",
                     "302 https://a.com:8443/p"},
        RedirectCase{"Port8080Nothing", redirect(kNo, kNo), "a.com/p", 8080, "http",
                     "302 http://a.com:8080/p"},
        RedirectCase{"Port8080Port80", redirect(kNo, kNo, 80), "a.com/p", 8080, "http",
                     "302 http://a.com/p"},
        RedirectCase{"Port8080Https", redirect("https", kNo), "a.com/p", 8080, "http",
                     "302 https://a.com/p"},
        RedirectCase{"Port443Nothing", redirect(kNo, kNo), "a.com/p", 443, "https",
                     "302 https://a.com/p"},
        RedirectCase{"Port443Port443", redirect(kNo, kNo, 443), "a.com/p", 443, "https",
                     "302 https://a.com/p"},
        RedirectCase{"Port443Port8443", redirect(kNo, kNo, 8443), "a.com/p", 443, "https",
                     "302 https://a.com:8443/p"},
        RedirectCase{"Port443Http", redirect("http", kNo), "a.com/p", 443, "https",
                     "302 http://a.com/p"},
        RedirectCase{"Port443Http80", redirect("http", kNo, 80), "a.com/p", 443, "https",
                     "302 http://a.com/p"},
        RedirectCase{"Port443Http8080", redirect("http", kNo, 8080), "a.com/p", 443, "https",
                     "302 http://a.com:8080/p"},
        RedirectCase{"Port8443Nothing", redirect(kNo, kNo), "a.com/p", 8443, "https",
                     "302 https://a.com:8443/p"},
        RedirectCase{"NoHost", redirect(kNo, kNo, kNo, full("/x")), "/p", 80, "http", "302 /x"}),
    [](const auto& param) { return param.param.name; });

TEST(Redirect, OfAServiceKeepsItsPort) {
  const World world({prefix("/p")}, {filter(redirect(kNo, "b.com"))}, {});
  const RoutingTable table(*world.resources);
  EXPECT_EQ(table.route_service("n/s", 8080, "n", false, request("s/p")).location,
            "http://b.com:8080/p");
}
TEST(Redirect, SeesWhatEarlierFiltersDid) {
  RequestHeaderModifierFilter host;
  host.set = {{"host", "set.com"}};
  EXPECT_EQ(
      World({}, {filter(host), filter(redirect(kNo, kNo))}, {}).serve(request("a.com/")).location,
      "http://set.com/");
}
TEST(Redirect, OfABackendAnswersItsShare) {
  const auto routed =
      World({}, {}, {to("s", 3), with(to("m", 1), {filter(redirect(kNo, "b.com"))})})
          .serve(request("a.com/"));
  EXPECT_EQ(answer(routed), "200 n/r#0.0 n/s:80 x0.75, n/m:80 x0.25 302");
  EXPECT_EQ(routed.backends.at(1).reply->location, "http://b.com/");
}
TEST(Redirect, OfTheOnlyBackendAnswersAll) {
  const auto routed =
      World({}, {}, {with(to("s"), {filter(redirect(kNo, "b.com"))})}).serve(request("a.com/"));
  EXPECT_EQ(routed.status, 302);
  EXPECT_EQ(routed.location, "http://b.com/");
}

RequestMirrorFilter mirror(std::string_view name, std::optional<int> percent = {},
                           std::optional<RequestMirrorFilter::Fraction> fraction = {}) {
  RequestMirrorFilter f;
  f.backend_ref = ref(name);
  f.percent = percent;
  f.fraction = fraction;
  return f;
}
TEST(Mirror, CopiesEveryRequestByDefault) {
  const auto routed = World({}, {filter(mirror("m"))}).serve(request("a.com/"));
  EXPECT_THAT(routed.mirrors, ElementsAre(RoutedMirror{"n/m", 80, 1, request("a.com/")}));
  EXPECT_EQ(answer(routed), "200 n/r#0.0 n/s:80 x1");
}
TEST(Mirror, SharesByPercentAndFraction) {
  const auto routed = World({}, {filter(mirror("m", 25)), filter(mirror("s", {}, {{35, 70}}))})
                          .serve(request("a.com/"));
  ASSERT_EQ(routed.mirrors.size(), 2u);
  EXPECT_DOUBLE_EQ(routed.mirrors[0].share, 0.25);
  EXPECT_DOUBLE_EQ(routed.mirrors[1].share, 0.5);
}
TEST(Mirror, IsDroppedWithAnInvalidTarget) {
  const auto routed =
      World({}, {filter(mirror("none")), filter(mirror("m"))}).serve(request("a.com/"));
  ASSERT_EQ(routed.mirrors.size(), 1u);
  EXPECT_EQ(routed.mirrors[0].service, "n/m");
  EXPECT_EQ(routed.status, 200);
}
TEST(Mirror, CopiesTheRequestAsTheFiltersBeforeItLeftIt) {
  UrlRewriteFilter f;
  f.hostname = "new.com";
  const auto routed =
      World({}, {filter(mirror("m")), filter(f), filter(mirror("s"))}).serve(request("a.com/"));
  EXPECT_EQ(routed.mirrors.at(0).request.host, "a.com");
  EXPECT_EQ(routed.mirrors.at(1).request.host, "new.com");
}
TEST(Mirror, OfABackendBelongsToThatBackend) {
  const auto routed =
      World({}, {}, {to("s"), with(to("m"), {filter(mirror("auth"))})}).serve(request("a.com/"));
  EXPECT_THAT(routed.mirrors, IsEmpty());
  EXPECT_THAT(routed.backends.at(0).mirrors, IsEmpty());
  EXPECT_EQ(routed.backends.at(1).mirrors.at(0).service, "n/auth");
}

CorsFilter cors(std::vector<std::string> origins, std::vector<std::string> methods = {},
                std::vector<std::string> headers = {}) {
  CorsFilter f;
  f.allow_origins = std::move(origins);
  f.allow_methods = std::move(methods);
  f.allow_headers = std::move(headers);
  return f;
}
struct OriginCase {
  std::string name;
  std::string allowed;
  std::string origin;
  bool allows;
};
class CorsOrigin : public testing::TestWithParam<OriginCase> {};
TEST_P(CorsOrigin, IsAllowed) {
  EXPECT_EQ(cors_allows_origin(cors({GetParam().allowed}), GetParam().origin), GetParam().allows);
}
INSTANTIATE_TEST_SUITE_P(
    Of, CorsOrigin,
    testing::Values(OriginCase{"Same", "https://a.com", "https://a.com", true},
                    OriginCase{"OtherHost", "https://a.com", "https://b.com", false},
                    OriginCase{"OtherScheme", "https://a.com", "http://a.com", false},
                    OriginCase{"DefaultPortHttps", "https://a.com", "https://a.com:443", true},
                    OriginCase{"DefaultPortHttp", "http://a.com:80", "http://a.com", true},
                    OriginCase{"OtherPort", "https://a.com", "https://a.com:8443", false},
                    OriginCase{"Star", "*", "https://any.org", true},
                    OriginCase{"WildcardHost", "https://*.a.com", "https://x.y.a.com", true},
                    OriginCase{"WildcardApex", "https://*.a.com", "https://a.com", false},
                    OriginCase{"WildcardAllHosts", "https://*", "https://b.org", true},
                    OriginCase{"WildcardAllHostsOtherScheme", "https://*", "http://b.org", false},
                    OriginCase{"Capitals", "https://a.com", "https://A.com", true},
                    OriginCase{"Null", "https://a.com", "null", false}),
    [](const auto& param) { return param.param.name; });

Request preflight(std::string origin, std::string method = "GET", std::string headers = "") {
  std::vector<std::string> all{"Origin: " + origin, "Access-Control-Request-Method: " + method};
  if (!headers.empty()) all.push_back("Access-Control-Request-Headers: " + headers);
  return request("OPTIONS a.com/", all);
}
struct PreflightCase {
  std::string name;
  CorsFilter cors;
  Request request;
  int status;
  std::string reason;
};
class CorsPreflight : public testing::TestWithParam<PreflightCase> {};
TEST_P(CorsPreflight, IsAnsweredByTheProxy) {
  const auto routed = World({}, {filter(GetParam().cors)}).serve(GetParam().request);
  EXPECT_TRUE(routed.by_proxy);
  EXPECT_EQ(routed.status, GetParam().status);
  EXPECT_THAT(routed.backends, IsEmpty());
  EXPECT_EQ(routed.reason,
            "rule 0 of HTTPRoute n/r serves the request: a CORS filter replies to "
            "the preflight" +
                GetParam().reason);
}
const std::string kOrigin = "https://a.com";
INSTANTIATE_TEST_SUITE_P(
    Of, CorsPreflight,
    testing::Values(
        PreflightCase{"Allowed", cors({kOrigin}), preflight(kOrigin), 200, ""},
        PreflightCase{"OtherOrigin", cors({kOrigin}), preflight("https://b.com"), 403,
                      ": the origin https://b.com is not allowed"},
        PreflightCase{"NoOrigins", cors({}), preflight(kOrigin), 403,
                      ": the origin https://a.com is not allowed"},
        PreflightCase{"SafeMethod", cors({kOrigin}, {"PUT"}), preflight(kOrigin, "POST"), 200, ""},
        PreflightCase{"ListedMethod", cors({kOrigin}, {"PUT"}), preflight(kOrigin, "PUT"), 200, ""},
        PreflightCase{"AnyMethod", cors({kOrigin}, {"*"}), preflight(kOrigin, "DELETE"), 200, ""},
        PreflightCase{"OtherMethod", cors({kOrigin}, {"PUT"}), preflight(kOrigin, "DELETE"), 200,
                      ": the method DELETE is not allowed"},
        PreflightCase{"ListedHeaders", cors({kOrigin}, {}, {"X-A", "x-b"}),
                      preflight(kOrigin, "GET", "x-a, X-B"), 200, ""},
        PreflightCase{"OtherHeader", cors({kOrigin}, {}, {"x-a"}),
                      preflight(kOrigin, "GET", "x-a, x-c"), 200,
                      ": the header x-c is not allowed"},
        PreflightCase{"AnyHeader", cors({kOrigin}, {}, {"*"}), preflight(kOrigin, "GET", "x-c"),
                      200, ""}),
    [](const auto& param) { return param.param.name; });

TEST(CorsPreflight, IsAnsweredAsAsked) {
  RoutingOptions options;
  options.cors_preflight_status = 204;
  options.cors_denied_status = 204;
  const World world({}, {filter(cors({kOrigin}))});
  EXPECT_EQ(world.serve(preflight(kOrigin), 80, "http", options).status, 204);
  const auto denied = world.serve(preflight("https://b.com"), 80, "http", options);
  EXPECT_EQ(denied.status, 204);
  EXPECT_THAT(denied.depends_on, ElementsAre(RoutingOption::cors_denied_status));
}
TEST(Cors, LetsTheRequestItselfPass) {
  const Request asked = request("POST a.com/", {"Origin: https://b.com"});
  EXPECT_EQ(answer(World({}, {filter(cors({kOrigin}))}).serve(asked)), "200 n/r#0.0 n/s:80 x1");
}
TEST(Cors, LetsOptionsWithoutOriginPass) {
  EXPECT_EQ(answer(World({}, {filter(cors({kOrigin}))}).serve(request("OPTIONS a.com/"))),
            "200 n/r#0.0 n/s:80 x1");
}
TEST(Cors, OfNoFilterLetsPreflightsPass) {
  EXPECT_EQ(answer(World({}, {}).serve(preflight(kOrigin))), "200 n/r#0.0 n/s:80 x1");
}

ExternalAuthFilter auth(std::string_view name) { return {"GRPC", ref(name)}; }
TEST(ExternalAuth, IsACallBeforeTheRequest) {
  const auto routed = World({}, {filter(auth("auth"))}).serve(request("a.com/"));
  EXPECT_EQ(routed.external_auth, (RoutedAuth{"n/auth", 80, "GRPC"}));
  EXPECT_EQ(answer(routed), "200 n/r#0.0 n/s:80 x1");
}
TEST(ExternalAuth, FailsClosedWithAnInvalidTarget) {
  const auto routed = World({}, {filter(auth("none"))}).serve(request("a.com/"));
  EXPECT_EQ(answer(routed), "500 n/r#0.0");
  EXPECT_EQ(routed.reason,
            "rule 0 of HTTPRoute n/r serves the request: an ExternalAuth filter fails closed: "
            "there is no Service n/none");
}
TEST(ExternalAuth, IsCalledBeforeALaterRedirect) {
  const auto routed = World({}, {filter(auth("auth")), filter(redirect(kNo, "b.com"))}, {})
                          .serve(request("a.com/"));
  EXPECT_TRUE(routed.external_auth);
  EXPECT_EQ(routed.status, 302);
}

const ExtensionRefFilter kExtension{"x.io", "Limit", "fast"};
TEST(ExtensionRef, IsNotSkippedWhenUnknown) {
  const auto routed = World({}, {filter(kExtension)}).serve(request("a.com/"));
  EXPECT_EQ(answer(routed), "500 n/r#0.0");
  EXPECT_EQ(routed.reason,
            "rule 0 of HTTPRoute n/r serves the request: ExtensionRef x.io/Limit fast cannot be "
            "resolved");
  EXPECT_THAT(routed.depends_on, ElementsAre(RoutingOption::extension_ref_status));
}
TEST(ExtensionRef, PassesWhenKnown) {
  RoutingOptions options;
  options.extension_kinds = {"x.io/Limit"};
  EXPECT_EQ(answer(World({}, {filter(kExtension)}).serve(request("a.com/"), 80, "http", options)),
            "200 n/r#0.0 n/s:80 x1");
}
TEST(ExtensionRef, OfABackendFailsItsShare) {
  EXPECT_EQ(
      answer(
          World({}, {}, {to("s"), with(to("m"), {filter(kExtension)})}).serve(request("a.com/"))),
      "200 n/r#0.0 n/s:80 x0.5, n/m:80 x0.5 500");
}

}  // namespace
}  // namespace spillway::model
