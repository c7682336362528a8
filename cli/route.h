// `spillway route`: which route, rule and backends answer one request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "model/spec/request.h"

namespace spillway::cli {

struct Session;

struct RouteOptions {
  std::vector<std::string> files;
  std::string method = "GET";
  std::string url;                   ///< http[s]://HOST[:PORT]/PATH
  std::vector<std::string> headers;  ///< "name: value"
  std::string gateway;               ///< ns/name[:port]
  std::string service;               ///< name.ns[:port]
  std::string from_namespace;        ///< of the client; empty: the service's
  std::string channel;
  /// References to Services that no file holds are valid; absent: when no file holds any Service.
  std::optional<bool> assume_services;
  std::string format = "text";  ///< text | json
};

ExitCode route(const RouteOptions& options, Session& session);

/// What a URL says; nullopt when it is none of http or https with a host.
struct Url {
  std::string scheme;
  std::string host;  ///< with the port, as a Host header has it
  std::optional<int> port;
  std::string path;  ///< with the query; "/" when absent
};
std::optional<Url> parse_url(std::string_view text);
/// "name: value", blanks around the value dropped; nullopt without a name or colon.
std::optional<model::Header> parse_header(std::string_view text);

}  // namespace spillway::cli
