// Every reference number against the simulator: 32 or more independent replications, seed fixed.
// The mean must lie within Student's interval at a family-wise level of 1 % over all rows
// (Bonferroni), and its standard error within the row's precision, so that a sloppy run fails.
#include <fmt/format.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <thread>

#include "sim/statistics.h"
#include "tests/support/runs.h"
#include "tests/validation/oracle.h"

namespace spillway::validation {
namespace {

constexpr std::uint32_t kSamples = 32;
constexpr double kFamilyLevel = 0.01;
constexpr double kRare = 40;      ///< fewer events than this are judged by Poisson's law
constexpr double kDigits = 1e-9;  ///< relative: the references have ten digits

const std::vector<Oracle>& oracles() {
  static const std::vector<Oracle> all =
      read_oracles(SPILLWAY_SOURCE_DIR "/tests/validation/oracles.csv");
  return all;
}

/// Rows that are not simulated, and why.
struct NotCovered {
  std::string model, metric, reason;
};
const std::vector<NotCovered> kNotCovered = {
    {"retry fixed point", "vulnerable_lower_edge",
     "the edge of a mean-field equation: a load, not a quantity that a run at one load measures"},
    {"retry fixed point", "saddle_node_load",
     "the edge of a mean-field equation: an upper bound, which a finite system leaves earlier"},
    {"timeout of each try", "latency_p99",
     "the quantile falls on the atom of those that gave up; the success row measures the atom"}};

bool listed(const Oracle& row) {
  return std::ranges::any_of(kNotCovered, [&](const NotCovered& n) {
    return n.model == row.model && n.metric == row.metric;
  });
}

/// Rows that one simulation can judge.
struct Group {
  std::string model, params;
  std::vector<const Oracle*> rows;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> all = [] {
    std::vector<Group> list;
    for (const Oracle& row : oracles()) {
      if (listed(row)) continue;
      auto found = std::ranges::find_if(
          list, [&](const Group& g) { return g.model == row.model && g.params == row.params; });
      if (found == list.end()) found = list.insert(list.end(), {row.model, row.params, {}});
      found->rows.push_back(&row);
    }
    return list;
  }();
  return all;
}

/// P(N <= n) for N ~ Poisson(mean).
double poisson_cdf(std::uint64_t n, double mean) {
  double term = std::exp(-mean), sum = term;
  for (std::uint64_t k = 1; k <= n; ++k) sum += term *= mean / static_cast<double>(k);
  return std::min(sum, 1.0);
}

/// The means of a row over batches of replications.
struct Estimate {
  sim::Welford samples;
  double trials = 0, hits = 0;

  void add(const std::vector<Observed>& batch) {
    double sum = 0;
    for (const Observed& o : batch) {
      sum += o.value;
      trials += o.trials;
      hits += o.value * o.trials;
    }
    samples.add(sum / static_cast<double>(batch.size()));
  }
};

void expect_rare(const Estimate& e, double expected, double level) {
  const bool rarely = expected < 0.5;
  const double mean = e.trials * (rarely ? expected : 1 - expected);
  const auto n = static_cast<std::uint64_t>(std::llround(rarely ? e.hits : e.trials - e.hits));
  EXPECT_GT(poisson_cdf(n, mean), level / 2) << n << " events, " << mean << " expected";
  EXPECT_GT(n == 0 ? 1.0 : 1 - poisson_cdf(n - 1, mean), level / 2)
      << n << " events, " << mean << " expected";
}

void expect_row(const Oracle& row, const Judged& judged, const Estimate& e) {
  static const auto assertions = static_cast<double>(
      std::ranges::count_if(oracles(), [](const Oracle& o) { return !listed(o); }));
  const double level = kFamilyLevel / assertions;
  const double expected = judged.expected;
  if (e.trials > 0 && e.trials * std::min(expected, 1 - expected) < kRare)
    return expect_rare(e, expected, level);
  const double error = e.samples.stddev() / std::sqrt(static_cast<double>(e.samples.count()));
  const double t =
      sim::student_t_quantile(1 - level / 2, static_cast<double>(e.samples.count() - 1));
  const double tolerance = t * error + (row.bias + kDigits) * std::abs(expected);
  EXPECT_LE(std::abs(e.samples.mean() - expected), tolerance)
      << fmt::format("{:.6g} +- {:.2g}, expected {:.6g}", e.samples.mean(), error, expected);
  EXPECT_LE(error, row.precision * std::abs(expected))
      << fmt::format("{:.6g} +- {:.2g}: not precise enough", e.samples.mean(), error);
}

/// What each row is in each replication of one sample.
using Batch = std::vector<std::vector<Observed>>;

Batch observe(const model::Mesh& mesh, const std::vector<Judged>& rows, std::uint32_t first,
              std::uint32_t replications) {
  const model::RunSpec& run = scenario(mesh).run;
  Batch batch(rows.size());
  for (std::uint32_t i = 0; i < replications; ++i) {
    const model::ReplicationResult result = run_replication(mesh, run.seed, first + i);
    const Sample measured{scopes(mesh), result, (run.duration - run.warmup).seconds()};
    for (std::size_t r = 0; r < rows.size(); ++r) batch[r].push_back(rows[r].measure(measured));
  }
  return batch;
}

/// The samples in their order, computed by two threads.
std::vector<Batch> samples(const model::Mesh& mesh, const std::vector<Judged>& rows,
                           std::uint32_t replications) {
  std::vector<Batch> list(kSamples);
  std::atomic<std::uint32_t> next = 0;
  const auto work = [&] {
    for (std::uint32_t i; (i = next++) < kSamples;)
      list[i] = observe(mesh, rows, i * replications, replications);
  };
  std::jthread other(work);
  work();
  other.join();
  return list;
}

class Oracles : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Oracles, AreReproduced) {
  const Group& group = groups()[GetParam()];
  System system = find_system(group.model, group.params);
  std::vector<Judged> rows;
  for (const Oracle* row : group.rows) rows.push_back(judged(system, *row));
  const model::MeshPtr mesh = model::build::compiled(std::move(system.spec));
  std::vector<Estimate> estimates(rows.size());
  for (const Batch& batch : samples(*mesh, rows, system.batch))
    for (std::size_t r = 0; r < rows.size(); ++r) estimates[r].add(batch[r]);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    SCOPED_TRACE(group.rows[r]->metric + ": " + group.rows[r]->formula);
    expect_row(*group.rows[r], rows[r], estimates[r]);
  }
}

std::string test_name(const ::testing::TestParamInfo<std::size_t>& info) {
  std::string name = groups()[info.param].model + "_" + groups()[info.param].params;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, Oracles, ::testing::Range<std::size_t>(0, groups().size()),
                         test_name);

TEST(OracleRows, AreReadWithTheirQuotedFields) {
  EXPECT_GT(oracles().size(), 250U);
  for (const Oracle& row : oracles()) EXPECT_GT(row.precision, 0) << row.model;
}

TEST(OracleRows, AreEachSimulatedOrListedWithAReason) {
  for (const Oracle& row : oracles()) {
    if (listed(row)) continue;
    EXPECT_NO_THROW(judged(find_system(row.model, row.params), row)) << row.model;
  }
  for (const NotCovered& n : kNotCovered)
    EXPECT_TRUE(std::ranges::any_of(
        oracles(),
        [&](const Oracle& row) { return n.model == row.model && n.metric == row.metric; }))
        << n.model << " " << n.metric;
}

TEST(OracleRows, RejectAModelAndAMetricThatNobodyKnows) {
  EXPECT_THROW(find_system("M/X/1", ""), std::runtime_error);
  Oracle row;
  row.metric = "mean_weight";
  EXPECT_THROW(judged(find_system("M/M/1", "lambda=0.5"), row), std::runtime_error);
}

/// A test that cannot fail proves nothing: a wrong reference must be noticed.
TEST(OracleRows, NoticeAWrongReference) {
  Estimate e;
  for (int i = 0; i < 32; ++i) e.add({Observed(i % 2 ? 1.01 : 0.99)});
  Oracle row;
  row.precision = 0.01;
  EXPECT_NONFATAL_FAILURE(expect_row(row, {{}, 1.02}, e), "expected 1.02");
  row.precision = 0.0001;
  EXPECT_NONFATAL_FAILURE(expect_row(row, {{}, 1.0}, e), "not precise enough");
}

}  // namespace
}  // namespace spillway::validation
