#include "model/policy/backoff.h"

#include <algorithm>

namespace spillway::model {
namespace {

/// Uniform in [from, to), whole nanoseconds.
sim::Duration uniform(sim::Duration from, sim::Duration to, sim::Draw& draw) {
  const double share = draw.uniform() * static_cast<double>((to - from).ns);
  return from + sim::Duration{static_cast<std::int64_t>(share)};
}

/// x^n by squaring: the same bits everywhere, and quick for the retry numbers of policies without a
/// limit.
double power(double x, std::uint32_t n) {
  double result = 1;
  for (; n > 0; n >>= 1, x *= x) {
    if ((n & 1) != 0) result *= x;
  }
  return result;
}

sim::Duration decorrelated(const Backoff& backoff, sim::Duration previous, sim::Draw& draw) {
  const sim::Duration last = std::max(previous, backoff.base);
  const sim::Duration high = last.ns > sim::kForever.ns / 3 ? sim::kForever : last * 3;
  return std::min(backoff.max, uniform(backoff.base, high, draw));
}

}  // namespace

sim::Duration exponential_wait(const Backoff& backoff, std::uint32_t retry) {
  if (backoff.base.ns == 0) return {};
  const double ns = static_cast<double>(backoff.base.ns) * power(backoff.factor, retry - 1);
  if (ns >= static_cast<double>(backoff.max.ns)) return backoff.max;
  return {static_cast<std::int64_t>(ns + 0.5)};
}

sim::Duration next_wait(const Backoff& backoff, std::uint32_t retry, sim::Duration previous,
                        sim::Draw& draw) {
  if (backoff.drawn) return std::min(backoff.max, backoff.drawn->sample(draw));
  if (backoff.jitter == Jitter::decorrelated) return decorrelated(backoff, previous, draw);
  const sim::Duration wait = exponential_wait(backoff, retry);
  if (backoff.jitter == Jitter::none || wait.ns == 0) return wait;
  const sim::Duration least =
      backoff.jitter == Jitter::equal ? sim::Duration{wait.ns / 2} : sim::Duration{};
  return uniform(least, wait, draw);
}

}  // namespace spillway::model
