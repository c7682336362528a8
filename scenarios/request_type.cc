// Requests on the wire: method, host, path, headers.
#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/request_fields.h"
#include "scenarios/types.h"

namespace spillway::scenarios {

const Type<model::Request>& request() {
  static const Type<model::Request> type =
      request_fields(Object<model::Request>("request", "A request on the wire."),
                     [](model::Request& r) -> model::Request& { return r; });
  return type;
}

const Type<std::vector<model::WeightedRequest>>& weighted_requests() {
  using model::WeightedRequest;
  static const Type<double> weight = number(0, 1e9);
  static const Type<WeightedRequest> flat =
      request_fields(Object<WeightedRequest>("weighted request",
                                             "A request and how often it is "
                                             "sent."),
                     [](WeightedRequest& r) -> model::Request& { return r.request; })
          .optional("weight", &WeightedRequest::weight, weight, "Share among the requests.");
  static const Type<WeightedRequest> nested =
      Object<WeightedRequest>("weighted request entry", "The same with the request on its own.")
          .required("request", &WeightedRequest::request, request(), "What is sent.")
          .optional("weight", &WeightedRequest::weight, weight, "Share among the requests.");
  static const Type<std::vector<WeightedRequest>> type =
      list_of(either<WeightedRequest>({flat, nested}, "a mapping with method, path, weight"), 1);
  return type;
}

}  // namespace spillway::scenarios
