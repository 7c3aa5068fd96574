package io.offtake.insight.app;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Plan;
import io.offtake.insight.store.ColumnarEngine;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Picks the engine by the shape of the question: one outlet or a few distributors are look-ups, which PostgreSQL answers from
/// its indexes; everything that reads across a network is the columnar store's, as soon as its copy is whole, and so are a few
/// distributors' sales by outlet and goods, whose many rows lie together there and scattered in PostgreSQL.
public final class Engines implements Engine {
    /// Up to here PostgreSQL reads few rows.
    private static final int FEW = 2;

    private final Engine postgres;
    private final @Nullable ColumnarEngine columnar;
    private final Supplier<Set<Long>> behind;

    /// @param behind distributors whose feed holds events that are not facts yet
    public Engines(Engine postgres, @Nullable ColumnarEngine columnar, Supplier<Set<Long>> behind) {
        this.postgres = postgres;
        this.columnar = columnar;
        this.behind = behind;
    }

    @Override
    public Result answer(Plan plan) {
        if (columnar == null || lookup(plan) || !columnar.knows(plan)) return postgres.answer(plan);
        var result = columnar.answer(plan);
        var late = behind.get();
        if (late.isEmpty()) return result;
        List<Fed> fed = result.fed().stream().map(one -> !late.contains(one.distributorId()) ? one : new Fed(one.distributorId(), one.seq(), one.head() + 1, one.asOf(), one.firstDay(), one.filed())).toList();
        return new Result(result.rows(), result.totals(), result.notAllocated(), result.count(), fed, result.engine(), result.knowledge());
    }

    private static boolean lookup(Plan plan) {
        if (plan.places().size() <= FEW && !ColumnarEngine.scattered(plan)) return true;
        return plan.filters().stream().anyMatch(filter -> (filter.dimension().id().equals("outlet") || filter.dimension().id().equals("beat")) && !filter.orNone());
    }
}
