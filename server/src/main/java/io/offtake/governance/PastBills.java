package io.offtake.governance;

import io.offtake.platform.Jobs;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Decides past bills again with a change in the rule book, through the real engine and on their stored inputs. It writes
/// nothing. The module that keeps the bills implements it.
public interface PastBills {

    /// @param distributors null: all
    /// @param put          puts the change into a rule book (JSON of `spec/README.md`)
    record Order(LocalDate from, LocalDate to, @Nullable Set<Long> distributors, Consumer<ObjectNode> put) {}

    /// Amounts in the distributors' currency. A `delta` is what outlets pay more (+) or less (−) with the change.
    ///
    /// @param bills        that were decided again; cancelled ones are left out
    /// @param refusedBills the change would refuse, so that they are in no sum
    record Result(long bills, long linesBilled, long changedBills, long refusedBills, List<RefusedBills> refusals, long millis, String currency,
                  BigDecimal payableBefore, BigDecimal payableAfter, BigDecimal payableDelta, BigDecimal benefitBefore, BigDecimal benefitAfter,
                  BigDecimal principalShareDelta, BigDecimal distributorShareDelta, BigDecimal freeGoodsCostDelta, BigDecimal taxDelta, List<SchemeCost> schemes,
                  Side outlets, Side skus, List<DistributorDelta> distributors, List<Conflict> conflicts, @Nullable Budget budget) {
        public Result withBudget(Budget budget) {
            return new Result(bills, linesBilled, changedBills, refusedBills, refusals, millis, currency, payableBefore, payableAfter, payableDelta, benefitBefore, benefitAfter,
                    principalShareDelta, distributorShareDelta, freeGoodsCostDelta, taxDelta, schemes, outlets, skus, distributors, conflicts, budget);
        }
    }

    record RefusedBills(String code, long bills) {}

    /// @param changed whether the change touches this scheme
    /// @param benefitAfter discounts, the value of free goods, and what is accrued for later, added up over each period
    record SchemeCost(String schemeId, String code, boolean changed, BigDecimal benefitBefore, BigDecimal benefitAfter, BigDecimal principalShareBefore, BigDecimal principalShareAfter,
                      long billsBefore, long billsAfter, long linesAfter) {}

    /// Winners pay less, losers more, taking what schemes pay later (QPS, credit notes) into account; the ten largest of each.
    record Side(long winners, long losers, BigDecimal gain, BigDecimal loss, List<Delta> top, List<Delta> bottom) {}

    record Delta(String id, String code, String name, @Nullable Long distributorId, BigDecimal delta) {}

    record DistributorDelta(long id, String name, long bills, BigDecimal delta) {}

    /// Another scheme that works on lines of the changed one (SAME_LINES), or lost lines to it (DISPLACED).
    /// @param share of the changed scheme's lines, from 0 to 1
    record Conflict(String schemeId, String code, long lines, BigDecimal share, String kind) {}

    /// @param expected the simulated cost to the principal and the distributor, stretched to the period
    record Budget(BigDecimal set, BigDecimal expected, long periodDays) {}

    /// The latest day that it is at one of some distributors: east of Greenwich bills bear it while the network's day is still the one before.
    ///
    /// @param distributors by id; none: the day of the network (UTC)
    LocalDate latestDay(Set<Long> distributors);

    /// @throws Jobs.Cancelled if somebody asked to stop
    Result decideAgain(Order order, Jobs.Steps steps);
}
