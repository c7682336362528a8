// The fields of a request, as part of other objects.
#pragma once

#include <utility>

#include "scenarios/basic_types.h"
#include "scenarios/object.h"

namespace spillway::scenarios {

/// Adds method, host, path and headers of the request `of(T&)`.
template <class T, class Of>
Object<T> request_fields(Object<T> object, Of of) {
  object
      .custom(
          "method", http_method(),
          [of](T& into, std::string value) { of(into).method = std::move(value); }, "HTTP method.",
          "GET")
      .custom(
          "path", url_path(),
          [of](T& into, std::string value) { of(into).path = std::move(value); },
          "Path, with `?query` if there is one.", "/")
      .custom(
          "host", hostname(),
          [of](T& into, std::string value) { of(into).host = std::move(value); }, "Host header.",
          "the name of the service that is called")
      .custom(
          "headers", headers(),
          [of](T& into, std::vector<model::Header> value) { of(into).headers = std::move(value); },
          "Further headers.", "none");
  return object;
}

}  // namespace spillway::scenarios
