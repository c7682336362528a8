#include "model/policy/budget.h"

#include <type_traits>

namespace spillway::model {

RetryBudget::RetryBudget(const Budget& spec, const BudgetReading& reading) {
  std::visit(
      [&](const auto& budget) {
        using Spec = std::decay_t<decltype(budget)>;
        if constexpr (std::is_same_v<Spec, RatioBudget>) {
          state_.emplace<RatioBudgetState>(budget, reading.ratio);
        } else if constexpr (std::is_same_v<Spec, ConcurrencyBudget>) {
          state_.emplace<ConcurrencyBudgetState>(budget);
        } else if constexpr (std::is_same_v<Spec, WindowBudget>) {
          state_.emplace<WindowBudgetState>(budget, reading.window);
        } else if constexpr (std::is_same_v<Spec, TokenBudget>) {
          state_.emplace<TokenBudgetState>(budget);
        } else if constexpr (std::is_same_v<Spec, GrpcBudget>) {
          state_.emplace<GrpcBudgetState>(budget);
        } else if constexpr (std::is_same_v<Spec, AwsSdkBudget>) {
          state_.emplace<AwsSdkBudgetState>(budget);
        } else if constexpr (std::is_same_v<Spec, FailureRatioBudget>) {
          state_.emplace<FailureRatioBudgetState>(budget);
        }
      },
      spec);
}

}  // namespace spillway::model
