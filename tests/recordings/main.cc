// recordings KIND FILE.jsonl [--only NAME] [--verbose]: holds the simulator to what real programs
// were recorded to do. Exit code 0 if every case agrees, 3 if not, 1 for a bad file, 2 for usage.
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "tests/recordings/kinds.h"
#include "tests/recordings/report.h"

namespace spillway::recordings {
namespace {

const std::map<std::string, Check>& kinds() {
  static const std::map<std::string, Check> table{
      {"envoy", check_envoy}, {"systems", check_systems}, {"linkerd", check_linkerd},
      {"istio", check_istio}, {"cilium", check_cilium},   {"kgateway", check_kgateway},
  };
  return table;
}

int usage() {
  std::cerr << "usage: recordings KIND FILE.jsonl [--only NAME] [--verbose]; KIND is one of:";
  for (const auto& [name, check] : kinds()) std::cerr << ' ' << name;
  std::cerr << '\n';
  return 2;
}

int run(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  std::string only;
  bool verbose = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--verbose")
      verbose = true;
    else if (arguments[i] == "--only" && i + 1 < arguments.size())
      only = arguments[++i];
    else
      words.push_back(arguments[i]);
  }
  if (words.size() != 2 || !kinds().contains(words[0])) return usage();
  std::ifstream file(words[1]);
  if (!file) {
    std::cerr << words[1] << ": error: cannot be read\n";
    return 1;
  }
  std::vector<nlohmann::json> cases;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    nlohmann::json one = nlohmann::json::parse(line, nullptr, false);
    if (one.is_discarded()) {
      std::cerr << words[1] << ':' << number << ":1: error: not a JSON object\n";
      return 1;
    }
    if (only.empty() || one.value("name", "") == only) cases.push_back(std::move(one));
  }
  Report report(std::cout, verbose);
  kinds().at(words[0])(cases, report);
  return report.finish() ? 0 : 3;
}

}  // namespace
}  // namespace spillway::recordings

int main(int argc, char** argv) { return spillway::recordings::run({argv + 1, argv + argc}); }
