#include "tests/integration/layers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

namespace spillway::layers {
namespace {

using Folders = std::set<std::string_view>;

/// Folder -> folders that it may include, itself apart. "model" stands for every folder below it.
const std::map<std::string_view, Folders>& allowed_folders() {
  static const std::map<std::string_view, Folders> table{
      {"sim", {}},
      {"model/spec", {"sim"}},
      {"model/resources", {"model/spec", "sim"}},
      {"model/gateway", {"model/resources", "model/spec", "sim"}},
      {"model/policy", {"model/resources", "model/spec", "sim"}},
      {"model/graph", {"model/spec", "sim"}},
      {"model/workload", {"model/spec", "sim"}},
      {"model/fault", {"model/spec", "sim"}},
      {"model/analytic", {"model/graph", "model/spec", "sim"}},
      {"model/neutral", {"model/policy", "model/gateway", "model/resources", "model/spec", "sim"}},
      {"model/envoy", {"model/policy", "model/gateway", "model/resources", "model/spec", "sim"}},
      {"model/linkerd", {"model/policy", "model/gateway", "model/resources", "model/spec", "sim"}},
      {"model/profiles",
       {"model/neutral", "model/envoy", "model/linkerd", "model/policy", "model/gateway",
        "model/resources", "model/spec", "sim"}},
      {"model/run",
       {"model/profiles", "model/neutral", "model/envoy", "model/linkerd", "model/policy",
        "model/gateway", "model/workload", "model/fault", "model/graph", "model/resources",
        "model/spec", "sim"}},
      {"scenarios", {"model", "sim"}},
      {"reports", {"model", "sim"}},
      {"batch", {"reports", "scenarios", "model", "sim"}},
      {"cli", {"batch", "reports", "scenarios", "model", "sim"}},
      {"gui", {"batch", "reports", "scenarios", "model", "sim"}},
  };
  return table;
}

/// A library's headers, the folders whose files may include them, and whether headers may.
struct ThirdParty {
  std::string_view prefix;
  Folders folders;
  bool in_headers;
};

const std::array<ThirdParty, 9>& third_parties() {
  static const std::array<ThirdParty, 9> table{{
      {"boost/", {"model/graph"}, false},
      {"Eigen/", {"model/analytic"}, true},
      {"yaml-cpp/", {"scenarios"}, false},
      {"nlohmann/", {"scenarios", "reports"}, false},
      {"CLI/", {"cli"}, true},
      {"fmt/", {"model", "scenarios", "reports", "batch", "cli", "gui"}, false},
      {"Qt", {"gui"}, true},
      {"sqlite3.h", {"reports"}, false},
      {"mpi.h", {"batch"}, false},
  }};
  return table;
}

constexpr std::string_view kStandardHeaders =
    " algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv "
    "chrono cinttypes climits cmath compare complex concepts condition_variable coroutine csetjmp "
    "csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar deque exception execution "
    "filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd "
    "iostream istream iterator latch limits list map memory memory_resource mutex new numbers "
    "numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set "
    "shared_mutex source_location span sstream stack stdexcept stop_token streambuf string "
    "string_view strstream system_error thread tuple type_traits typeindex typeinfo "
    "unordered_map unordered_set utility valarray variant vector version ";

bool is_standard(std::string_view header) {
  std::string word(1, ' ');
  word.append(header).push_back(' ');
  return kStandardHeaders.find(word) != std::string_view::npos;
}

/// "model/run" of "model/run/detail/x.h", "cli" of "cli/main.cc".
std::string_view folder_of(std::string_view path) {
  const std::size_t first = path.find('/');
  if (first == std::string_view::npos) return {};
  if (path.substr(0, first) != "model") return path.substr(0, first);
  return path.substr(0, path.find('/', first + 1));
}

bool allows(const Folders& folders, std::string_view folder) {
  return folders.contains(folder) ||
         (folder.starts_with("model/") && folders.contains(std::string_view("model")));
}

bool is_qt(std::string_view name) {
  return name.size() > 1 && name[0] == 'Q' && std::isupper(static_cast<unsigned char>(name[1]));
}

std::optional<std::string> third_party_violation(std::string_view file, std::string_view name) {
  const std::string_view folder = folder_of(file);
  for (const ThirdParty& library : third_parties()) {
    const bool matches =
        name.starts_with(library.prefix) || (library.prefix == "Qt" && is_qt(name));
    if (!matches) continue;
    if (!allows(library.folders, folder)) {
      return std::string(folder) + " may not use " + std::string(name);
    }
    if (!library.in_headers && file.ends_with(".h")) {
      return std::string(name) + " may not stand in a header";
    }
    return std::nullopt;
  }
  const bool posix =
      name.starts_with("sys/") || name.starts_with("arpa/") || name.starts_with("netinet/");
  if (name.find('/') != std::string_view::npos && !posix)
    return std::string(name) + " belongs to no known library";
  return std::nullopt;
}

constexpr std::array<std::string_view, 20> kMeshWords{
    "http",  "https",   "retry",    "retries",    "retried", "route",  "routes",
    "mesh",  "gateway", "gateways", "kubernetes", "istio",   "envoy",  "linkerd",
    "proxy", "proxies", "sidecar",  "waypoint",   "yaml",    "kubectl"};

}  // namespace

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> found;
  for (int line = 1; !text.empty(); ++line) {
    std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), row.size() + 1));
    const auto skip_blanks = [&row] {
      row.remove_prefix(std::min(row.size(), row.find_first_not_of(" \t")));
    };
    skip_blanks();
    if (!row.starts_with('#')) continue;
    row.remove_prefix(1);
    skip_blanks();
    if (!row.starts_with("include")) continue;
    row.remove_prefix(7);
    skip_blanks();
    if (row.empty() || (row[0] != '"' && row[0] != '<')) continue;
    const bool angle = row[0] == '<';
    const std::size_t end = row.find(angle ? '>' : '"', 1);
    found.push_back({std::string(row.substr(1, end - 1)), angle, line});
  }
  return found;
}

std::optional<std::string> violation(std::string_view file, const Include& include) {
  const std::string_view folder = folder_of(file);
  if (include.angle) {
    if (is_standard(include.name)) return std::nullopt;
    if (folder == "sim") return std::string("sim may not use ").append(include.name);
    return third_party_violation(file, include.name);
  }
  const std::string_view target = folder_of(include.name);
  if (!allowed_folders().contains(target)) {
    return include.name + " is no path from the repository root to a known layer";
  }
  const auto rules = allowed_folders().find(folder);
  if (rules == allowed_folders().end()) return std::string(folder) + " is no known layer";
  if (target == folder || allows(rules->second, target)) return std::nullopt;
  return std::string(folder) + " may not include " + include.name;
}

std::optional<std::string> mesh_word(std::string_view text) {
  int line = 1;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto c = static_cast<unsigned char>(i < text.size() ? text[i] : '\n');
    const bool starts_word =
        std::isupper(c) && !word.empty() && std::islower(static_cast<unsigned char>(text[i - 1]));
    if (!std::isalpha(c) || starts_word) {
      if (std::ranges::find(kMeshWords, word) != kMeshWords.end()) {
        return std::string("line ").append(std::to_string(line)).append(": ").append(word);
      }
      word.clear();
    }
    if (std::isalpha(c)) word += static_cast<char>(std::tolower(c));
    if (c == '\n') ++line;
  }
  return std::nullopt;
}

}  // namespace spillway::layers
