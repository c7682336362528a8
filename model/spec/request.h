// What identifies a request on the wire, for matching: method, host, path, query and headers. Plain
// values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/spec/diagnostic.h"

namespace spillway::model {

/// Header names compare without regard to case; the first entry of a name wins.
struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

/// `path` may carry `?query`.
struct Request {
  std::string method = "GET";
  std::string host;  ///< empty: the name of the service that is called
  std::string path = "/";
  std::vector<Header> headers;

  bool operator==(const Request&) const = default;
};

/// `name.namespace[:port]` as scenarios write a Service. Port 0: not given.
struct ServiceRef {
  std::string name;
  std::string namespace_ = "default";
  int port = 0;
  Place place;

  /// "name.namespace", the scope of the service in every output.
  std::string scope() const { return name + "." + namespace_; }
  bool operator==(const ServiceRef& o) const {
    return name == o.name && namespace_ == o.namespace_ && port == o.port;
  }
};

}  // namespace spillway::model
