// When requests arrive.
#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;
using sim::Duration;
using sim::Time;

RateProfile constant_rate(double per_second) { return {{{Time{}, per_second}}}; }

struct Stage {
  Duration length;
  double to = 0;
};
struct Stages {
  double from = 0;
  std::vector<Stage> stages;
};

Type<RateProfile> staged_rate() {
  static const Type<Stage> stage =
      Object<Stage>("stage", "A linear ramp.")
          .required("for", &Stage::length, duration(), "Its length; 0s is a jump.")
          .required("to", &Stage::to, rate(), "The rate at its end.");
  static const Type<Stages> stages =
      Object<Stages>("rate stages", "A rate that goes up and down in linear ramps.")
          .required("stages", &Stages::stages, list_of(stage, 1),
                    "Ramps, one after the other; the last rate stays.")
          .optional("from", &Stages::from, rate(), "The rate at the start.", "0/s");
  return converted<RateProfile>(stages, [](const Stages& s) {
    RateProfile profile = constant_rate(s.from);
    Time at;
    for (const Stage& ramp : s.stages) {
      at = at + ramp.length;
      profile.points.push_back({at, ramp.to});
    }
    return profile;
  });
}

struct RateStep {
  Duration at;
  double rate = 0;
};
struct RateSteps {
  std::vector<RateStep> steps;
};

/// Constant between the steps, zero before the first.
RateProfile profile_of_steps(const std::vector<RateStep>& steps) {
  RateProfile profile;
  double last = 0;
  for (const RateStep& step : steps) {
    const Time at{step.at.ns};
    if (profile.points.empty() && at.ns > 0) profile.points.push_back({Time{}, 0});
    if (!profile.points.empty()) profile.points.push_back({at, last});
    profile.points.push_back({at, step.rate});
    last = step.rate;
  }
  return profile;
}

bool check_steps(RateSteps& steps, const Node& node, const Path& path, Decoding& decoding) {
  const Node& list = *node.find("steps");
  for (std::size_t i = 1; i < steps.steps.size(); ++i)
    if (steps.steps[i].at <= steps.steps[i - 1].at)
      return complain(*list.items[i].find("at"), (path / "steps")[i] / "at", decoding,
                      "not-ascending", "not after the step before", "ascending times");
  return true;
}

Type<RateProfile> stepped_rate() {
  static const Type<RateStep> step =
      Object<RateStep>("rate step", "A rate from some time on.")
          .required("at", &RateStep::at, duration(), "From when.")
          .required("rate", &RateStep::rate, rate(), "The rate from then on.");
  static const Type<RateSteps> steps =
      Object<RateSteps>("rate steps", "A rate that changes at once.")
          .required("steps", &RateSteps::steps, list_of(step, 1),
                    "In ascending order; the rate is zero before the first and stays after the "
                    "last.")
          .check(check_steps);
  return converted<RateProfile>(steps,
                                [](const RateSteps& s) { return profile_of_steps(s.steps); });
}

/// A rate, or a profile of it.
const Type<RateProfile>& rate_profile() {
  static const Type<RateProfile> type = [] {
    Type<RateProfile> any = either<RateProfile>(
        {converted<RateProfile>(rate(), constant_rate), staged_rate(), stepped_rate()},
        "a rate such as 200/s, {stages: ...} or {steps: ...}");
    any.decode = [decode = any.decode](const Node& node, const Path& path, RateProfile& into,
                                       Decoding& decoding) {
      if (!decode(node, path, into, decoding)) return false;
      const auto zero = [](const RateProfile::Point& p) { return p.per_second == 0; };
      return !std::ranges::all_of(into.points, zero) ||
             complain(node, path, decoding, "out-of-range", "no request would ever arrive",
                      "a rate above zero");
    };
    return any;
  }();
  return type;
}

struct Mmpp {
  std::vector<double> rates;
  std::vector<Duration> holding;
};

Type<MmppArrivals> mmpp() {
  static const Type<Mmpp> type =
      Object<Mmpp>("mmpp",
                   "Poisson arrivals whose rate goes through states in turn, each for an "
                   "exponential time.")
          .required("rates", &Mmpp::rates, list_of(rate(), 2), "Rate in each state.")
          .required("holding", &Mmpp::holding, list_of(positive_duration(), 2),
                    "Mean time in each state.")
          .check([](Mmpp& m, const Node& node, const Path& path, Decoding& decoding) {
            if (m.rates.size() != m.holding.size())
              return complain(*node.find("holding"), path / "holding", decoding, "contradiction",
                              std::to_string(m.holding.size()) + " times for " +
                                  std::to_string(m.rates.size()) + " rates",
                              "one time for each rate");
            return std::ranges::any_of(m.rates, [](double r) { return r > 0; }) ||
                   complain(*node.find("rates"), path / "rates", decoding, "out-of-range",
                            "no request would ever arrive", "a rate above zero");
          });
  return converted<MmppArrivals>(type, [](Mmpp m) {
    return MmppArrivals{std::move(m.rates), std::move(m.holding)};
  });
}

/// `times` and traces.
bool check_times(const std::vector<Duration>& times, const Node& node, const Path& path,
                 Decoding& decoding) {
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] < times[i - 1])
      return complain(node.items[i], path[i], decoding, "not-ascending",
                      "before the time in front of it", "ascending times");
  return true;
}

Type<TimedArrivals> times() {
  static const Type<std::vector<Duration>> list = list_of(duration(), 1);
  Type<TimedArrivals> type;
  type.shape = list.shape;
  type.decode = [](const Node& node, const Path& path, TimedArrivals& into, Decoding& decoding) {
    std::vector<Duration> read;
    if (!list.decode(node, path, read, decoding) || !check_times(read, node, path, decoding))
      return false;
    for (const Duration d : read) into.times.push_back(Time{d.ns});
    return true;
  };
  return type;
}

}  // namespace

const Type<Arrivals>& arrivals() {
  static const Type<PoissonArrivals> poisson =
      Object<PoissonArrivals>("poisson", "Independent arrivals.")
          .required("rate", &PoissonArrivals::rate, rate_profile(), "Requests per second.");
  static const Type<ConstantArrivals> constant =
      Object<ConstantArrivals>("constant", "Evenly spaced arrivals.")
          .required("rate", &ConstantArrivals::rate, rate_profile(), "Requests per second.");
  static const Type<RenewalArrivals> renewal =
      Object<RenewalArrivals>("renewal", "Independent gaps with a gamma law.")
          .required("rate", &RenewalArrivals::rate, rate_profile(), "Requests per second.")
          .required("cv", &RenewalArrivals::cv, number(0, 100),
                    "Coefficient of variation of the gaps.");
  static const Type<ClosedArrivals> closed =
      Object<ClosedArrivals>("closed", "Users who each send, wait for the end and think.")
          .required("users", &ClosedArrivals::users, whole<std::uint32_t>(1, 10'000'000),
                    "Number of users.")
          .optional("think", &ClosedArrivals::think, distribution(), "Time to think.", "0s");
  static const Type<Arrivals> type =
      Object<Arrivals>("arrivals",
                       "When requests arrive. Wherever a rate stands, a profile of it "
                       "may stand.")
          .one("poisson", poisson, "Independent arrivals.")
          .one("constant", constant, "Evenly spaced arrivals.")
          .one("renewal", renewal, "Gaps of a given variability.")
          .one("mmpp", mmpp(), "Bursts: a rate that switches between states.")
          .one("closed", closed, "A fixed number of users.")
          .one("trace", trace(), "From a file.")
          .one("times", times(), "At these times.");
  return type;
}

}  // namespace spillway::scenarios
