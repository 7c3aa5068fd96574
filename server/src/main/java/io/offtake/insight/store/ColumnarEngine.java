package io.offtake.insight.store;

import static io.offtake.platform.ProblemCode.QUESTION_INVALID;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Knowledge;
import io.offtake.insight.domain.Place;
import io.offtake.insight.domain.Plan;
import io.offtake.platform.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Answers plans from the columnar copy of the facts, all statements of an answer in one snapshot. The plan is the wall: the
/// store knows no users, so that every statement carries the plan's distributors and principals, as the compiler writes them.
public final class ColumnarEngine implements Engine {
    public static final String NAME = "columnar";

    private final ColumnarStore store;

    public ColumnarEngine(ColumnarStore store) {
        this.store = store;
    }

    /// Whether it can answer a plan: it keeps no lines of documents, and its copy must be whole.
    public boolean knows(Plan plan) {
        return store.complete() && Compiler.columnar(plan);
    }

    /// Whether a plan reads the sales of outlets by goods, for longer than a month: many rows of few distributors.
    public static boolean scattered(Plan plan) {
        return plan.window() != null && java.time.temporal.ChronoUnit.DAYS.between(plan.window().span().from(), plan.window().span().to()) > 31 && Compiler.byOutletAndGoods(plan);
    }

    @Override
    public Result answer(Plan plan) {
        if (plan.zones().isEmpty()) return new Result(List.of(), null, null, 0, List.of(), NAME);
        try (var connection = store.reader()) {
            connection.setAutoCommit(false);
            try {
                var known = store.known(connection);
                var cursors = known.cursors();
                var ids = plan.places().stream().map(Place::id).collect(Collectors.toSet());
                var fed = new ArrayList<Fed>();
                // who sees some principals only sees how far back their facts reach
                var principals = plan.asker().principals();
                var first = principals == null ? null : ColumnarStore.first(connection, principals);
                for (var place : plan.places()) {
                    var cursor = cursors.get(place.id());
                    fed.add(cursor == null ? new Fed(place.id(), 0, 0, null, null, false) : new Fed(place.id(), cursor.seq(), cursor.seq(), cursor.asOf(), first == null ? cursor.firstDay() : first.get(place.id()), cursor.filed()));
                }
                boolean covered = plan.zones().stream().allMatch(zone -> zone.places().stream().map(place -> cursors.get(place.id())).allMatch(cursor -> cursor == null || zone.today().equals(cursor.today())));
                var kinds = Components.kinds(plan.metrics());
                var knowledge = kinds.isEmpty() ? Knowledge.whole(plan) : Knowledge.of(plan, kinds, store.sent(connection, cursors, java.util.Set.copyOf(kinds.values())), Holders.of(connection, plan, Dialect.COLUMNAR));
                return new Reader(connection, plan, new Compiler(plan, knowledge, Dialect.COLUMNAR, ids.containsAll(cursors.keySet()), covered, known.ranges())).read(fed, NAME, known.names());
            } finally {
                connection.rollback();
            }
        } catch (SQLException failure) {
            if (failure.getMessage() != null && failure.getMessage().contains("Out of Memory")) {
                throw Problem.of(QUESTION_INVALID, "This question takes more memory than there is: ask for a shorter window, fewer places or fewer dimensions.")
                        .at("", QUESTION_INVALID, "takes too much", "a narrower question").exception();
            }
            throw new IllegalStateException(failure);
        }
    }
}
