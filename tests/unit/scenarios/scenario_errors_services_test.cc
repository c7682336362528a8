// Bad input: the document, services and their operations. Each case is a scenario with one thing
// wrong and the whole answer to it.
#include "tests/unit/scenarios/scenario_error_cases.h"

namespace spillway::scenarios {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Structure, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"UnknownSection",
         {.rest = R"(  object: []
)"},
         R"(s.yaml:7:3: error: spec: unknown field (got "object", expected manifests, mesh, services, traffic, faults, run or objectives) [unknown-field])"},
        {"SpecIsAList",
         {.whole = R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
metadata: {name: x}
spec: [])"},
         R"(s.yaml:4:7: error: spec: not a mapping (got an empty list, expected a mapping) [wrong-type])"},
        {"NothingInSpec",
         {.whole = R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
metadata: {name: x}
spec: {})"},
         R"(s.yaml:4:7: error: spec: a field is missing (expected services) [missing-field]
s.yaml:4:7: error: spec: a field is missing (expected traffic) [missing-field])"},
        {"NoMetadata",
         {.whole = R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
spec: {services: [{name: a}], traffic: [{name: t, to: {service: a}, arrivals: {times: [0s]}}]})"},
         R"(s.yaml:1:1: error: a field is missing (expected metadata) [missing-field])"},
        {"OtherVersion",
         {.whole = R"(apiVersion: spillway.dev/v1
kind: Scenario
metadata: {name: x}
spec: {services: [{name: a}], traffic: [{name: t, to: {service: a}, arrivals: {times: [0s]}}]})"},
         R"(s.yaml:1:13: error: apiVersion: unknown value (got the string "spillway.dev/v1", expected spillway.dev/v1alpha1) [unknown-value]
    hint: did you mean "spillway.dev/v1alpha1"?)"},
        {"OtherKind",
         {.whole = R"(apiVersion: spillway.dev/v1alpha1
kind: Scenaro
metadata: {name: x}
spec: {services: [{name: a}], traffic: [{name: t, to: {service: a}, arrivals: {times: [0s]}}]})"},
         R"(s.yaml:2:7: error: kind: unknown value (got the string "Scenaro", expected Scenario) [unknown-value]
    hint: did you mean "Scenario"?)"},
        {"NameWithCapitals",
         {.whole = R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
metadata: {name: My_Scenario}
spec: {services: [{name: a}], traffic: [{name: t, to: {service: a}, arrivals: {times: [0s]}}]})"},
         R"(s.yaml:3:18: error: metadata.name: not a valid name (got the string "My_Scenario", expected a name of a-z, 0-9, - and dots) [bad-text])"},
        {"EmptyServices",
         {.services = R"([])"},
         R"(s.yaml:5:13: error: spec.services: too few entries (got an empty list, expected at least one entry) [empty-list])"},
        {"NullTraffic",
         {.traffic = R"()"},
         R"(s.yaml:6:3: error: spec.traffic: not a list (got null, expected a list) [wrong-type])"},
        {"ServicesAsMapping",
         {.services = R"({a: {}})"},
         R"(s.yaml:5:13: error: spec.services: not a list (got a mapping, expected a list) [wrong-type])"},
    }),
    case_name);

INSTANTIATE_TEST_SUITE_P(Services, BadScenario,
                         testing::ValuesIn(std::
                                               vector<BadCase>{
                                                   {"MisspeltField",
                                                    {.services = R"([{name: a, replcas: 3}])"},
                                                    R"(s.yaml:5:24: error: spec.services[0]: unknown field (got "replcas", expected name, namespace, ports, replicas, workers, threading, queue, onCancel, loadBalancer, meshed or operations) [unknown-field]
    hint: did you mean "replicas"?)"},
                                                   {"SnakeCaseField",
                                                    {.services =
                                                         R"([{name: a, on_cancel: abort}])"},
                                                    R"(s.yaml:5:24: error: spec.services[0]: unknown field (got "on_cancel", expected name, namespace, ports, replicas, workers, threading, queue, onCancel, loadBalancer, meshed or operations) [unknown-field]
    hint: did you mean "onCancel"?)"},
                                                   {"NoName",
                                                    {.services = R"([{replicas: 2}])"},
                                                    R"(s.yaml:5:14: error: spec.services[0]: a field is missing (expected name) [missing-field])"},
                                                   {"NumberAsName",
                                                    {.services = R"([{name: 5}])"},
                                                    R"(s.yaml:5:21: error: spec.services[0].name: not text; put it in quotes (got the number 5, expected at most 63 characters of a-z, 0-9 and -) [wrong-type])"},
                                                   {"DottedName",
                                                    {.services = R"([{name: a.b}])"},
                                                    R"(s.yaml:5:21: error: spec.services[0].name: not a valid name (got the string "a.b", expected at most 63 characters of a-z, 0-9 and -) [bad-text])"},
                                                   {"LongName",
                                                    {.services =
                                                         R"([{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}])"},
                                                    R"(s.yaml:5:21: error: spec.services[0].name: not a valid name (got the string "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...", expected at most 63 characters of a-z, 0-9 and -) [bad-text])"},
                                                   {"ZeroReplicas",
                                                    {.services = R"([{name: a, replicas: 0}])"},
                                                    R"(s.yaml:5:34: error: spec.services[0].replicas: out of range (got the number 0, expected a whole number from 1 to 100000) [out-of-range])"},
                                                   {"FractionOfReplicas",
                                                    {.services = R"([{name: a, replicas: 1.5}])"},
                                                    R"(s.yaml:5:34: error: spec.services[0].replicas: not a whole number (got the number 1.5, expected a whole number from 1 to 100000) [wrong-type])"},
                                                   {"QuotedNumber",
                                                    {.services = R"([{name: a, replicas: "3"}])"},
                                                    R"(s.yaml:5:34: error: spec.services[0].replicas: not a whole number (got the string "3", expected a whole number from 1 to 100000) [wrong-type])"},
                                                   {"OctalNumber",
                                                    {.services = R"([{name: a, replicas: 010}])"},
                                                    R"(s.yaml:5:34: error: spec.services[0].replicas: not a whole number (got the string "010", expected a whole number from 1 to 100000) [wrong-type])"},
                                                   {"NumberWithUnderscore",
                                                    {.services = R"([{name: a, workers: 1_000}])"},
                                                    R"(s.yaml:5:33: error: spec.services[0].workers: not a whole number (got the string "1_000", expected a whole number from 1 to 1000000) [wrong-type])"},
                                                   {"HugeNumber",
                                                    {.services =
                                                         R"([{name: a, workers: 99999999999999999999}])"},
                                                    R"(s.yaml:5:33: error: spec.services[0].workers: out of range (got the number 99999999999999999999, expected a whole number from 1 to 1000000) [out-of-range])"},
                                                   {"NegativeCapacity",
                                                    {.services =
                                                         R"([{name: a, workers: 1, queue: {capacity: -1}}])"},
                                                    R"(s.yaml:5:54: error: spec.services[0].queue.capacity: out of range (got the number -1, expected a whole number from 0 to 1000000000) [out-of-range])"},
                                                   {"UnknownDiscipline",
                                                    {.services =
                                                         R"([{name: a, workers: 1, queue: {discipline: fiffo}}])"},
                                                    R"(s.yaml:5:56: error: spec.services[0].queue.discipline: unknown value (got the string "fiffo", expected fifo, lifo, lifo-preemptive or ps) [unknown-value]
    hint: did you mean "fifo"?)"},
                                                   {"DisciplineAsList", {.services = R"([{name: a, workers: 1, queue: {discipline: [fifo]}}])"}, R"(s.yaml:5:56: error: spec.services[0].queue.discipline: unknown value (got a list, expected fifo, lifo, lifo-preemptive or ps) [unknown-value])"},
                                                   {"YesAsBoolean",
                                                    {.services = R"([{name: a, meshed: yes}])"},
                                                    R"(s.yaml:5:32: error: spec.services[0].meshed: neither true nor false (got the string "yes", expected true or false) [wrong-type])"},
                                                   {"PortZero",
                                                    {.services = R"([{name: a, ports: [0]}])"},
                                                    R"(s.yaml:5:32: error: spec.services[0].ports[0]: out of range (got the number 0, expected a whole number from 1 to 65535) [out-of-range])"},
                                                   {"PortAsText",
                                                    {.services = R"([{name: a, ports: [http]}])"},
                                                    R"(s.yaml:5:32: error: spec.services[0].ports[0]: not a whole number (got the string "http", expected a whole number from 1 to 65535) [wrong-type])"},
                                                   {"PortTwice",
                                                    {.services =
                                                         R"([{name: a, ports: [80, {port: 80, name: http}]}])"},
                                                    R"(s.yaml:5:36: error: spec.services[0].ports[1]: the port stands twice (got a mapping, expected different ports) [duplicate])"},
                                                   {"NoPorts",
                                                    {.services = R"([{name: a, ports: []}])"},
                                                    R"(s.yaml:5:31: error: spec.services[0].ports: too few entries (got an empty list, expected at least one entry) [empty-list])"},
                                                   {"HashWithoutKey",
                                                    {.services =
                                                         R"([{name: a, loadBalancer: {policy: maglev}}])"},
                                                    R"(s.yaml:5:47: error: spec.services[0].loadBalancer.policy: nothing to hash on (got the string "maglev", expected hashOn with the name of a header, or source) [missing-field])"},
                                                   {"KeyWithoutHash",
                                                    {.services =
                                                         R"([{name: a, loadBalancer: {policy: random, hashOn: source}}])"},
                                                    R"(s.yaml:5:63: error: spec.services[0].loadBalancer.hashOn: only ring_hash and maglev hash (got the string "source", expected no hashOn with this policy) [contradiction])"},
                                                   {"ChoicesOfRoundRobin",
                                                    {.services =
                                                         R"([{name: a, loadBalancer: {policy: round_robin, choices: 2}}])"},
                                                    R"(s.yaml:5:69: error: spec.services[0].loadBalancer.choices: only least_request and peak_ewma compare hosts (got the number 2, expected no choices with this policy) [contradiction])"},
                                                   {"SharingWithoutWorkers",
                                                    {.services =
                                                         R"([{name: a, queue: {discipline: ps}}])"},
                                                    R"(s.yaml:5:14: error: service a: ps shares the workers (got no `workers`, expected a number of workers) [contradiction])"},
                                                   {"PreemptionWithoutWorkers",
                                                    {.services =
                                                         R"([{name: a, queue: {discipline: lifo-preemptive}}])"},
                                                    R"(s.yaml:5:14: error: service a: lifo-preemptive interrupts the workers (got no `workers`, expected a number of workers) [contradiction])"},
                                                   {"TwoServices",
                                                    {.services =
                                                         R"([{name: a}, {name: a, namespace: default}])"},
                                                    R"(s.yaml:5:25: error: two services are called "a.default", the first at s.yaml:5:14 [duplicate])"},
                                                   {"TwoOperations",
                                                    {.services =
                                                         R"([{name: a, operations: [{match: {path: /x}}, {}]}])"},
                                                    R"(s.yaml:5:58: error: two operations of service a are called "default", the first at s.yaml:5:37 [duplicate])"},
                                               }),
                         case_name);

INSTANTIATE_TEST_SUITE_P(
    Operations, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"MisspeltStep",
         {.services = R"([{name: a, operations: [{steps: [{wrok: 1ms}]}]}])"},
         R"(s.yaml:5:47: error: spec.services[0].operations[0].steps[0]: unknown field (got "wrok", expected work, call or parallel) [unknown-field]
    hint: did you mean "work"?)"},
        {"EmptyStep",
         {.services = R"([{name: a, operations: [{steps: [{}]}]}])"},
         R"(s.yaml:5:46: error: spec.services[0].operations[0].steps[0]: a field is missing (expected one of work, call or parallel) [missing-field])"},
        {"TwoStepsInOne",
         {.services = R"([{name: a, operations: [{steps: [{work: 1ms, call: {service: a}}]}]}])"},
         R"(s.yaml:5:58: error: spec.services[0].operations[0].steps[0]: "work" and "call" exclude each other (expected one of work, call or parallel) [contradiction])"},
        {"EmptyParallel",
         {.services = R"([{name: a, operations: [{steps: [{parallel: []}]}]}])"},
         R"(s.yaml:5:57: error: spec.services[0].operations[0].steps[0].parallel: too few entries (got an empty list, expected at least one entry) [empty-list])"},
        {"StepsAndScript",
         {.services =
              R"([{name: a, operations: [{steps: [{work: 1ms}], script: [{status: 200}]}]}])"},
         R"(s.yaml:5:60: error: spec.services[0].operations[0]: "steps" and "script" exclude each other (expected one of steps or script) [contradiction])"},
        {"ScriptWithTwoReplies",
         {.services = R"([{name: a, operations: [{script: [{status: 200, hang: true}]}]}])"},
         R"(s.yaml:5:61: error: spec.services[0].operations[0].script[0]: "status" and "hang" exclude each other (expected one of status, reset, refuse or hang) [contradiction])"},
        {"ScriptHangFalse",
         {.services = R"([{name: a, operations: [{script: [{hang: false}]}]}])"},
         R"(s.yaml:5:54: error: spec.services[0].operations[0].script[0].hang: can only be true (got false, expected true) [wrong-type])"},
        {"ScriptHeadersOfReset",
         {.services = R"([{name: a, operations: [{script: [{reset: true, headers: {a: b}}]}]}])"},
         R"(s.yaml:5:61: error: spec.services[0].operations[0].script[0]: "headers" has no meaning without "status" [contradiction])"},
        {"HeaderAsNumber",
         {.services =
              R"([{name: a, operations: [{script: [{status: 200, headers: {grpc-status: 14}}]}]}])"},
         R"(s.yaml:5:84: error: spec.services[0].operations[0].script[0].headers.grpc-status: not text; put it in quotes (got the number 14, expected text) [wrong-type])"},
        {"HeaderName",
         {.services =
              R"([{name: a, operations: [{script: [{status: 200, headers: {"a b": x}}]}]}])"},
         R"(s.yaml:5:71: error: spec.services[0].operations[0].script[0].headers.a b: not the name of a header (expected letters, digits and -) [bad-header])"},
        {"HeaderTwice",
         {.services =
              R"([{name: a, operations: [{script: [{status: 200, headers: {X-A: x, x-a: y}}]}]}])"},
         R"(s.yaml:5:79: error: spec.services[0].operations[0].script[0].headers.x-a: the header stands twice (expected each header once) [bad-header])"},
        {"LowerCaseMethod",
         {.services = R"([{name: a, operations: [{match: {method: get}}]}])"},
         R"(s.yaml:5:54: error: spec.services[0].operations[0].match.method: unknown value (got the string "get", expected GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE or PATCH) [unknown-value]
    hint: did you mean "GET"?)"},
        {"RelativePath",
         {.services = R"([{name: a, operations: [{match: {path: pay}}]}])"},
         R"(s.yaml:5:52: error: spec.services[0].operations[0].match.path: not a valid path (got the string "pay", expected a path that starts with /) [bad-text])"},
        {"UnknownService",
         {.services = R"([{name: a, operations: [{steps: [{call: {service: bb}}]}]}])"},
         R"(s.yaml:5:63: error: no such service in the scenario or its manifests (got "bb.default", expected a.default) [unknown-name]
    hint: did you mean "a.default"?)"},
        {"UnknownServiceNear",
         {.services =
              R"([{name: ledger}, {name: a, operations: [{steps: [{call: {service: leger}}]}]}])"},
         R"(s.yaml:5:79: error: no such service in the scenario or its manifests (got "leger.default", expected ledger.default or a.default) [unknown-name]
    hint: did you mean "ledger.default"?)"},
        {"OtherNamespace",
         {.services =
              R"([{name: b, namespace: prod}, {name: a, operations: [{steps: [{call: {service: b}}]}]}])"},
         R"(s.yaml:5:91: error: no such service in the scenario or its manifests (got "b.default", expected b.prod or a.default) [unknown-name]
    hint: did you mean "b.prod"?)"},
        {"UnknownPort",
         {.services = R"([{name: a, operations: [{steps: [{call: {service: "a:8080"}}]}]}])"},
         R"(s.yaml:5:63: error: service a.default has no such port (got "8080", expected 80) [unknown-name])"},
        {"PortTooHigh",
         {.services = R"([{name: a, operations: [{steps: [{call: {service: "a:80800"}}]}]}])"},
         R"(s.yaml:5:63: error: spec.services[0].operations[0].steps[0].call.service: not a port after the `:` (got the string "a:80800", expected name, name.namespace or name.namespace:port) [bad-reference])"},
        {"ServiceWithThreeParts",
         {.services = R"([{name: a, operations: [{steps: [{call: {service: a.default.svc}}]}]}])"},
         R"(s.yaml:5:63: error: spec.services[0].operations[0].steps[0].call.service: not the name of a service (got the string "a.default.svc", expected name, name.namespace or name.namespace:port) [bad-reference])"},
        {"Probability",
         {.services =
              R"([{name: a, operations: [{steps: [{call: {service: a, probability: 1.5}}]}]}])"},
         R"(s.yaml:5:79: error: spec.services[0].operations[0].steps[0].call.probability: out of range (got the number 1.5, expected a number from 0 to 1) [out-of-range])"},
    }),
    case_name);

}  // namespace
}  // namespace spillway::scenarios
