#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

constexpr std::int64_t kLongestName = 253;
constexpr std::int64_t kLongestLabel = 63;

Schema metadata(const Pattern& name, std::int64_t longest_name) {
  return object({
      required("name", text().between(1, longest_name).matching(name)),
      field("generateName", text()),
      field("namespace", text().at_most(kLongestLabel).matching(kDnsLabel)),
      field(
          "labels",
          map_of(text().at_most(kLongestLabel).matching(kLabelValue)).key_matching(kQualifiedName)),
      field("annotations", map_of(text()).key_matching(kQualifiedName)),
      field("creationTimestamp", text().matching(kTimestamp)),
      field("deletionTimestamp", text().matching(kTimestamp)),
      field("deletionGracePeriodSeconds", integer(0, kMaxInt)),
      field("finalizers", list_of(text())),
      field("generation", integer(0, kMaxInt)),
      field("managedFields", list_of(anything())),
      field("ownerReferences", list_of(anything())),
      field("resourceVersion", text()),
      field("selfLink", text()),
      field("uid", text()),
  });
}

}  // namespace

Schema manifest_schema(const Pattern& name, std::int64_t longest_name, Field spec) {
  return object({required("apiVersion", text()), required("kind", text()),
                 required("metadata", metadata(name, longest_name)), std::move(spec),
                 field("status", anything())});
}

Schema group_name() { return text().at_most(kLongestName).matching(kGroupName); }
Schema kind_name() { return text().between(1, kLongestLabel).matching(kKindName); }
Schema object_name() { return text().between(1, kLongestName); }
Schema namespace_name() { return text().between(1, kLongestLabel).matching(kDnsLabel); }
Schema section_name() { return text().between(1, kLongestName).matching(kDnsName); }
Schema hostname() { return text().between(1, kLongestName).matching(kHostname); }
Schema port_number() { return integer(1, 65535); }
Schema duration() { return text().matching(kDuration); }

Schema session_persistence() {
  const auto session_name = [] { return text().between(1, 256).matching(kHeaderName); };
  return object({
                    field("type", choice({"Cookie", "Header"})).defaults_to(string_node("Cookie")),
                    field("absoluteTimeout", duration()),
                    field("cookie",
                          object({
                              field("name", session_name()),
                              field("path", text().at_most(1024)).defaults_to(string_node("/")),
                              field("lifetimeType", choice({"Permanent", "Session"}))
                                  .defaults_to(string_node("Session")),
                          })),
                    field("header", object({required("name", session_name())})),
                })
      .formerly({{"sessionName", "cookie.name or header.name"},
                 {"cookieConfig", "cookie"},
                 {"idleTimeout", "absoluteTimeout"}})
      .with(session_persistence_rules());
}

Node list_of_one_default() { return list_node({object_node()}); }

const Schema& gateway_class_schema() {
  static const Schema schema = manifest_schema(
      kDnsName, kLongestName,
      required("spec", object({
                           required("controllerName",
                                    text().between(1, kLongestName).matching(kControllerName)),
                           field("description", text().at_most(64)),
                           field("parametersRef", object({
                                                      required("group", group_name()),
                                                      required("kind", kind_name()),
                                                      required("name", object_name()),
                                                      field("namespace", namespace_name()),
                                                  })),
                       })));
  return schema;
}

const Schema& reference_grant_schema() {
  static const Schema schema = manifest_schema(
      kDnsName, kLongestName,
      required("spec", object({
                           required("from", list_of(object({
                                                        required("group", group_name()),
                                                        required("kind", kind_name()),
                                                        required("namespace", namespace_name()),
                                                    }))
                                                .between(1, 16)),
                           required("to", list_of(object({
                                                      required("group", group_name()),
                                                      required("kind", kind_name()),
                                                      field("name", object_name()),
                                                  }))
                                              .between(1, 16)),
                       })));
  return schema;
}

const Schema& backend_traffic_policy_schema() {
  const auto build = [] {
    Schema budget = object({
        field("percent", integer(0, 100)).defaults_to(number_node(20)),
        field("interval", duration().with(budget_interval_rules())).defaults_to(string_node("10s")),
    });
    Schema min_retry_rate = object({
        field("count", integer(1, 1'000'000)),
        field("interval", duration().with(min_retry_interval_rules())),
    });
    Node min_rate =
        object_node({{"count", {}, number_node(10)}, {"interval", {}, string_node("1s")}});
    Schema target = object({required("group", group_name()), required("kind", kind_name()),
                            required("name", object_name())});
    return object({
        required("targetRefs",
                 list_of(std::move(target)).between(1, 16).distinct_by({"group", "kind", "name"})),
        field("retryConstraint",
              object({
                  field("budget", std::move(budget)).defaults_to(object_node()),
                  field("minRetryRate", std::move(min_retry_rate)).defaults_to(std::move(min_rate)),
              })),
        field("sessionPersistence", session_persistence()),
    });
  };
  static const Schema schema = manifest_schema(kDnsName, kLongestName, required("spec", build()));
  return schema;
}

}  // namespace spillway::scenarios::manifests
