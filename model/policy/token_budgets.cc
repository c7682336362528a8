#include "model/policy/token_budgets.h"

#include <limits>

namespace spillway::model {

TokenBudgetState::TokenBudgetState(const TokenBudget& spec)
    : tokens_(spec.capacity),
      per_request_(Tokens::nano(spec.per_request)),
      per_success_(Tokens::nano(spec.per_success)),
      cost_(Tokens::nano(spec.cost)),
      needed_(spec.above < spec.cost ? cost_ : Tokens::nano(spec.above) + 1),
      per_second_(spec.per_second) {}

void TokenBudgetState::refill(sim::Time now) {
  const double gained = per_second_ * static_cast<double>((now - refilled_).ns) + fraction_;
  refilled_ = now;
  fraction_ = 0;
  if (gained >= static_cast<double>(tokens_.capacity())) {
    tokens_.add(tokens_.capacity());
    return;
  }
  const auto whole = static_cast<Tokens::Count>(gained);
  fraction_ = gained - static_cast<double>(whole);
  tokens_.add(whole);
}

double TokenBudgetState::balance(sim::Time now) const {
  TokenBudgetState copy = *this;
  if (per_second_ > 0) copy.refill(now);
  if (copy.tokens_.left() < needed_) return 0;
  if (cost_ == 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>((copy.tokens_.left() - needed_) / cost_ + 1);
}

}  // namespace spillway::model
