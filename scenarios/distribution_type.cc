// Laws from which times are drawn.
#include <algorithm>
#include <cmath>

#include "scenarios/basic_types.h"
#include "scenarios/csv.h"
#include "scenarios/object.h"
#include "scenarios/quantity.h"
#include "scenarios/scalar.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using sim::Distribution;
using sim::Duration;

/// The parameters of all laws; each law reads its own.
struct Parameters {
  Duration mean, median, p99, scale, minimum, from, to;
  double sigma = 0, cv = 0, scv = 0, shape = 0, alpha = 0;
  std::uint32_t k = 1;
};

using Law = Object<Parameters>;

Type<Distribution> law(const Type<Parameters>& type, Distribution (*make)(const Parameters&)) {
  return converted<Distribution>(type, [make](const Parameters& p) { return make(p); });
}

Type<Distribution> exponential() {
  return law(Law("exponential", "Exponential law.")
                 .required("mean", &Parameters::mean, duration(), "Mean."),
             [](const Parameters& p) { return Distribution::exponential(p.mean); });
}

Type<Distribution> lognormal() {
  return law(Law("lognormal", "Lognormal law, by median and 99th percentile or by mean and sigma.")
                 .custom(
                     "median", positive_duration(), [](Parameters& p, Duration d) { p.median = d; },
                     "Median.")
                 .custom(
                     "p99", positive_duration(), [](Parameters& p, Duration d) { p.p99 = d; },
                     "99th percentile, not below the median.")
                 .custom(
                     "mean", duration(), [](Parameters& p, Duration d) { p.mean = d; },
                     "Mean of the values.")
                 .custom(
                     "sigma", number(0, 10), [](Parameters& p, double s) { p.sigma = s; },
                     "Standard deviation of the logarithm of the values.")
                 .exactly_one({"median", "mean"})
                 .needs("median", "p99")
                 .needs("p99", "median")
                 .needs("mean", "sigma")
                 .needs("sigma", "mean")
                 .check([](Parameters& p, const Node& node, const Path& path, Decoding& decoding) {
                   const Node* p99 = node.find("p99");
                   if (p99 == nullptr || p.median <= p.p99) return true;
                   return complain(*p99, path / "p99", decoding, "contradiction",
                                   "below the median", "at least " + format_duration(p.median));
                 }),
             [](const Parameters& p) {
               return p.median.ns > 0 ? Distribution::lognormal_median_p99(p.median, p.p99)
                                      : Distribution::lognormal_mean_sigma(p.mean, p.sigma);
             });
}

Type<Distribution> gamma() {
  return law(Law("gamma", "Gamma law.")
                 .required("mean", &Parameters::mean, duration(), "Mean.")
                 .required("cv", &Parameters::cv, number(0, 100),
                           "Coefficient of variation: standard deviation over mean."),
             [](const Parameters& p) { return Distribution::gamma(p.mean, p.cv); });
}

Type<Distribution> erlang() {
  return law(
      Law("erlang", "Sum of k exponential stages.")
          .required("mean", &Parameters::mean, duration(), "Mean of the sum.")
          .required("k", &Parameters::k, whole<std::uint32_t>(1, 1'000'000), "Number of stages."),
      [](const Parameters& p) { return Distribution::erlang(p.mean, p.k); });
}

Type<Distribution> hyperexponential() {
  return law(
      Law("hyperexponential", "Two exponential branches that each carry half of the mean.")
          .required("mean", &Parameters::mean, duration(), "Mean.")
          .required("scv", &Parameters::scv, number(1, 1e6), "Squared coefficient of variation."),
      [](const Parameters& p) { return Distribution::hyperexponential(p.mean, p.scv); });
}

Type<Distribution> weibull() {
  return law(Law("weibull", "Weibull law: P(X > x) = exp(-(x/scale)^shape).")
                 .required("scale", &Parameters::scale, duration(), "Scale.")
                 .required("shape", &Parameters::shape, number(0.1, 100), "Shape."),
             [](const Parameters& p) { return Distribution::weibull(p.scale, p.shape); });
}

Type<Distribution> pareto() {
  return law(Law("pareto", "Pareto law: P(X > x) = (minimum/x)^alpha.")
                 .required("minimum", &Parameters::minimum, duration(), "Smallest value.")
                 .required("alpha", &Parameters::alpha, number(0, 1000, true),
                           "Tail index; the mean is infinite up to 1."),
             [](const Parameters& p) { return Distribution::pareto(p.minimum, p.alpha); });
}

Type<Distribution> uniform() {
  return law(Law("uniform", "Uniform law.")
                 .required("from", &Parameters::from, duration(), "Smallest value.")
                 .required("to", &Parameters::to, duration(), "Largest value, not below `from`.")
                 .check([](Parameters& p, const Node& node, const Path& path, Decoding& decoding) {
                   if (p.from <= p.to) return true;
                   return complain(*node.find("to"), path / "to", decoding, "contradiction",
                                   "below `from`", "at least " + format_duration(p.from));
                 }),
             [](const Parameters& p) { return Distribution::uniform(p.from, p.to); });
}

/// What stands under `empirical`.
struct Empirical {
  std::vector<sim::QuantilePoint> points;
  std::optional<Distribution> from_file;
};

/// "p99.9" -> 0.999.
std::optional<double> quantile_of(std::string_view key) {
  if (key == "min") return 0.0;
  if (key == "max") return 1.0;
  if (!key.starts_with('p')) return std::nullopt;
  const auto percent = parse_number(key.substr(1));
  if (!percent || *percent <= 0 || *percent >= 100) return std::nullopt;
  // The double next to what is written: 99.9 / 100 is not 0.999.
  const auto share = parse_number(std::string(key.substr(1)) + "e-2");
  return share ? share : *percent / 100;
}

bool read_quantile(const Member& member, const Path& path, Empirical& into, Decoding& decoding) {
  const auto probability = quantile_of(member.key);
  if (!probability) {
    decoding.diagnostics.push_back(mistake(member.key_place, "unknown-field",
                                           path.text() + ": not a quantile", in_quotes(member.key),
                                           "p50, p99.9, min, max or file"));
    return false;
  }
  Duration value;
  if (!duration().decode(member.value, path, value, decoding)) return false;
  into.points.push_back({*probability, value});
  return true;
}

bool check_quantiles(Empirical& law, const Node& node, const Path& path, Decoding& decoding) {
  if (law.from_file && law.points.empty()) return true;
  if (law.from_file)
    return complain(node, path, decoding, "contradiction",
                    "`file` and quantiles exclude each other", "one of them");
  if (law.points.empty())
    return complain(node, path, decoding, "missing-field", "no quantile",
                    "at least one of p50, p99.9, max or a file");
  std::ranges::sort(law.points, {}, &sim::QuantilePoint::probability);
  for (std::size_t i = 1; i < law.points.size(); ++i)
    if (law.points[i].value < law.points[i - 1].value)
      return complain(node, path, decoding, "contradiction",
                      "a higher quantile is below a lower one", "values that do not decrease");
  return true;
}

Type<Distribution> empirical() {
  static const Type<Empirical> type =
      Object<Empirical>("empirical",
                        "Law through known quantiles, linear between them; or from a CSV file.")
          .custom(
              "file", distribution_file(),
              [](Empirical& e, Distribution d) { e.from_file = std::move(d); },
              "CSV file, relative to the scenario: a column `value` (durations, or numbers "
              "with the unit in its name: `value_ms`, `value_s`, `value_us`) and, unless the "
              "rows are samples, a column `count` (of values up to this one and above the row "
              "before) or `cumulative` (share of values up to this one, 0 to 1).")
          .others(R"(^(min|max|p[0-9]{1,2}(\.[0-9]+)?)$)", duration().shape, read_quantile)
          .check(check_quantiles);
  return converted<Distribution>(type, [](Empirical e) {
    return e.from_file ? *e.from_file : Distribution::empirical(std::move(e.points));
  });
}

}  // namespace

const Type<Distribution>& distribution() {
  static const Type<Distribution> type = either<Distribution>(
      {converted<Distribution>(duration(), [](Duration d) { return Distribution::constant(d); }),
       Object<Distribution>("distribution",
                            "A law from which times are drawn; a bare duration is "
                            "a constant.")
           .one("exponential", exponential(), "Exponential law.")
           .one("lognormal", lognormal(), "Lognormal law.")
           .one("gamma", gamma(), "Gamma law.")
           .one("erlang", erlang(), "Erlang law.")
           .one("hyperexponential", hyperexponential(), "More variable than exponential.")
           .one("weibull", weibull(), "Weibull law.")
           .one("pareto", pareto(), "Pareto law.")
           .one("uniform", uniform(), "Uniform law.")
           .one("empirical", empirical(), "Law through known quantiles.")},
      "a duration such as 250ms or a law such as {exponential: {mean: 250ms}}");
  return type;
}

}  // namespace spillway::scenarios
