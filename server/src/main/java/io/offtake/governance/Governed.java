package io.offtake.governance;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.ObjectNode;

/// A [Master] whose rows decide money: people change it by change request only ([ChangeRequests]). Form, checks, statements
/// and configuration parts are the master's; what is here is what the mechanism has to know besides.
public interface Governed<F extends Record> {
    Duty duty();

    /// The first day of the form; null if it has none of its own and takes effect when it is approved.
    default @Nullable LocalDate effectiveFrom(F form) {
        return form instanceof Dated dated ? dated.validFrom() : null;
    }

    /// The same content with another first day, for rollbacks and bundles; asked of forms with a first day.
    default F from(F form, LocalDate day) {
        return form;
    }

    /// Whether the row is written on its day only, instead of beforehand with its validity.
    default boolean waitsForItsDay() {
        return false;
    }

    /// Whether writing it decides money; a draft price list does not.
    default boolean decides(Draft<F> draft) {
        return true;
    }

    /// What the checks find beyond the faults of the master's own check; asked when there are none.
    default List<Finding> findings(JdbcClient db, long distributorId, Draft<F> draft) {
        return List.of();
    }

    /// Whether it means the same in another environment, so that a signed bundle may carry it.
    default boolean travels(F form) {
        return true;
    }

    /// Whether past bills can be decided again with it.
    default boolean simulates() {
        return false;
    }

    /// What puts the draft in place of the version in force in a rule book (the JSON of `spec/README.md`), on every day of
    /// it. It reads what it needs now; the answer is used on many books later, without a database.
    default Consumer<ObjectNode> inBook(JdbcClient db, Draft<F> draft) {
        return _ -> {};
    }

    /// What may be spent, for the comparison with the simulated cost; null if nothing is said.
    default @Nullable BigDecimal budget(F form) {
        return null;
    }

    /// Last day, for the length of the period a budget is for; null if it has no end.
    default @Nullable LocalDate effectiveTo(F form) {
        return null;
    }
}
