// As much of JSON Schema draft 2020-12 as json_schema() uses, and documents as JSON values.
#pragma once

#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "scenarios/node.h"

namespace spillway::scenarios {

/// A document as a JSON parser would give it.
nlohmann::json to_json(const Node& node);

/// Why `value` does not fit the root of a schema; empty if it fits. A keyword that is not known is
/// a failure.
class SchemaChecker {
 public:
  explicit SchemaChecker(nlohmann::json schema) : root_(std::move(schema)) {}

  std::string check(const nlohmann::json& value) { return check(root_, value, "$"); }

 private:
  using Json = nlohmann::json;

  std::string check(const Json& schema, const Json& value, const std::string& at);
  std::string keyword(const std::string& key, const Json& schema, const Json& value,
                      const std::string& at);
  std::string object(const Json& schema, const Json& value, const std::string& at);
  int fitting(const Json& schemas, const Json& value, const std::string& at);
  bool matches(const std::string& pattern, const std::string& text);

  Json root_;
  std::map<std::string, std::regex> patterns_;
};

}  // namespace spillway::scenarios
