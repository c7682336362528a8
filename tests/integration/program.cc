#include "tests/integration/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <system_error>

namespace spillway::integration {
namespace fs = std::filesystem;
namespace {

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

fs::path new_folder() {
  std::string pattern = testing::TempDir() + "spillway-XXXXXX";
  if (!::mkdtemp(pattern.data())) throw std::system_error(errno, std::generic_category(), pattern);
  return pattern;
}

void redirect(const fs::path& file, int flags, int descriptor) {
  const int opened = ::open(file.c_str(), flags, 0600);
  ::dup2(opened, descriptor);
  ::close(opened);
}

}  // namespace

Process::Process(const fs::path& folder, const std::vector<std::string>& arguments,
                 const std::string& input)
    : streams_(new_folder()) {
  const fs::path in = streams_ / "in";
  std::ofstream(in) << input;
  std::vector<std::string> texts{SPILLWAY_BINARY};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ != 0) return;
  redirect(in, O_RDONLY, STDIN_FILENO);
  redirect(streams_ / "out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  redirect(streams_ / "err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  ::unsetenv("NO_COLOR");
  if (::chdir(folder.c_str()) == 0) ::execv(argv[0], argv.data());
  ::_exit(127);
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  fs::remove_all(streams_);
}

void Process::signal(int number) const { ::kill(pid_, number); }

double Process::cpu_seconds() const {
  const std::string stat = contents("/proc/" + std::to_string(pid_) + "/stat");
  std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

bool Process::catches(int number) const {
  std::istringstream status(contents("/proc/" + std::to_string(pid_) + "/status"));
  for (std::string word; status >> word;) {
    if (word != "SigCgt:") continue;
    std::uint64_t mask = 0;
    status >> std::hex >> mask;
    return (mask >> (number - 1)) & 1;
  }
  return false;
}

Ended Process::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
          contents(streams_ / "out"), contents(streams_ / "err")};
}

void ProgramTest::SetUp() { folder_ = new_folder(); }

void ProgramTest::TearDown() { fs::remove_all(folder_); }

Ended ProgramTest::spillway(const std::vector<std::string>& arguments,
                            const std::string& input) const {
  return Process(folder_, arguments, input).wait();
}

void ProgramTest::write(const std::string& file, const std::string& text) const {
  fs::create_directories((folder_ / file).parent_path());
  std::ofstream(folder_ / file) << text;
}

std::string ProgramTest::read(const fs::path& file) const { return contents(folder_ / file); }

bool ProgramTest::exists(const fs::path& file) const { return fs::exists(folder_ / file); }

std::vector<std::string> ProgramTest::entries(const fs::path& below) const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_ / below))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string scenario(const std::string& name, const std::string& seconds, const std::string& more) {
  return "apiVersion: spillway.dev/v1alpha1\n"
         "kind: Scenario\n"
         "metadata: {name: " +
         name +
         "}\n"
         "spec:\n"
         "  services:\n"
         "    - name: b\n"
         "      workers: 4\n"
         "      operations: [{name: all, steps: [{work: {exponential: {mean: 10ms}}}]}]\n"
         "  traffic:\n"
         "    - {name: clients, to: {service: b}, arrivals: {poisson: {rate: 100/s}}}\n"
         "  faults:\n"
         "    - {at: 0s, target: {service: b}, abort: {status: 503, percent: 50}}\n"
         "  run: {duration: " +
         seconds + ", replications: 2, seed: 7}\n" + more;
}

std::string endless_scenario() { return scenario("endless", "100000000s, interval: 1000s"); }

}  // namespace spillway::integration
